"""The experiments of a store: created, found, counted, finished, cancelled; what only some commands need loads late."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Text, cast, select, update

from store.database.dialects import among
from store.database.tables import configurations, experiments
from store.errors import NotFound
from store.experiments.counts import ExperimentStatus
from store.experiments.finding import by_name_or_id, find, no_such_id, no_such_name, with_id
from store.experiments.status import statuses
from store.experiments.summarised import unsummarised
from store.records import Deleted, Experiment, JobState, NewExperiment, NewJob, Submitted

if TYPE_CHECKING:
    from store.database.database import Database
    from store.experiments.cells import Cell
    from store.experiments.closing import Closing

#: the method `list` hides the type in the class
_Ids = list[int]
_Statuses = list[ExperimentStatus]


class Experiments:
    """The experiments of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def _closing(self) -> Closing:
        from store.experiments.closing import Closing

        return Closing(self._database)

    def create(self, new: NewExperiment, *, fresh: bool = False) -> Submitted:
        """Store an experiment with its configurations and jobs, in one transaction.

        The same name with the same configurations and jobs is the same experiment. The same name with others becomes
        `name-2`. Jobs with a known key are shared; failed and cancelled ones are queued again.

        Args:
            new: the expanded grid.
            fresh: create a new experiment with new jobs, whatever exists.

        Raises:
            StoreError: one of its series is not in the store.
        """
        from store.experiments import writing

        with self._database.write() as connection:
            done = writing.write(connection, new, fresh=fresh)
            experiment = find(connection, experiments.c.id == done.id)
        if experiment is None:
            raise NotFound(f"Experiment {new.name!r} was deleted while it was being written.")
        return Submitted(experiment=experiment, new=done.new, reused=done.reused, created=done.created)

    def planned_name(self, new: NewExperiment) -> tuple[str, bool]:
        """Return the name that `create` would give an experiment, and whether that experiment exists already."""
        from store.experiments import writing

        with self._database.read() as connection:
            return writing.planned_name(connection, new)

    def extend(self, experiment_id: int, jobs: Mapping[str, Sequence[NewJob]]) -> Submitted:
        """Add repeats to configurations of an experiment, in one transaction; it runs again, to be summarised anew.

        Repeats that a configuration has already are left alone. Jobs with a known key are shared, as by `create`.

        Args:
            experiment_id: whose.
            jobs: the repeats by the label of their configuration.

        Raises:
            NotFound: no experiment has this id, or it has no such configuration.
            StoreVersionError: its repeats are another version's.
        """
        from store.experiments import writing
        from store.experiments.one_version import check_one_version

        with self._database.write() as connection:
            experiment = self._required(connection, experiment_id)
            check_one_version(connection, experiment)
            done = writing.extend(connection, experiment, jobs)
            return Submitted(
                experiment=self._required(connection, experiment_id), new=done.new, reused=done.reused, created=False
            )

    def check_version(self, experiment_id: int) -> None:
        """Check that repeats of this version of the numerics may be added to an experiment.

        Raises:
            NotFound: no experiment has this id.
            StoreVersionError: its repeats are another version's, whose numbers differ.
        """
        from store.experiments.one_version import check_one_version

        with self._database.read() as connection:
            check_one_version(connection, self._required(connection, experiment_id))

    def plan_looks(self, experiment_id: int, looks: Sequence[int]) -> Experiment:
        """Fix when the scores of an experiment are looked at; one that is done is to be summarised anew.

        Args:
            experiment_id: whose.
            looks: numbers of repeats, increasing.

        Raises:
            NotFound: no experiment has this id.
        """
        values = {"looks": json.dumps(list(looks)), "summarised_at": None}
        with self._database.write() as connection:
            connection.execute(update(experiments).where(experiments.c.id == experiment_id).values(values))
            return self._required(connection, experiment_id)

    def get(self, name_or_id: str) -> Experiment:
        """Find an experiment by its id, or else by its name.

        Raises:
            NotFound: there is none; the nearest names are in the message.
        """
        with self._database.read() as connection:
            found = by_name_or_id(connection, name_or_id)
            if found is None:
                raise no_such_name(connection, name_or_id, self._database.url)
        return found

    def with_id(self, experiment_id: int) -> Experiment:
        """Read an experiment as it is now.

        Raises:
            NotFound: no experiment has this id.
        """
        with self._database.read() as connection:
            return self._required(connection, experiment_id)

    def list(self) -> _Statuses:
        """Return how far each experiment is, in the order they were made."""
        return self._statuses(None)

    def status(self, experiment_id: int) -> ExperimentStatus:
        """Return how far one experiment is.

        Raises:
            NotFound: no experiment has this id.
        """
        found = self._statuses(experiment_id)
        if not found:
            raise no_such_id(experiment_id, self._database.url)
        return found[0]

    def _statuses(self, experiment_id: int | None) -> _Statuses:
        with self._database.read() as connection:
            return statuses(connection, experiment_id)

    def _required(self, connection: Connection, experiment_id: int) -> Experiment:
        return with_id(connection, experiment_id, self._database.url)

    def close_if_done(self, ids: Iterable[int] | None = None, *, having_jobs: Collection[int] | None = None) -> _Ids:
        """Mark running experiments with no queued or running job as done, and return them.

        Of several callers at once exactly one gets an experiment, and has to see to its summaries.

        Args:
            ids: where to look; everywhere when it is None.
            having_jobs: look in the experiments that have any of these jobs.
        """
        return self._closing.close(ids, having_jobs)

    def unsummarised(self) -> _Ids:
        """Return the experiments that are done and whose summaries are missing or count other results than there are.

        Someone died before writing them, or an older version wrote them too late.
        """
        with self._database.read() as connection:
            return unsummarised(connection)

    def cancel(self, experiment_id: int) -> int:
        """Cancel an experiment and return how many of its jobs that stops.

        Jobs that another running experiment has, too, go on. Workers stop when they renew their lease.

        Raises:
            NotFound: no experiment has this id.
        """
        from store.experiments.cancelling import cancel

        with self._database.write() as connection:
            stopped = cancel(connection, experiment_id)
            if stopped is None:
                raise no_such_id(experiment_id, self._database.url)
            return stopped

    def retry(self, experiment_id: int) -> _Ids:
        """Queue failed jobs again and return their ids; the experiment runs again. See `reopen` for cancelled ones.

        Raises:
            NotFound: no experiment has this id.
            StoreVersionError: its repeats are another version's.
        """
        from store.experiments import restarting

        with self._database.write() as connection:
            return restarting.start_over(connection, self._required(connection, experiment_id), JobState.FAILED)

    def reopen(self, experiment_id: int) -> bool:
        """Run a cancelled experiment again with its cancelled jobs, or one that is done although jobs are unfinished.

        Returns:
            Whether there was anything to change.

        Raises:
            NotFound: no experiment has this id.
            StoreVersionError: there is something to train, and its repeats are another version's.
        """
        from store.experiments import restarting

        with self._database.write() as connection:
            return restarting.reopen(connection, self._required(connection, experiment_id))

    def delete(self, experiment_id: int, *, force: bool = False) -> Deleted:
        """Delete an experiment with its results; jobs that another experiment shares stay, with theirs.

        Args:
            experiment_id: which.
            force: delete it even while workers train its jobs; they drop them when they renew their lease.

        Raises:
            NotFound: no experiment has this id.
            StoreError: jobs that would be deleted are running, and `force` is False.
        """
        from store.experiments.deletion import delete_experiment

        with self._database.write() as connection:
            return delete_experiment(connection, self._required(connection, experiment_id), force=force)

    def rename(self, experiment_id: int, name: str) -> Experiment:
        """Change the name of an experiment.

        Raises:
            NotFound: no experiment has this id.
            UsageError: the name is invalid, or another experiment has it.
        """
        from store.experiments import renaming

        with self._database.write() as connection:
            renaming.rename(connection, experiment_id, name)
            return self._required(connection, experiment_id)

    def set_note(self, experiment_id: int, note: str) -> Experiment:
        """Replace the note of an experiment; an empty text removes it.

        Raises:
            NotFound: no experiment has this id.
            UsageError: the note is too long, or has control characters.
        """
        from store.experiments import renaming

        with self._database.write() as connection:
            renaming.set_note(connection, experiment_id, note)
            return self._required(connection, experiment_id)

    def series_hashes(self, experiment_id: int) -> tuple[str, ...]:
        """Return the series that an experiment's configurations use, in the order of the grid."""
        used = select(configurations.c.series_hash).where(configurations.c.experiment_id == experiment_id)
        with self._database.read() as connection:
            return tuple(dict.fromkeys(connection.execute(used.order_by(configurations.c.position)).scalars()))

    def parameters(self, experiment_id: int, labels: Collection[str] | None = None) -> dict[str, str]:
        """Return the canonical JSON of each configuration, or of some, by its label, in the order of the grid."""
        mine = select(configurations.c.label, cast(configurations.c.params, Text).label("params"))
        mine = mine.where(configurations.c.experiment_id == experiment_id).order_by(configurations.c.position)
        if labels is not None:
            mine = mine.where(among(configurations.c.label, list(labels)))
        with self._database.read() as connection:
            return {row.label: row.params for row in connection.execute(mine)}

    def cells(self, experiment_id: int) -> dict[str, Cell]:
        """Return every configuration on every split by its label, in the order of the grid."""
        from store.experiments.cells import read_cells

        with self._database.read() as connection:
            return read_cells(connection, experiment_id)

    def splits(self, experiment_id: int) -> dict[str, str]:
        """Return the name of the split of each configuration by its label, in the order of the grid."""
        mine = select(configurations.c.label, configurations.c.split)
        mine = mine.where(configurations.c.experiment_id == experiment_id).order_by(configurations.c.position)
        with self._database.read() as connection:
            return {row.label: row.split for row in connection.execute(mine)}
