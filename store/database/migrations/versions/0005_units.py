"""Trajectories in units that 32-bit numbers do not hold: a factor beside each, in the view `trajectory_points`."""

from __future__ import annotations

from alembic import op

from store.database.migrations.floats import decoded

revision = "0005"
down_revision = "0004"

_FROM = """experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN experiment_jobs u ON u.configuration_id = c.id
    JOIN trajectories t ON t.job_id = u.job_id"""

_POINT = "(n.n + t.every - 1) / t.every"

#: CROSS JOIN keeps `numbers` innermost, so that `WHERE epoch = 1000` looks up one point of each curve
SQLITE = f"""
CREATE VIEW trajectory_points AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, n.n AS epoch,
        {decoded("t.train_rmse", _POINT, size=4)} * t.factor AS train_rmse,
        {decoded("t.test_rmse", _POINT, size=4)} * t.factor AS test_rmse,
        CASE WHEN t.validation_rmse IS NOT NULL
            THEN {decoded("t.validation_rmse", _POINT, size=4)} * t.factor END AS validation_rmse,
        u.job_id AS job
    FROM {_FROM}
    CROSS JOIN numbers n
    WHERE n.n <= t.epochs AND (n.n % t.every = 0 OR n.n = t.epochs)
"""

#: `double precision` of a `real` is the same number; NaN is NULL, as it has to be on SQLite
POSTGRES = f"""
CREATE OR REPLACE VIEW trajectory_points AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat,
        least(n.n * t.every, t.epochs)::integer AS epoch,
        nullif(n.train, 'NaN')::double precision * t.factor AS train_rmse,
        nullif(n.test, 'NaN')::double precision * t.factor AS test_rmse,
        nullif(n.validation, 'NaN')::double precision * t.factor AS validation_rmse,
        u.job_id AS job
    FROM {_FROM}
    CROSS JOIN LATERAL unnest(t.train_rmse, t.test_rmse, t.validation_rmse)
        WITH ORDINALITY AS n (train, test, validation, n)
"""


def upgrade() -> None:
    """Add the column, 1 for what is there, and make the view anew; on Postgres it keeps the rights that it has."""
    op.execute("ALTER TABLE trajectories ADD COLUMN factor DOUBLE PRECISION NOT NULL DEFAULT 1")
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP VIEW IF EXISTS trajectory_points")
        op.execute(SQLITE)
    else:
        op.execute(POSTGRES)
