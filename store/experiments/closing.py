"""Setting experiments to done: exactly one of the processes that save the last results does so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, exists, func, select, true, update

from store.database.dialects import among, from_now
from store.database.tables import configurations, experiment_jobs, experiments, jobs
from store.jobs.states import QUEUED, RUNNING
from store.records import ExperimentState

if TYPE_CHECKING:
    from store.database.database import Database

#: witnesses that are remembered: more experiments than run at a time
_MOST = 64


class Closing:
    """Sets experiments to done.

    One unfinished job shows that an experiment is not done. This class remembers one of each experiment, a witness: the
    job with the highest id, which is nearly always queued for long. Each call looks it up by its key. Only when it has
    ended does a search through the experiment's jobs find another one: a few times, however many jobs there are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        #: experiment -> an unfinished job; which it is decides the speed and nothing else
        self._witnesses: dict[int, int] = {}

    def close(self, ids: Iterable[int] | None, having_jobs: Collection[int] | None) -> list[int]:
        """Implement `Experiments.close_if_done`."""
        parameters = _where_to_look(ids, having_jobs) | {"witnesses": list(self._witnesses.values())}
        with self._database.single() as connection:
            open_ = list(connection.execute(_unwitnessed(frozenset(parameters)), parameters).scalars())
        if not open_:  # as nearly always: the writers' lock is not asked for
            return []
        with self._database.read() as connection:
            found = {one: connection.execute(_LAST_UNFINISHED, {"of": one}).scalar() for one in open_}
        self._remember(found)
        done = [one for one, job in found.items() if job is None]
        if not done:
            return []
        with self._database.write() as connection:
            return sorted(connection.execute(_CLOSE, {"ids": done}).scalars())

    def _remember(self, found: dict[int, int | None]) -> None:
        kept = [(one, job) for one, job in self._witnesses.items() if one not in found]
        kept += [(one, job) for one, job in found.items() if job is not None]
        self._witnesses = dict(kept[-_MOST:])


def _where_to_look(ids: Iterable[int] | None, having_jobs: Collection[int] | None) -> dict[str, Any]:
    if ids is not None:
        return {"ids": list(ids)}
    if having_jobs is None:
        return {}
    return {"jobs": having_jobs}


_UNFINISHED = jobs.c.state.in_([QUEUED, RUNNING])
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "ids": among(experiments.c.id, "ids"),
    "jobs": experiments.c.id.in_(
        select(experiment_jobs.c.experiment_id).where(among(experiment_jobs.c.job_id, "jobs"))
    ),
}


@cache
def _unwitnessed(parameters: frozenset[str]) -> Select[int]:
    """Select the running experiments, where the parameters say, of which no witness is unfinished."""
    where = _CONDITIONS[next(iter(parameters & set(_CONDITIONS)))] if parameters & set(_CONDITIONS) else true()
    theirs = and_(experiment_jobs.c.job_id == jobs.c.id, experiment_jobs.c.experiment_id == experiments.c.id)
    witness = exists().where(among(jobs.c.id, "witnesses"), _UNFINISHED, theirs).correlate(experiments)
    return select(experiments.c.id).where(experiments.c.state == ExperimentState.RUNNING, where, ~witness)


def _jobs_of(experiment: ColumnElement[int]) -> Select[Any]:
    """Select from an experiment's unfinished jobs, by way of its configurations: the others' jobs are not touched."""
    return (
        select(func.max(jobs.c.id))
        .select_from(configurations)
        .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
        .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
        .where(configurations.c.experiment_id == experiment, _UNFINISHED)
    )


_LAST_UNFINISHED = _jobs_of(bindparam("of", type_=BigInteger))
_CLOSE = (
    update(experiments)
    .where(
        among(experiments.c.id, "ids"),
        experiments.c.state == ExperimentState.RUNNING,
        _jobs_of(experiments.c.id).correlate(experiments).scalar_subquery().is_(None),
    )
    .values(state=ExperimentState.DONE, finished_at=from_now())
    .returning(experiments.c.id)
)
