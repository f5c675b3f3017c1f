"""Aggregation: the summaries, comparisons and baselines of a finished experiment, written to the store.

Doing it twice changes nothing.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store

logger = logging.getLogger(__name__)


def aggregate(store: Store, experiment_id: int) -> None:
    """Write the baselines, comparisons and, as the mark that it is complete, the summaries of one experiment."""
    from scheduler.lifecycle.baseline_cache import baselines
    from scheduler.statistics.conclusions import compare_experiment
    from scheduler.statistics.summary import summarise

    results = store.results.frame(experiment_id)
    store.results.write_baselines(experiment_id, baselines(store, experiment_id))
    comparison = compare_experiment(store.experiments.with_id(experiment_id), results)
    store.results.write_comparisons(experiment_id, comparison.pairs)
    store.results.write_summaries(experiment_id, summarise(results))


#: niceness of the thread that computes ahead, so that it takes only time that the workers leave
NICENESS = 10


def compute_ahead(store: Store, experiment_ids: Sequence[int], *, load: Sequence[str] = ()) -> threading.Thread:
    """Compute what needs no result while the workers train, in a thread that is returned.

    The aggregator finds the baselines in the store. If this fails or is not done in time, it computes them itself.

    Args:
        store: the results store.
        experiment_ids: the experiments whose baselines are computed.
        load: modules to import, because they take seconds and are needed once the results are in.
    """

    def compute() -> None:
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        from scheduler.lifecycle.baseline_cache import baselines

        try:
            for name in load:
                import_module(name)
            for experiment_id in experiment_ids:
                store.results.write_baselines(experiment_id, baselines(store, experiment_id))
        except Exception as problem:
            logger.info("baselines not computed ahead: %s", problem)

    thread = threading.Thread(target=compute, name="baselines", daemon=True)
    thread.start()
    return thread


def aggregate_finished(store: Store, closed: Iterable[int] = ()) -> list[int]:
    """Aggregate every experiment that is done and has no summaries, and return their ids.

    The worker that finishes an experiment asks for this. If it dies before it asks, the next call aggregates that
    experiment, too, since the store knows which summaries are missing.
    """
    store.experiments.close_if_done()
    wanted = sorted({*closed, *store.experiments.unsummarised()})
    for experiment_id in wanted:
        aggregate(store, experiment_id)
        logger.info("summaries written", extra={"experiment": experiment_id})
    return wanted
