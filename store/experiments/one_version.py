"""The repeats of an experiment are of one version of the numerics: none is added to those of another version."""

from __future__ import annotations

from sqlalchemy import Connection, select

from store.database.addresses import shown
from store.database.tables import configurations, experiment_jobs, jobs
from store.errors import StoreVersionError
from store.experiments.advice import train_again
from store.jobs.numerics_version import numerics
from store.records import Experiment


def check_one_version(connection: Connection, experiment: Experiment) -> None:
    """Check that repeats of this version may be added to an experiment, or trained for it.

    Raises:
        StoreVersionError: some of its repeats are another version's.
    """
    ours = numerics()
    other = (
        select(jobs.c.numerics)
        .select_from(configurations)
        .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
        .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
        .where(configurations.c.experiment_id == experiment.id, jobs.c.numerics != ours)
    )
    theirs = connection.execute(other.limit(1)).scalar()
    if theirs is not None:
        advice = "Update this project here." if theirs > ours else train_again(experiment, shown(connection.engine.url))
        raise StoreVersionError(
            f"{experiment.name} has repeats of version {theirs} of the numerics, and this is version {ours}, which "
            f"would add different numbers to them. {advice}"
        )
