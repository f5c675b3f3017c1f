"""The view `future` names configurations and series as other views do, where a forecast is of several series."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"

CHANGES = {"sqlite": ("DROP VIEW future",), "postgresql": ()}
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
VIEW = """{make} VIEW future AS
    SELECT e.name AS experiment, c.point AS configuration, COALESCE(w.series, s.name) AS series, r.target AS target,
        r.step AS step, r.time AS time, r.median AS median, i.level AS level, i.low AS low, i.high AS high,
        i.basis AS basis, r.observed AS observed, o.name AS forecast
    FROM future_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments o ON o.id = c.experiment_id
    JOIN futures f ON f.experiment_id = o.id
    JOIN experiments e ON e.id = f.study_id
    JOIN series s ON s.content_hash = c.series_hash
    LEFT JOIN split_rows w ON w.experiment_id = c.experiment_id AND w.split = c.split
    LEFT JOIN future_interval_rows i
        ON i.configuration_id = r.configuration_id AND i.target = r.target AND i.step = r.step"""


def upgrade() -> None:
    """Make the view anew."""
    dialect = op.get_context().dialect.name
    for change in CHANGES[dialect]:
        op.execute(change)
    op.execute(VIEW.format(make=MAKE[dialect]))
