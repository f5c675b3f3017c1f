"""Experiments that are done and whose stored summaries are missing, or are not those of their results."""

from __future__ import annotations

from sqlalchemy import Connection, func, or_, select

from store.database.tables import configurations, experiment_jobs, experiments, scores, summary_rows
from store.records import ExperimentState

_DONE = experiments.c.state == ExperimentState.DONE


def unsummarised(connection: Connection) -> list[int]:
    """Return the ids of those experiments, in order."""
    missing = connection.execute(_MISSING).scalars().all()
    return sorted({*missing, *connection.execute(_OUTDATED).scalars()})


_MISSING = select(experiments.c.id).where(_DONE, experiments.c.summarised_at.is_(None))
#: what `summarise` counts; a repeat that is not done has no score
_counted = (
    select(
        experiment_jobs.c.configuration_id,
        func.count(scores.c.test_rmse).filter(~scores.c.diverged).label("count"),
        func.count().filter(scores.c.diverged).label("diverged"),
    )
    .join(scores, scores.c.job_id == experiment_jobs.c.job_id)
    .group_by(experiment_jobs.c.configuration_id)
    .subquery()
)
_OUTDATED = (
    select(experiments.c.id)
    .distinct()
    .join(configurations, configurations.c.experiment_id == experiments.c.id)
    .outerjoin(summary_rows, summary_rows.c.configuration_id == configurations.c.id)
    .outerjoin(_counted, _counted.c.configuration_id == configurations.c.id)
    .where(
        _DONE,
        experiments.c.summarised_at.is_not(None),
        or_(
            *(
                func.coalesce(summary_rows.c[name], 0) != func.coalesce(_counted.c[name], 0)
                for name in ("count", "diverged")
            )
        ),
    )
)
