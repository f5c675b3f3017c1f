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
    queues = store.jobs.queues(experiments)
    if reason := _reason_in_store(store, experiments, queues):
        return reason
    worker = ["worker", "--queue", ",".join(queues) or "default", *options(store=store.url, broker=broker)]
    return (
        "Nothing is training. Is there a worker? Start one with `docker compose up -d --wait` or "
        f"`{shlex.join(worker)}`; this command keeps waiting."
    )


def why_it_waits(store: Store, experiment_id: int, name: str) -> str:
    """Return the likely reason why jobs of an experiment wait, for a page that others read."""
    queues = store.jobs.queues([experiment_id])
    if reason := _reason_in_store(store, [experiment_id], queues):
        return reason
    return (
        f"Nothing is training: no worker has taken jobs of queue {', '.join(queues) or 'default'}. Unless workers are "
        f"about to, {command('resume', name, store=store.url)} continues."
    )


def _reason_in_store(store: Store, experiments: Sequence[int], queues: Sequence[str]) -> str:
    """Return what the store knows of why jobs wait: busy workers, or a worker's complaint; empty if neither."""
    if busy := store.jobs.running(queues):
        other = f"{busy:,} other job{'s' * (busy != 1)}"
        return f"None of these jobs is training: the workers of queue {', '.join(queues)} are busy with {other}."
    if complaints := store.jobs.waiting_errors(experiments):
        return f"Nothing is training. A worker reported about the waiting jobs: {first_line(complaints[0])}"
    return ""
