"""Forecasts beyond the end of the data: which experiment they are of, what they say, and between which values.

Each is an experiment of its own, whose repeats are trained on all rows; `futures` says of which one.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"

WORDS = {"sqlite": {"ref": "INTEGER", "json": "TEXT"}, "postgresql": {"ref": "BIGINT", "json": "JSON"}}
CHANGES = (
    """CREATE TABLE futures (
        experiment_id {ref} PRIMARY KEY REFERENCES experiments (id),
        study_id {ref} NOT NULL REFERENCES experiments (id),
        notes {json} NOT NULL
    )""",
    "CREATE INDEX futures_of_study ON futures (study_id)",
    """CREATE TABLE future_rows (
        configuration_id {ref} NOT NULL REFERENCES configurations (id),
        target TEXT NOT NULL,
        step INTEGER NOT NULL,
        time TEXT NOT NULL,
        median DOUBLE PRECISION,
        observed DOUBLE PRECISION,
        PRIMARY KEY (configuration_id, target, step)
    )""",
    """CREATE TABLE future_interval_rows (
        configuration_id {ref} NOT NULL REFERENCES configurations (id),
        target TEXT NOT NULL,
        step INTEGER NOT NULL,
        level DOUBLE PRECISION NOT NULL,
        low DOUBLE PRECISION,
        high DOUBLE PRECISION,
        basis TEXT NOT NULL,
        PRIMARY KEY (configuration_id, target, step, level)
    )""",
    """CREATE VIEW future AS
    SELECT e.name AS experiment, c.label AS configuration, s.name AS series, r.target AS target, r.step AS step,
        r.time AS time, r.median AS median, i.level AS level, i.low AS low, i.high AS high, i.basis AS basis,
        r.observed AS observed, o.name AS forecast
    FROM future_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments o ON o.id = c.experiment_id
    JOIN futures f ON f.experiment_id = o.id
    JOIN experiments e ON e.id = f.study_id
    JOIN series s ON s.content_hash = c.series_hash
    LEFT JOIN future_interval_rows i
        ON i.configuration_id = r.configuration_id AND i.target = r.target AND i.step = r.step""",
)


def upgrade() -> None:
    """Add the tables and the view."""
    for change in CHANGES:
        op.execute(change.format(**WORDS[op.get_context().dialect.name]))
