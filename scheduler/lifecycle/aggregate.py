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
    import pandas as pd

    from store import Store

logger = logging.getLogger(__name__)

#: they take seconds to load: pandas, SciPy and Matplotlib
REPORTING = (
    "scheduler.report.gather",
    "scheduler.statistics.conclusions",
    "scheduler.statistics.selection_audit",
    "matplotlib.backends.backend_agg",
)


def summarise(results: pd.DataFrame) -> pd.DataFrame:
    """Describe the scores of each configuration.

    Args:
        results: one row a repeat, with columns configuration, state, diverged and test_rmse.

    Returns:
        A row a configuration, in the order of `results`: count, mean, std, min, p25, p50, p75, max as
        `pandas.DataFrame.describe()` gives them for the repeats that are done and did not diverge, and `diverged`,
        how many did. A configuration with no score has a count of 0 and no numbers.
    """
    import numpy as np
    import pandas as pd

    from scheduler.statistics.summary import describe

    group, labels = pd.factorize(results["configuration"])
    done = (results["state"] == "done").to_numpy(dtype=bool)
    diverged = done & results["diverged"].fillna(value=False).astype(bool).to_numpy()
    scores = np.where(done & ~diverged, results["test_rmse"].to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
    summary = describe(scores, group, len(labels))
    summary.insert(0, "configuration", labels)
    return summary.assign(diverged=np.bincount(group[diverged], minlength=len(labels)))


def aggregate(store: Store, experiment_id: int) -> None:
    """Write what is concluded from one experiment. The summaries come last: with them the experiment is summarised."""
    from scheduler.lifecycle.baseline_cache import baselines
    from scheduler.statistics.conclusions import compared

    results = store.results.frame(experiment_id)
    store.results.write_baselines(experiment_id, baselines(store, experiment_id))
    comparison = compared(store.experiments.with_id(experiment_id), results)
    store.results.write_comparisons(experiment_id, comparison.pairs)
    store.results.write_summaries(experiment_id, summarise(results))


#: niceness of what is computed ahead: there is time for it when a worker has nothing left to do
BEHIND = 10


def compute_ahead(store: Store, experiment_ids: Sequence[int]) -> threading.Thread:
    """Start what needs no result while the workers train: load what reports, compute the baselines; return the thread.

    The aggregator finds them in the store. Where this fails, or is not done in time, it computes them itself.
    """

    def compute() -> None:
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
        from scheduler.lifecycle.baseline_cache import baselines

        try:
            for name in REPORTING:
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
