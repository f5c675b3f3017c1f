"""What goes on in a store, for pages and monitoring systems that look at it again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select

from store.activity.failures import failure_groups
from store.activity.gauges import gauges
from store.activity.packs import in_training
from store.activity.records import FailureGroup, Gauges, Head, PackInTraining, ReportVersion
from store.database.future_tables import futures
from store.database.tables import baseline_rows, experiments
from store.errors import NotFound
from store.records import ExperimentState, JobState
from store.results.version import ResultsVersion, results_version

if TYPE_CHECKING:
    from store.database.database import Database
    from store.experiments.counts import ExperimentStatus


class Activity:
    """What goes on in a store at the moment; every method only reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self) -> list[Head]:
        """Return all experiments but forecasts without their counts, in the order they were made."""
        studies = experiments.c.id.not_in(select(futures.c.experiment_id))
        with self._database.read() as connection:
            return _heads(connection, studies)

    def head(self, experiment_id: int) -> Head | None:
        """Return one experiment without its counts, or None if no experiment has this id."""
        with self._database.read() as connection:
            return next(iter(_heads(connection, experiments.c.id == experiment_id)), None)

    def report_version(self, experiment_id: int) -> ReportVersion:
        """Return what decides the report of an experiment; read it before the report.

        Raises:
            NotFound: no experiment has this id.
        """
        with self._database.read() as connection:
            head = next(iter(_heads(connection, experiments.c.id == experiment_id)), None)
            if head is None:
                raise NotFound(f"There is no experiment {experiment_id} any more.")
            return ReportVersion(
                results=results_version(connection, experiment_id),
                summarised=head.summarised,
                baselines=_baselines(connection, experiment_id),
                name=head.name,
                note=head.note,
            )

    def counted_version(self, head: Head, status: ExperimentStatus) -> ReportVersion:
        """Return the same from counts that were read already: to count once more takes a good part of a look."""
        counts = status.counts
        with self._database.read() as connection:
            return ReportVersion(
                results=ResultsVersion(
                    looks=head.looks,
                    repeats=status.total,
                    done=counts[JobState.DONE],
                    failed=counts[JobState.FAILED],
                    cancelled=counts[JobState.CANCELLED],
                ),
                summarised=head.summarised,
                baselines=_baselines(connection, head.id),
                name=head.name,
                note=head.note,
            )

    def in_training(self, experiment_id: int) -> list[PackInTraining]:
        """Return the packs with jobs of an experiment that workers train, those that were claimed first at the top."""
        with self._database.read() as connection:
            return in_training(connection, experiment_id)

    def failure_groups(self, experiment_id: int, *, most: int) -> tuple[list[FailureGroup], int]:
        """Return the most frequent errors of an experiment, each with its first job, and how many errors there are."""
        with self._database.read() as connection:
            return failure_groups(connection, experiment_id, most)

    def gauges(self) -> Gauges:
        """Count the jobs, packs and leases of the store."""
        with self._database.read() as connection:
            return gauges(connection)


def _baselines(connection: Connection, experiment_id: int) -> int:
    count = select(func.count()).where(baseline_rows.c.experiment_id == experiment_id)
    return connection.execute(count).scalar_one()


def _heads(connection: Connection, which: ColumnElement[bool]) -> list[Head]:
    columns = experiments.c["id", "name", "state", "note", "created_at", "finished_at", "summarised_at"]
    rows = connection.execute(
        select(*columns, cast(experiments.c.looks, Text).label("looks")).where(which).order_by(experiments.c.id)
    )
    return [
        Head(
            id=row.id,
            name=row.name,
            state=ExperimentState(row.state),
            note=row.note,
            created=row.created_at,
            finished=row.finished_at,
            summarised=row.summarised_at,
            looks=row.looks,
        )
        for row in rows
    ]
