"""The outcome of each comparison as a value beside its words, in the table and in the view `comparisons`.

Comparisons that are there already have no outcome. Their experiments count as not summarised, so whatever looks for
finished experiments next computes them again.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

VIEW = """
{make} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, {winner} AS winner, r.outcome AS outcome
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id
"""
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
WINNER = {"sqlite": "json_extract(r.details, '$.winner')", "postgresql": "r.details ->> 'winner'"}
RECOMPUTE = """
UPDATE experiments SET summarised_at = NULL
WHERE state = 'done' AND id IN (SELECT experiment_id FROM comparison_rows)
"""


def upgrade() -> None:
    """Add the column, extend the view and mark the experiments that are to be compared again."""
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        op.execute("DROP VIEW comparisons")
    op.execute("ALTER TABLE comparison_rows ADD COLUMN outcome TEXT")
    op.execute(VIEW.format(make=MAKE[dialect], winner=WINNER[dialect]))
    op.execute(RECOMPUTE)
