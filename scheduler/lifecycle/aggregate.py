"""From the scores of an experiment to what is concluded from them: summaries, comparisons and baselines, in the store.

Written once all repeats are in; doing it twice changes nothing.
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
    """Write what is concluded from one experiment. The summaries come last: with them the experiment is summarised."""
    from scheduler.lifecycle.baseline_cache import baselines
    from scheduler.statistics.conclusions import compared
    from scheduler.statistics.summary import summarise

    results = store.results.frame(experiment_id)
    store.results.write_baselines(experiment_id, baselines(store, experiment_id))
    comparison = compared(store.experiments.with_id(experiment_id), results)
    store.results.write_comparisons(experiment_id, comparison.pairs)
    store.results.write_summaries(experiment_id, summarise(results))


#: niceness of what is computed ahead: there is time for it when a worker has nothing left to do
BEHIND = 10


def compute_ahead(store: Store, experiment_ids: Sequence[int], *, load: Sequence[str] = ()) -> threading.Thread:
    """Start what needs no result while the workers train, and return the thread.

    The aggregator finds the baselines in the store. If this fails or is not done in time, it computes them itself.

    Args:
        store: the results store.
        experiment_ids: the experiments whose baselines are computed.
        load: modules to import, because they take seconds and are needed once the results are in.
    """

    def compute() -> None:
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
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

    Whoever finishes an experiment asks for this; since it looks in the store for what is missing, a worker that dies
    between its last result and the asking loses nothing.
    """
    store.experiments.close_if_done()
    wanted = sorted({*closed, *store.experiments.unsummarised()})
    for experiment_id in wanted:
        aggregate(store, experiment_id)
        logger.info("summaries written", extra={"experiment": experiment_id})
    return wanted
