"""More scores of repeats and baselines, what MASE and RMSSE divide by, ensembles, and the score that a grid names.

The new scores are computed from the stored forecasts. Experiments that are done count as not summarised, so that
whatever looks for finished experiments next adds their ensembles, the baselines' scores and the denominators.
"""

from __future__ import annotations

from alembic import op

from store.database.migrations import filling

revision = "0009"
down_revision = "0008"

REF = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
_SIX = "rmse DOUBLE PRECISION, mae DOUBLE PRECISION, mape DOUBLE PRECISION, smape DOUBLE PRECISION"
_ALL = f"{_SIX}, mase DOUBLE PRECISION, rmsse DOUBLE PRECISION"
CHANGES = f"""
ALTER TABLE experiments ADD COLUMN score TEXT NOT NULL DEFAULT 'rmse';
ALTER TABLE scores ADD COLUMN test_mape DOUBLE PRECISION;
ALTER TABLE scores ADD COLUMN test_smape DOUBLE PRECISION;
ALTER TABLE step_score_rows ADD COLUMN mape DOUBLE PRECISION;
ALTER TABLE step_score_rows ADD COLUMN smape DOUBLE PRECISION;
ALTER TABLE comparison_rows ADD COLUMN low_all DOUBLE PRECISION;
ALTER TABLE comparison_rows ADD COLUMN high_all DOUBLE PRECISION;
ALTER TABLE baseline_rows ADD COLUMN mape DOUBLE PRECISION;
ALTER TABLE baseline_rows ADD COLUMN smape DOUBLE PRECISION;
ALTER TABLE baseline_rows ADD COLUMN rmsse DOUBLE PRECISION;
ALTER TABLE baseline_rows ADD COLUMN mase_of TEXT;
CREATE TABLE target_score_rows (
    job_id {{ref}} NOT NULL REFERENCES jobs (id),
    target INTEGER NOT NULL,
    {_SIX},
    PRIMARY KEY (job_id, target)
);
CREATE TABLE scale_rows (
    configuration_id {{ref}} NOT NULL REFERENCES configurations (id),
    target INTEGER NOT NULL,
    mase_of TEXT NOT NULL,
    mae DOUBLE PRECISION,
    rmse DOUBLE PRECISION,
    PRIMARY KEY (configuration_id, target)
);
CREATE TABLE ensemble_rows (
    configuration_id {{ref}} NOT NULL REFERENCES configurations (id),
    combination TEXT NOT NULL,
    repeats INTEGER NOT NULL,
    {_ALL},
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    PRIMARY KEY (configuration_id, combination)
);
CREATE TABLE ensemble_step_rows (
    configuration_id {{ref}} NOT NULL REFERENCES configurations (id),
    target INTEGER NOT NULL,
    step INTEGER NOT NULL,
    {_ALL},
    PRIMARY KEY (configuration_id, target, step)
);
"""

_REPEATS = """experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN experiment_jobs u ON u.configuration_id = c.id"""


def _scaled(error: str) -> str:
    """Return the mean over the targets of an error over the naive one; NULL where a target has none.

    An outer join in place of the inner query would be read as text by DuckDB.
    """
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
VIEWS = f"""
{{make}} VIEW results AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, j.seed AS seed, j.state AS state,
        s.diverged AS diverged, s.train_rmse AS train_rmse, s.test_rmse AS test_rmse, s.seconds AS seconds,
        coalesce(s.worker, j.worker) AS worker, j.attempts AS attempts, j.error AS error, j.finished_at AS finished_at,
        j.id AS job, s.test_mae AS test_mae, c.split AS split, s.test_mape AS test_mape, s.test_smape AS test_smape,
        {_scaled("mae")} AS test_mase,
        {_scaled("rmse")} AS test_rmsse
    FROM {_REPEATS}
    JOIN jobs j ON j.id = u.job_id
    LEFT JOIN scores s ON s.job_id = u.job_id;
{{make}} VIEW step_scores AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, s.target AS target, s.step AS step,
        s.rmse AS rmse, s.mae AS mae, u.job_id AS job, s.mape AS mape, s.smape AS smape,
        {_OWN.format("mae")} AS mase, {_OWN.format("rmse")} AS rmsse
    FROM {_REPEATS}
    JOIN step_score_rows s ON s.job_id = u.job_id
    LEFT JOIN scale_rows k ON k.configuration_id = c.id AND k.target = s.target;
CREATE VIEW target_scores AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, s.target AS target,
        {_plain("s")}, {_OWN.format("mae")} AS mase, {_OWN.format("rmse")} AS rmsse, u.job_id AS job
    FROM {_REPEATS}
    JOIN (
        SELECT job_id, target, rmse, mae, mape, smape FROM target_score_rows
        UNION ALL
        SELECT o.job_id AS job_id, 1 AS target, o.test_rmse AS rmse, o.test_mae AS mae, o.test_mape AS mape,
            o.test_smape AS smape
        FROM scores o
        JOIN forecast_arrays f ON f.job_id = o.job_id AND f.targets = 1) s ON s.job_id = u.job_id
    LEFT JOIN scale_rows k ON k.configuration_id = c.id AND k.target = s.target;
{{make}} VIEW summaries AS
    SELECT e.name AS experiment, c.label AS configuration, r.count AS count, r.mean AS mean, r.std AS std, r.min AS min,
        r.p25 AS p25, r.p50 AS p50, r.p75 AS p75, r.max AS max, r.diverged AS diverged, c.split AS split,
        e.score AS score
    FROM summary_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id;
{{make}} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, r.winner AS winner, r.outcome AS outcome, c.split AS split,
        r.low_all AS low_all, r.high_all AS high_all
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id
    JOIN configurations c ON c.experiment_id = r.experiment_id AND c.label = r.a;
{{make}} VIEW baselines AS
    SELECT e.name AS experiment, CASE WHEN r.split_name = '' THEN r.split ELSE r.split_name END AS split,
        r.target AS target, r.baseline AS baseline, r.rmse AS rmse, r.mae AS mae, r.mase AS mase,
        r.mape AS mape, r.smape AS smape, r.rmsse AS rmsse, r.mase_of AS mase_of
    FROM baseline_rows r
    JOIN experiments e ON e.id = r.experiment_id;
CREATE VIEW ensembles AS
    SELECT e.name AS experiment, c.label AS configuration, c.split AS split, r.combination AS combination,
        r.repeats AS repeats, {_all("r")}, r.low AS low, r.high AS high, e.score AS score,
        o.mean AS mean, o.std AS std
    FROM ensemble_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id
    LEFT JOIN summary_rows o ON o.configuration_id = r.configuration_id;
CREATE VIEW ensemble_step_scores AS
    SELECT e.name AS experiment, c.label AS configuration, r.target AS target, r.step AS step, {_all("r")}
    FROM ensemble_step_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id
"""
CHANGED = ("results", "step_scores", "summaries", "comparisons", "baselines")
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
#: columns that were kept among the details
_FROM = {
    "sqlite": "json_extract(details, '$.{0}')",
    "postgresql": "CAST(details ->> '{0}' AS {1})",
}
NUMBER, WORDS = "DOUBLE PRECISION", "TEXT"


def _fills(dialect: str) -> tuple[str, ...]:
    low, high, of = (
        _FROM[dialect].format(name, kind)
        for name, kind in (("low_all", NUMBER), ("high_all", NUMBER), ("mase_of", WORDS))
    )
    return (
        f"UPDATE comparison_rows SET low_all = {low}, high_all = {high}",
        f"UPDATE baseline_rows SET mase_of = {of}",
        "UPDATE experiments SET summarised_at = NULL WHERE state = 'done'",
    )


def upgrade() -> None:
    """Make tables and views, and fill them from what is stored."""
    connection = op.get_bind()
    dialect = connection.dialect.name
    drops = [f"DROP VIEW {view}" for view in CHANGED] if dialect == "sqlite" else []
    changes = CHANGES.format(ref=REF[dialect]).split(";\n")
    cursor = connection.connection.cursor()  # past SQLAlchemy, for which % and : stand for parameters
    for statement in (*drops, *changes, *VIEWS.format(make=MAKE[dialect]).split(";\n"), *_fills(dialect)):
        if statement.strip():
            cursor.execute(statement)
    cursor.close()
    filling.fill_further_scores(connection)
