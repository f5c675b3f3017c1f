"""Warnings about an experiment of the store, computed again from its configurations and series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scheduler.grid.warnings import find_warnings

if TYPE_CHECKING:
    from store import Experiment, Store
    from store.schema.configuration import Configuration


def find_all_warnings(store: Store, experiment: Experiment, asked: Mapping[str, Configuration]) -> tuple[str, ...]:
    """Return what is accepted but looks wrong, at most ten lines, each with what to do.

    Args:
        store: the results store.
        experiment: which one.
        asked: its configurations, by label.
    """
    series = {key: store.series.get(key) for key in store.experiments.series_hashes(experiment.id)}
    return find_warnings(asked.items(), series)
