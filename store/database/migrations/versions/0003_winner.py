"""Which of a pair is the better one, in the view `comparisons`."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

VIEW = """
{make} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, {winner} AS winner
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id
"""
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
#: of the rest of a pair's row, which is kept as JSON
WINNER = {"sqlite": "json_extract(r.details, '$.winner')", "postgresql": "r.details ->> 'winner'"}


def upgrade() -> None:
    """Make the view anew; on Postgres it stays the same one, with the rights and the views that others hang on it."""
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        op.execute("DROP VIEW comparisons")
    op.execute(VIEW.format(make=MAKE[dialect], winner=WINNER[dialect]))
