"""What a comparison is over: these splits, or beyond them. A pair has a row for each."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"

_NUMBERS = ("difference", "low", "high", "p", "p_adjusted", "effect", "probability")
_ROWS = (*("experiment_id", "a", "b"), *_NUMBERS, *("test", "verdict", "position", "details"))
_LATER = ("winner", "outcome", "low_all", "high_all")
COLUMNS = ", ".join((*_ROWS, *_LATER))

#: SQLite has no other way to change a primary key
SQLITE = f"""
DROP VIEW comparisons;
CREATE TABLE compared (
    experiment_id INTEGER NOT NULL REFERENCES experiments (id),
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    over TEXT NOT NULL DEFAULT 'these splits',
    {", ".join(f"{name} DOUBLE PRECISION" for name in _NUMBERS)},
    test TEXT,
    verdict TEXT NOT NULL,
    position INTEGER NOT NULL,
    details TEXT NOT NULL,
    winner TEXT,
    outcome TEXT,
    low_all DOUBLE PRECISION,
    high_all DOUBLE PRECISION,
    PRIMARY KEY (experiment_id, a, b, over)
);
INSERT INTO compared ({COLUMNS}) SELECT {COLUMNS} FROM comparison_rows;
DROP TABLE comparison_rows;
ALTER TABLE compared RENAME TO comparison_rows
"""
POSTGRES = """
ALTER TABLE comparison_rows ADD COLUMN over TEXT NOT NULL DEFAULT 'these splits';
ALTER TABLE comparison_rows DROP CONSTRAINT comparison_rows_pkey;
ALTER TABLE comparison_rows ADD PRIMARY KEY (experiment_id, a, b, over)
"""
CHANGES = {"sqlite": SQLITE, "postgresql": POSTGRES}
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
VIEW = """{make} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, r.winner AS winner, r.outcome AS outcome, c.all_splits AS split,
        r.low_all AS low_all, r.high_all AS high_all, r.over AS over
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id
    JOIN configurations c ON c.experiment_id = r.experiment_id AND c.point = r.a AND c.place = 1"""


def upgrade() -> None:
    """Add the column to the table, its key and its view."""
    dialect = op.get_context().dialect.name
    for change in CHANGES[dialect].split(";\n"):
        op.execute(change)
    op.execute(VIEW.format(make=MAKE[dialect]))
