"""Which results an experiment has: what was computed from them is written only while they are the same."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, bindparam, cast, func, select

from store.database.tables import configurations, experiment_jobs, experiments, jobs, scores
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


def numerics_of(connection: Connection, experiment_id: int) -> tuple[int, ...]:
    """Return the versions of the numerics of an experiment's results, in order."""
    pairs = connection.execute(_NUMERICS, {"of": experiment_id}).all()
    by_job, by_result = ({pair[place] for pair in pairs} for place in (0, 1))
    return tuple(sorted(by_result if len(by_result) > 1 else by_job))


_OF = bindparam("of", type_=BigInteger)
_LOOKS = select(cast(experiments.c.looks, Text)).where(experiments.c.id == _OF)


def _count_of(state: JobState) -> ColumnElement[int]:
    return func.count().filter(jobs.c.state == state.value)


_COUNTS = (
    select(func.count(), _count_of(JobState.DONE), _count_of(JobState.FAILED), _count_of(JobState.CANCELLED))
    .select_from(configurations)
    .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
    .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
    .where(configurations.c.experiment_id == _OF)
)
#: as the job was made and as its worker was: the same, unless somebody changed the store
_NUMERICS = (
    select(jobs.c.numerics, scores.c.numerics)
    .distinct()
    .select_from(configurations)
    .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
    .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
    .join(scores, scores.c.job_id == jobs.c.id)
    .where(configurations.c.experiment_id == _OF)
)
