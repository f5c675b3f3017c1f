"""The split of each configuration, in the table and in the views.

Experiments whose configurations are of several splits were compared across them: they count as not summarised, and
their comparisons and baselines are dropped, so that whatever looks for finished experiments next computes them again.
"""

from __future__ import annotations

from alembic import op

from store.database.migrations import filling

revision = "0008"
down_revision = "0007"

_REPEATS = """experiments e
    JOIN configurations c ON c.experiment_id = e.id
    JOIN experiment_jobs u ON u.configuration_id = c.id"""

VIEWS = f"""
{{make}} VIEW results AS
    SELECT e.name AS experiment, c.label AS configuration, u.repeat AS repeat, j.seed AS seed, j.state AS state,
        s.diverged AS diverged, s.train_rmse AS train_rmse, s.test_rmse AS test_rmse, s.seconds AS seconds,
        coalesce(s.worker, j.worker) AS worker, j.attempts AS attempts, j.error AS error, j.finished_at AS finished_at,
        j.id AS job, s.test_mae AS test_mae, c.split AS split
    FROM {_REPEATS}
    JOIN jobs j ON j.id = u.job_id
    LEFT JOIN scores s ON s.job_id = u.job_id;
{{make}} VIEW summaries AS
    SELECT e.name AS experiment, c.label AS configuration, r.count AS count, r.mean AS mean, r.std AS std, r.min AS min,
        r.p25 AS p25, r.p50 AS p50, r.p75 AS p75, r.max AS max, r.diverged AS diverged, c.split AS split
    FROM summary_rows r
    JOIN configurations c ON c.id = r.configuration_id
    JOIN experiments e ON e.id = c.experiment_id;
{{make}} VIEW comparisons AS
    SELECT e.name AS experiment, r.a AS a, r.b AS b, r.difference AS difference, r.low AS low, r.high AS high, r.p AS p,
        r.p_adjusted AS p_adjusted, r.effect AS effect, r.probability AS probability, r.test AS test,
        r.verdict AS verdict, r.winner AS winner, r.outcome AS outcome, c.split AS split
    FROM comparison_rows r
    JOIN experiments e ON e.id = r.experiment_id
    JOIN configurations c ON c.experiment_id = r.experiment_id AND c.label = r.a;
{{make}} VIEW baselines AS
    SELECT e.name AS experiment, CASE WHEN r.split_name = '' THEN r.split ELSE r.split_name END AS split,
        r.target AS target, r.baseline AS baseline, r.rmse AS rmse, r.mae AS mae, r.mase AS mase
    FROM baseline_rows r
    JOIN experiments e ON e.id = r.experiment_id
"""
MAKE = {"sqlite": "CREATE", "postgresql": "CREATE OR REPLACE"}
CHANGES = (
    "ALTER TABLE configurations ADD COLUMN split TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE baseline_rows ADD COLUMN split_name TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    """Add the columns, fill them, extend the views, and mark the experiments that are to be compared again."""
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        for view in ("results", "summaries", "comparisons", "baselines"):
            op.execute(f"DROP VIEW {view}")
    for change in CHANGES:
        op.execute(change)
    for view in VIEWS.format(make=MAKE[dialect]).split(";\n"):
        op.execute(view)
    filling.fill_splits(op.get_bind())
