"""Configurations on several splits: a table and a view of splits, summaries over all of them, and views that have both.

A row of `configurations` is one configuration on one split. Where it has several splits, `point` is the label of the
configuration, `place` counts its splits, and `all_splits` names them together; in what is there already a configuration
has one split.
"""

from __future__ import annotations

from alembic import op

from store.database.migrations import filling
from store.database.migrations.hex_floats import cut, decoded

revision = "0013"
down_revision = "0012"

REF = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
_NUMBERS = ("mean", "std", "min", "p25", "p50", "p75", "max")
CHANGES = f"""
ALTER TABLE configurations ADD COLUMN point TEXT NOT NULL DEFAULT '';
ALTER TABLE configurations ADD COLUMN place INTEGER NOT NULL DEFAULT 1;
ALTER TABLE configurations ADD COLUMN all_splits TEXT NOT NULL DEFAULT '';
UPDATE configurations SET point = label, all_splits = split;
CREATE TABLE split_rows (
    experiment_id {{ref}} NOT NULL REFERENCES experiments (id),
    split TEXT NOT NULL,
    position INTEGER NOT NULL,
    series TEXT NOT NULL,
    series_hash TEXT NOT NULL REFERENCES series (content_hash),
    window_number INTEGER NOT NULL,
    train_from INTEGER,
    train_to INTEGER,
    test_from INTEGER,
    test_to INTEGER,
    train_from_time TEXT,
    train_to_time TEXT,
    test_from_time TEXT,
    test_to_time TEXT,
    PRIMARY KEY (experiment_id, split)
);
CREATE TABLE point_summary_rows (
    experiment_id {{ref}} NOT NULL REFERENCES experiments (id),
    point TEXT NOT NULL,
    count INTEGER NOT NULL,
    {" DOUBLE PRECISION, ".join(_NUMBERS)} DOUBLE PRECISION,
    diverged INTEGER NOT NULL,
    PRIMARY KEY (experiment_id, point)
);
"""

_REPEATS = """experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN experiment_jobs u ON u.configuration_id = c.id"""


def _scaled(error: str) -> str:
    """Return the mean over the targets of an error over the naive one; NULL where a target has none."""
    own = f"SELECT t.{error} FROM target_score_rows t WHERE t.job_id = s.job_id AND t.target = k.target"
    term = f"coalesce(({own}), s.test_{error}) / nullif(k.{error}, 0)"
    return f"""(
        SELECT CASE WHEN count({term}) = count(k.target) THEN avg({term}) END
        FROM scale_rows k
        WHERE k.configuration_id = c.id)"""


def _plain(table: str) -> str:
    return ", ".join(f"{table}.{name} AS {name}" for name in ("rmse", "mae", "mape", "smape"))


def _all(table: str) -> str:
    return f"{_plain(table)}, {table}.mase AS mase, {table}.rmsse AS rmsse"


_OWN = "s.{0} / nullif(k.{0}, 0)"
_DESCRIBED = f"r.count AS count, {', '.join(f'r.{name} AS {name}' for name in _NUMBERS)}, r.diverged AS diverged"
_TIMES = ("train_from", "train_to", "test_from", "test_to")

VIEWS = f"""
CREATE VIEW splits AS
    SELECT e.name AS experiment, r.split AS split, r.series AS series, r.window_number AS window_number,
        {", ".join(f"r.{name} AS {name}" for name in _TIMES)},
        {", ".join(f"r.{name}_time AS {name}_time" for name in _TIMES)}
    FROM split_rows r
    JOIN experiments e ON e.id = r.experiment_id;
CREATE VIEW split_summaries AS
    SELECT e.name AS experiment, c.point AS configuration, c.split AS split, {_DESCRIBED}, e.score AS score
    FROM summary_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id;
{{make}} VIEW summaries AS
    SELECT e.name AS experiment, c.point AS configuration, {_DESCRIBED}, c.split AS split, e.score AS score
    FROM summary_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id
    WHERE c.point = c.label
    UNION ALL
    SELECT e.name AS experiment, r.point AS configuration, {_DESCRIBED}, c.all_splits AS split, e.score AS score
    FROM point_summary_rows r
    JOIN configurations c ON c.experiment_id = r.experiment_id AND c.point = r.point AND c.place = 1
    JOIN experiments e ON e.id = r.experiment_id;
{{make}} VIEW results AS
    SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat, j.seed AS seed, j.state AS state,
        s.diverged AS diverged, s.train_rmse AS train_rmse, s.test_rmse AS test_rmse, s.seconds AS seconds,
        coalesce(s.worker, j.worker) AS worker, j.attempts AS attempts, j.error AS error, j.finished_at AS finished_at,
        j.id AS job, s.test_mae AS test_mae, c.split AS split, s.test_mape AS test_mape, s.test_smape AS test_smape,
        {_scaled("mae")} AS test_mase,
        {_scaled("rmse")} AS test_rmsse
    FROM {_REPEATS}
    JOIN jobs j ON j.id = u.job_id
    LEFT JOIN scores s ON s.job_id = u.job_id;
{{make}} VIEW step_scores AS
    SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat, s.target AS target, s.step AS step,
        s.rmse AS rmse, s.mae AS mae, u.job_id AS job, s.mape AS mape, s.smape AS smape,
        {_OWN.format("mae")} AS mase, {_OWN.format("rmse")} AS rmsse, c.split AS split
    FROM {_REPEATS}
    JOIN step_score_rows s ON s.job_id = u.job_id
    LEFT JOIN scale_rows k ON k.configuration_id = c.id AND k.target = s.target;
{{make}} VIEW target_scores AS
    SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat, s.target AS target,
        {_plain("s")}, {_OWN.format("mae")} AS mase, {_OWN.format("rmse")} AS rmsse, u.job_id AS job, c.split AS split
    FROM {_REPEATS}
    JOIN (
        SELECT job_id, target, rmse, mae, mape, smape FROM target_score_rows
        UNION ALL
        SELECT o.job_id AS job_id, 1 AS target, o.test_rmse AS rmse, o.test_mae AS mae, o.test_mape AS mape,
            o.test_smape AS smape
        FROM scores o
        JOIN forecast_arrays f ON f.job_id = o.job_id AND f.targets = 1) s ON s.job_id = u.job_id
    LEFT JOIN scale_rows k ON k.configuration_id = c.id AND k.target = s.target;
{{make}} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, r.winner AS winner, r.outcome AS outcome, c.all_splits AS split,
        r.low_all AS low_all, r.high_all AS high_all
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id
    JOIN configurations c ON c.experiment_id = r.experiment_id AND c.point = r.a AND c.place = 1;
{{make}} VIEW ensembles AS
    SELECT e.name AS experiment, c.point AS configuration, c.split AS split, r.combination AS combination,
        r.repeats AS repeats, {_all("r")}, r.low AS low, r.high AS high, e.score AS score,
        o.mean AS mean, o.std AS std
    FROM ensemble_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id
    LEFT JOIN summary_rows o ON o.configuration_id = r.configuration_id;
{{make}} VIEW ensemble_step_scores AS
    SELECT e.name AS experiment, c.point AS configuration, r.target AS target, r.step AS step, {_all("r")},
        c.split AS split
    FROM ensemble_step_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id;
{{make}} VIEW parameters AS
    SELECT e.name AS experiment, c.point AS configuration, p.parameter AS parameter, p.value AS value,
        p.number AS number
    FROM experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN common_parameters p ON p.experiment_id = e.id
    WHERE c.place = 1
    UNION ALL
    SELECT e.name AS experiment, c.point AS configuration, p.parameter AS parameter, p.value AS value,
        p.number AS number
    FROM experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN own_parameters p ON p.configuration_id = c.id
    WHERE c.place = 1;
"""
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
CHANGED = (
    *("summaries", "results", "step_scores", "target_scores", "comparisons", "ensembles", "ensemble_step_scores"),
    *("parameters", "trajectory_points", "forecasts"),
)


def _whole(dividend: str, divisor: str) -> str:
    """Divide whole numbers: `/` alone has a remainder on SQLite and a fraction on DuckDB."""
    return f"CAST(({dividend} - ({dividend}) % ({divisor})) / ({divisor}) AS BIGINT)"


_POINT = _whole("n.n + t.every - 1", "t.every")
_STEP = f"1 + {_whole('n.n - 1', 'f.horizon * f.targets')}"
_HORIZON = f"1 + {_whole('n.n - 1', 'f.targets')} % f.horizon"
_TARGET = "1 + (n.n - 1) % f.targets"


def _curve(column: str) -> str:
    return f"{cut(f't.{column}', _POINT, size=4)} AS {column}"


#: as version 0007 has them, with the split
SQLITE_VIEWS = f"""
CREATE VIEW trajectory_points AS
    SELECT p.experiment AS experiment, p.configuration AS configuration, p.repeat AS repeat, p.epoch AS epoch,
        {decoded("p.train_rmse", size=4)} * p.factor AS train_rmse,
        {decoded("p.test_rmse", size=4)} * p.factor AS test_rmse,
        CASE WHEN p.validation_rmse IS NOT NULL
            THEN {decoded("p.validation_rmse", size=4)} * p.factor END AS validation_rmse,
        p.job AS job, p.split AS split
    FROM (
        SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat, n.n AS epoch,
            {_curve("train_rmse")},
            {_curve("test_rmse")},
            CASE WHEN t.held_out THEN {cut("t.validation_rmse", _POINT, size=4)} END AS validation_rmse,
            t.factor AS factor, u.job_id AS job, c.split AS split
        FROM {_REPEATS}
        JOIN (
            SELECT job_id, epochs, every, factor, hex(train_rmse) AS train_rmse, hex(test_rmse) AS test_rmse,
                hex(validation_rmse) AS validation_rmse, validation_rmse IS NOT NULL AS held_out
            FROM trajectories) t ON t.job_id = u.job_id
        CROSS JOIN numbers n
        WHERE n.n <= t.epochs AND (n.n % t.every = 0 OR n.n = t.epochs)) p;
CREATE VIEW forecasts AS
    SELECT p.experiment AS experiment, p.configuration AS configuration, p.repeat AS repeat,
        p.step AS step, p.horizon AS horizon, p.target AS target,
        {decoded("p.observed", size=8)} AS observed,
        {decoded("p.forecast", size=8)} AS forecast,
        p.job AS job, p.split AS split
    FROM (
        SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat,
            {_STEP} AS step, {_HORIZON} AS horizon, {_TARGET} AS target,
            {cut("f.observed", "n.n", size=8)} AS observed,
            {cut("f.forecast", "n.n", size=8)} AS forecast,
            u.job_id AS job, c.split AS split
        FROM {_REPEATS}
        JOIN (
            SELECT job_id, steps, horizon, targets, hex(observed) AS observed, hex(forecast) AS forecast
            FROM forecast_arrays) f ON f.job_id = u.job_id
        CROSS JOIN numbers n
        WHERE n.n <= f.steps * f.horizon * f.targets) p;
"""

_PG_STEP, _PG_HORIZON, _PG_TARGET = (
    "1 + (n.n - 1) / (f.horizon * f.targets)",
    "1 + (n.n - 1) / f.targets % f.horizon",
    "1 + (n.n - 1) % f.targets",
)
#: `double precision` of a `real` is the same number; NaN is NULL, as it has to be on SQLite
POSTGRES_VIEWS = f"""
CREATE OR REPLACE VIEW trajectory_points AS
    SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat,
        least(n.n * t.every, t.epochs)::integer AS epoch,
        nullif(n.train, 'NaN')::double precision * t.factor AS train_rmse,
        nullif(n.test, 'NaN')::double precision * t.factor AS test_rmse,
        nullif(n.validation, 'NaN')::double precision * t.factor AS validation_rmse,
        u.job_id AS job, c.split AS split
    FROM {_REPEATS}
    JOIN trajectories t ON t.job_id = u.job_id
    CROSS JOIN LATERAL unnest(t.train_rmse, t.test_rmse, t.validation_rmse)
        WITH ORDINALITY AS n (train, test, validation, n);
CREATE OR REPLACE VIEW forecasts AS
    SELECT e.name AS experiment, c.point AS configuration, u.repeat AS repeat,
        ({_PG_STEP})::integer AS step, ({_PG_HORIZON})::integer AS horizon, ({_PG_TARGET})::integer AS target,
        nullif(n.observed, 'NaN') AS observed,
        nullif(n.forecast, 'NaN') AS forecast,
        u.job_id AS job, c.split AS split
    FROM {_REPEATS}
    JOIN forecast_arrays f ON f.job_id = u.job_id
    CROSS JOIN LATERAL unnest(f.observed, f.forecast) WITH ORDINALITY AS n (observed, forecast, n);
"""


def upgrade() -> None:
    """Make columns, tables and views, and fill them from what is stored."""
    connection = op.get_bind()
    dialect = connection.dialect.name
    drops = [f"DROP VIEW {view}" for view in CHANGED] if dialect == "sqlite" else []
    views = VIEWS.format(make=MAKE[dialect]) + (SQLITE_VIEWS if dialect == "sqlite" else POSTGRES_VIEWS)
    cursor = connection.connection.cursor()  # past SQLAlchemy, for which % and : stand for parameters
    for statement in (*drops, *CHANGES.format(ref=REF[dialect]).split(";\n"), *views.split(";\n")):
        if statement.strip():
            cursor.execute(statement)
    cursor.close()
    filling.fill_split_rows(connection)
