"""Views of parameters and of scores by step, the MAE beside the RMSE, and views of SQLite's that DuckDB can run."""

from __future__ import annotations

from alembic import op

from store.database.migrations import filling
from store.database.migrations.hex_floats import cut, decoded

revision = "0007"
down_revision = "0006"

REF = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
#: the winner becomes a column: SQLite and DuckDB read it from JSON in different ways
CHANGES = """
ALTER TABLE comparison_rows ADD COLUMN winner TEXT;
ALTER TABLE scores ADD COLUMN test_mae DOUBLE PRECISION;
CREATE TABLE common_parameters (
    experiment_id {ref} NOT NULL REFERENCES experiments (id),
    parameter TEXT NOT NULL,
    value TEXT,
    number DOUBLE PRECISION,
    PRIMARY KEY (experiment_id, parameter)
);
CREATE TABLE own_parameters (
    configuration_id {ref} NOT NULL REFERENCES configurations (id),
    parameter TEXT NOT NULL,
    value TEXT,
    number DOUBLE PRECISION,
    PRIMARY KEY (configuration_id, parameter)
);
CREATE TABLE step_score_rows (
    job_id {ref} NOT NULL REFERENCES jobs (id),
    target INTEGER NOT NULL,
    step INTEGER NOT NULL,
    rmse DOUBLE PRECISION,
    mae DOUBLE PRECISION,
    PRIMARY KEY (job_id, target, step)
);
"""
WINNER = {"sqlite": "json_extract(details, '$.winner')", "postgresql": "details ->> 'winner'"}

_REPEATS = """experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN experiment_jobs u ON u.configuration_id = c.id"""

VIEWS = f"""
CREATE VIEW parameters AS
    SELECT e.name AS experiment, c.label AS configuration, p.parameter AS parameter, p.value AS value,
        p.number AS number
    FROM experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN common_parameters p ON p.experiment_id = e.id
    UNION ALL
    SELECT e.name AS experiment, c.label AS configuration, p.parameter AS parameter, p.value AS value,
        p.number AS number
    FROM experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN own_parameters p ON p.configuration_id = c.id;
CREATE VIEW step_scores AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, s.target AS target, s.step AS step,
        s.rmse AS rmse, s.mae AS mae, u.job_id AS job
    FROM {_REPEATS}
    JOIN step_score_rows s ON s.job_id = u.job_id;
{{make}} VIEW results AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, j.seed AS seed, j.state AS state,
        s.diverged AS diverged, s.train_rmse AS train_rmse, s.test_rmse AS test_rmse, s.seconds AS seconds,
        coalesce(s.worker, j.worker) AS worker, j.attempts AS attempts, j.error AS error, j.finished_at AS finished_at,
        j.id AS job, s.test_mae AS test_mae
    FROM {_REPEATS}
    JOIN jobs j ON j.id = u.job_id
    LEFT JOIN scores s ON s.job_id = u.job_id;
{{make}} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, r.winner AS winner, r.outcome AS outcome
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id;
"""
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}


def _whole(dividend: str, divisor: str) -> str:
    """Divide whole numbers: `/` alone has a remainder on SQLite and a fraction on DuckDB."""
    return f"CAST(({dividend} - ({dividend}) % ({divisor})) / ({divisor}) AS BIGINT)"


_POINT = _whole("n.n + t.every - 1", "t.every")
_STEP = f"1 + {_whole('n.n - 1', 'f.horizon * f.targets')}"
_HORIZON = f"1 + {_whole('n.n - 1', 'f.targets')} % f.horizon"
_TARGET = "1 + (n.n - 1) % f.targets"


def _curve(column: str) -> str:
    return f"{cut(f't.{column}', _POINT, size=4)} AS {column}"


#: CROSS JOIN keeps `numbers` innermost, so that `WHERE epoch = 1000` looks up one point of each curve. The inner
#: queries are for DuckDB, which would write the whole BLOB anew for each of its numbers; SQLite merges them.
SQLITE_VIEWS = f"""
DROP VIEW trajectory_points;
DROP VIEW forecasts;
CREATE VIEW trajectory_points AS
    SELECT p.experiment AS experiment, p.configuration AS configuration, p.repeat AS repeat, p.epoch AS epoch,
        {decoded("p.train_rmse", size=4)} * p.factor AS train_rmse,
        {decoded("p.test_rmse", size=4)} * p.factor AS test_rmse,
        CASE WHEN p.validation_rmse IS NOT NULL
            THEN {decoded("p.validation_rmse", size=4)} * p.factor END AS validation_rmse,
        p.job AS job
    FROM (
        SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, n.n AS epoch,
            {_curve("train_rmse")},
            {_curve("test_rmse")},
            CASE WHEN t.held_out THEN {cut("t.validation_rmse", _POINT, size=4)} END AS validation_rmse,
            t.factor AS factor, u.job_id AS job
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
        p.job AS job
    FROM (
        SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat,
            {_STEP} AS step, {_HORIZON} AS horizon, {_TARGET} AS target,
            {cut("f.observed", "n.n", size=8)} AS observed,
            {cut("f.forecast", "n.n", size=8)} AS forecast,
            u.job_id AS job
        FROM {_REPEATS}
        JOIN (
            SELECT job_id, steps, horizon, targets, hex(observed) AS observed, hex(forecast) AS forecast
            FROM forecast_arrays) f ON f.job_id = u.job_id
        CROSS JOIN numbers n
        WHERE n.n <= f.steps * f.horizon * f.targets) p;
"""


def upgrade() -> None:
    """Make tables and views, and fill them from what is stored."""
    connection = op.get_bind()
    dialect = connection.dialect.name
    views = VIEWS.format(make=MAKE[dialect])
    if dialect == "sqlite":
        views = "DROP VIEW results;\nDROP VIEW comparisons;\n" + views + SQLITE_VIEWS
    fill = f"UPDATE comparison_rows SET winner = {WINNER[dialect]};\n"
    cursor = connection.connection.cursor()  # past SQLAlchemy, for which % and : stand for parameters
    for statement in (CHANGES.format(ref=REF[dialect]) + fill + views).split(";\n"):
        if statement.strip():
            cursor.execute(statement)
    cursor.close()
    filling.fill_parameters(connection)
    filling.fill_scores(connection)
