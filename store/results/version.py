"""Which results an experiment has: what was computed from them is written only while they are the same."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, Text, bindparam, cast, func, select

from store.database.tables import configurations, experiment_jobs, experiments, jobs
from store.records import JobState


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultsVersion:
    """Decides the results of an experiment and how they are compared.

    Counts suffice: a repeat that is done stays done, with the same result, and no repeat leaves its experiment.
    """

    #: the planned looks, as stored
    looks: str | None
    repeats: int
    done: int
    failed: int
    cancelled: int


def results_version(connection: Connection, experiment_id: int) -> ResultsVersion:
    """Read the version of an experiment's results; it has no repeats if it was deleted."""
    looks = connection.execute(_LOOKS, {"of": experiment_id}).scalar()
    repeats, done, failed, cancelled = tuple(connection.execute(_COUNTS, {"of": experiment_id}).one())
    return ResultsVersion(looks=looks, repeats=repeats, done=done, failed=failed, cancelled=cancelled)


_OF = bindparam("of", type_=BigInteger)
_LOOKS = select(cast(experiments.c.looks, Text)).where(experiments.c.id == _OF)
_COUNTS = (
    select(
        func.count(),
        *(
            func.count().filter(jobs.c.state == state.value)
            for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
        ),
    )
    .select_from(configurations)
    .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
    .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
    .where(configurations.c.experiment_id == _OF)
)
