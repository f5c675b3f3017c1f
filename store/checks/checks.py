"""What must hold of the rows of an experiment, and a sample of its repeats with what is stored of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.checks.repeats import StoredRepeat, read_repeats, version_of
from store.checks.rules import broken_keys, broken_rules, orphans
from store.database.split_tables import point_summary_rows
from store.database.tables import configurations, experiment_jobs, jobs
from store.records import JobState
from store.results import derived

if TYPE_CHECKING:
    import pandas as pd

    from store.database.database import Database


class Checks:
    """The checks of a store; they change nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def faults(self, experiment_id: int) -> list[str]:
        """Return what is wrong with the rows of an experiment: each broken rule with some of the rows, in words."""
        with self._database.read() as connection:
            return [*broken_rules(connection, experiment_id), *broken_keys(connection, experiment_id)]

    def orphans(self) -> list[str]:
        """Return which tables have rows that belong to nothing, of any experiment, in words."""
        with self._database.read() as connection:
            return orphans(connection)

    def whole_summaries(self, experiment_id: int) -> pd.DataFrame:
        """Return the stored summaries of configurations over all their splits; no row where all have one split."""
        names = [column for column in point_summary_rows.c if column.name not in {"experiment_id", "point"}]
        rows = select(point_summary_rows.c.point.label("configuration"), *names)
        with self._database.read() as connection:
            return derived.to_frame(connection, rows.where(point_summary_rows.c.experiment_id == experiment_id))

    def sample(self, experiment_id: int, most: int) -> list[StoredRepeat]:
        """Return some of the repeats of an experiment that have a result, drawn anew by each call."""
        done = (
            select(jobs.c.id)
            .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
            .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
            .where(configurations.c.experiment_id == experiment_id, jobs.c.state == JobState.DONE)
            .distinct()
        )
        with self._database.read() as connection:
            ids = sorted(connection.execute(done).scalars())
            return read_repeats(connection, experiment_id, _drawn(ids, most))

    @staticmethod
    def version_here() -> str:
        """Return what the numbers of a repeat depend on, of this installation: numerics, TensorFlow, Keras, NumPy."""
        return version_of()


def _drawn(ids: Sequence[int], most: int) -> list[int]:
    return sorted(random.SystemRandom().sample(ids, min(most, len(ids))))
