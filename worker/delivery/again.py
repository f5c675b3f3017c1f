"""Repeats that have a result, trained again: whether they get the same numbers is for others to see."""

from __future__ import annotations

from collections.abc import Sequence

from store import Job, Result, Store
from worker.delivery.pack import series_of
from worker.lane import Lane


def train_again(store: Store, jobs: Sequence[Job]) -> list[Result]:
    """Train repeats of one program side by side, and return a result for each, in order; nothing is stored.

    `scheduler verify` finds this by the entry point `repeats.verifying`.
    """
    from worker.engine.train import train

    lanes = [Lane.of(job) for job in jobs]
    return train(lanes, series_of(store, jobs, lanes), progress=lambda done, total: None)
