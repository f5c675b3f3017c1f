"""Why jobs wait: busy workers, what a worker said of them, or no worker."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scheduler.text import first_line
from store.commands import command, options

if TYPE_CHECKING:
    from store import Store


def why_nothing_happens(store: Store, experiments: Sequence[int], broker: str | None = None) -> str:
    """Return the likely reason why jobs wait, for a command that waits for them."""
    if reason := reason_in_store(store, experiments):
        return reason
    worker = ["worker", "--queue", _queues(store, experiments), *options(store=store.url, broker=broker)]
    return (
        "Nothing is training. Is there a worker? Start one with `docker compose up -d --wait` or "
        f"`{shlex.join(worker)}`; this command keeps waiting."
    )


def why_it_waits(store: Store, experiment_id: int, name: str) -> str:
    """Return the likely reason why jobs of an experiment wait, for a page that others read."""
    if reason := reason_in_store(store, [experiment_id]):
        return reason
    return (
        f"Nothing is training: no worker has taken jobs of queue {_queues(store, [experiment_id])}. Unless workers are "
        f"about to, {command('resume', name, store=store.url)} continues."
    )


def reason_in_store(store: Store, experiments: Sequence[int]) -> str:
    """Return what the store knows of why jobs wait: busy workers, or a worker's complaint; empty if neither."""
    queues = store.jobs.queues(experiments)
    if busy := store.jobs.running(queues):
        other = f"{busy:,} other job{'s' * (busy != 1)}"
        return f"None of these jobs is training: the workers of queue {', '.join(queues)} are busy with {other}."
    if complaints := store.jobs.waiting_errors(experiments):
        return f"Nothing is training. A worker reported about the waiting jobs: {first_line(complaints[0])}"
    return ""


def _queues(store: Store, experiments: Sequence[int]) -> str:
    return ",".join(store.jobs.queues(experiments)) or "default"
