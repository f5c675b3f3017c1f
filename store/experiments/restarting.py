"""Running experiments again that were cancelled, or of which jobs failed."""

from __future__ import annotations

from sqlalchemy import Connection, select

from store.database.tables import jobs
from store.experiments import writing
from store.experiments.finding import jobs_of
from store.experiments.one_version import check_one_version
from store.records import Experiment, ExperimentState, JobState


def start_over(connection: Connection, experiment: Experiment, state: JobState) -> list[int]:
    """Queue the jobs of an experiment that ended in a state again, and return their ids.

    Raises:
        StoreVersionError: there are some, and the experiment's repeats are another version's.
    """
    ended = select(jobs.c.id).where(jobs.c.id.in_(jobs_of(experiment.id)), jobs.c.state == state)
    found = list(connection.execute(ended).scalars())
    if found:
        check_one_version(connection, experiment)
    ids = writing.requeue(connection, found)
    if ids:
        writing.reopen(connection, [experiment.id])
    return ids


def reopen(connection: Connection, experiment: Experiment) -> bool:
    """Implement `Experiments.reopen`."""
    unfinished = writing.unfinished(connection, experiment.id)
    if unfinished:
        check_one_version(connection, experiment)
    if experiment.state is ExperimentState.CANCELLED:
        start_over(connection, experiment, JobState.CANCELLED)
        writing.reopen(connection, [experiment.id])
        return True
    if experiment.state is ExperimentState.DONE and unfinished:
        writing.reopen(connection, [experiment.id])
        return True
    return False
