"""Reading what the pages show, with what need not be read again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.web.pace import Pace
from scheduler.web.parts import Parts, experiment_parts, list_parts
from scheduler.web.snapshot import Snapshot, read_snapshot
from store import ExperimentState, ExperimentStatus, NotFound

if TYPE_CHECKING:
    from store import Store
    from store.activity.records import Head, ReportVersion


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What the readers of one page see, and when it was read."""

    parts: Parts
    #: whether more is to come
    open: bool
    #: None for the list
    snapshot: Snapshot | None = None
    #: of the report that belongs to it
    version: ReportVersion | None = None
    read: float = field(default_factory=time.monotonic)
    #: seconds that reading took
    took: float = 0.0
    #: of the list
    statuses: Sequence[ExperimentStatus] = ()


class Reader:
    """Reads experiments, and counts the jobs of those that are done only once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._paces: dict[int, Pace] = {}
        self._known: dict[int, tuple[Head, ExperimentStatus]] = {}

    def statuses(self) -> list[ExperimentStatus]:
        """Return the progress of all experiments, in the order they were made."""
        return [found for head in self.store.activity.heads() if (found := self._status(head)) is not None]

    def list_view(self) -> View:
        """Read the list of experiments."""
        started = time.monotonic()
        statuses = self.statuses()
        going = any(one.state is ExperimentState.RUNNING for one in statuses)
        return View(parts=list_parts(statuses), open=going, statuses=statuses, took=time.monotonic() - started)

    def experiment_view(self, experiment_id: int) -> View:
        """Read one experiment.

        Raises:
            NotFound: no experiment has this id.
        """
        started = time.monotonic()
        head = self.store.activity.head(experiment_id)
        status = None if head is None else self._status(head)
        if head is None or status is None:
            raise NotFound(f"There is no experiment {experiment_id} any more: it was deleted.")
        version = self.store.activity.counted_version(head, status)
        pace = self._paces.setdefault(experiment_id, Pace())
        snapshot = read_snapshot(self.store, head, status, pace(status))
        return View(
            parts=experiment_parts(snapshot),
            open=snapshot.open,
            snapshot=snapshot,
            version=version,
            took=time.monotonic() - started,
        )

    def _status(self, head: Head) -> ExperimentStatus | None:
        """Return the progress of an experiment; None if it has been deleted since its head was read."""
        known = self._known.get(head.id)
        if known is not None and known[0] == head and known[1].ended == known[1].total:
            return known[1]
        try:
            status = self.store.experiments.status(head.id)
        except NotFound:
            return None
        self._known[head.id] = (head, status)
        return status
