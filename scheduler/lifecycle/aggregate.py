"""Aggregation: the summaries, comparisons and baselines of a finished experiment, written to the store.

Doing it twice changes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from scheduler.lifecycle.interrupts import answer_interrupt

if TYPE_CHECKING:
    import pandas as pd

    from store import Experiment, Store
    from store.forecast_scores import Scale

logger = logging.getLogger(__name__)


#: how often conclusions are drawn at most if the results change meanwhile
ATTEMPTS = 3


def aggregate(store: Store, experiment_id: int, *, baselines: bool = True) -> bool:
    """Write the baselines, comparisons and summaries of one experiment.

    Args:
        store: the results store.
        experiment_id: which one.
        baselines: whether those that the store lacks are computed.

    Returns:
        False if the experiment got other results each time before its conclusions were written, or runs again: nothing
        is written, and whoever finishes it aggregates it.
    """
    from store import ExperimentState

    forecast = store.futures.study_of(experiment_id) is not None
    for _ in range(ATTEMPTS):
        written = _forecast_once if forecast else partial(_aggregate_once, computing=baselines)
        if written(store, experiment_id):
            return True
        if store.experiments.with_id(experiment_id).state is not ExperimentState.DONE:
            break
    return False


def _forecast_once(store: Store, experiment_id: int) -> bool:
    """Write what a forecast beyond the end of the data says, unless there are other results by then."""
    from scheduler.lifecycle.forecasting import write_future

    return write_future(store, experiment_id)


def _aggregate_once(store: Store, experiment_id: int, *, computing: bool) -> bool:
    """Draw conclusions from the results that are there, and write them unless there are others by then."""
    from scheduler.lifecycle.baseline_cache import baselines
    from scheduler.statistics.ensembles.reading import read_scales

    version = store.results.version(experiment_id)
    experiment = store.experiments.with_id(experiment_id)
    configurations = sum(1 for _ in store.experiments.parameters(experiment_id))
    scales = read_scales(store, experiment_id, configurations)
    store.results.write_scales(experiment_id, scales)
    found = conclusions(store, experiment, scales)
    return store.results.write_conclusions(
        experiment_id,
        of=version,
        baselines=baselines(store, experiment_id) if computing else store.results.baselines(experiment_id),
        **found,
    )


def conclusions(
    store: Store, experiment: Experiment, scales: Mapping[str, tuple[Scale, ...]]
) -> dict[str, pd.DataFrame]:
    """Compute the summaries, comparisons and ensembles of the results that are there.

    Args:
        store: the results store.
        experiment: whose results.
        scales: what MASE and RMSSE of each configuration divide by.
    """
    from scheduler.statistics.conclusions import compare_experiment
    from scheduler.statistics.ensembles.reading import read_ensembles
    from scheduler.statistics.over_splits.frames import has_several, over_splits, summaries_of
    from scheduler.statistics.rounding import with_rounding
    from scheduler.statistics.splits.reading import read_split_scores
    from scheduler.statistics.splits.verdicts import stored_pairs

    results = store.results.frame(experiment.id)
    numerics = store.results.numerics(experiment.id)
    ensembles = read_ensembles(store, experiment, results, scales=scales).ensembles
    cells = store.experiments.cells(experiment.id)
    rounded = with_rounding(store, experiment, results)
    repeats = over_splits(rounded, cells) if has_several(cells) else rounded
    splits = read_split_scores(rounded, cells, experiment.judged_by)
    comparison = compare_experiment(experiment, repeats, numerics=numerics, splits=splits)
    return {
        "summaries": summaries_of(results, repeats, experiment.judged_by),
        "comparisons": stored_pairs(comparison),
        "ensembles": ensembles.scores,
        "ensemble_steps": ensembles.steps,
    }


#: seconds between two messages about the baselines
SAY_EVERY = 5.0


class _Stopped(Exception):
    """The baselines are not wanted any more."""


class Ahead:
    """What is computed in a thread while the workers train.

    The thread has the priority of the workers: with less it would wait until the training is over, and all with it.
    """

    def __init__(self, store: Store, experiment_ids: Sequence[int], load: Sequence[str]) -> None:
        self._store, self._ids, self._load = store, experiment_ids, load
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._compute, name="baselines", daemon=True)
        #: which baseline is being computed, and the share of all that is done
        self.progress = ""
        self._thread.start()

    def join(self, seconds: float | None = None) -> bool:
        """Wait until all is computed, or for some seconds; return whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def wait(self, say: Callable[[str], None]) -> bool:
        """Wait until all is computed, and tell the progress now and then; return False if Ctrl-C ended that."""
        try:
            while not self.join(SAY_EVERY):
                say(f"{self.progress or 'baselines'}; Ctrl-C leaves them out")
        except KeyboardInterrupt as problem:
            answer_interrupt(problem)
            self.stop()
            return False
        return True

    def stop(self) -> None:
        """End after the baseline's next fit."""
        self._stop.set()

    def _compute(self) -> None:
        from scheduler.lifecycle.baseline_cache import baselines

        try:
            for name in self._load:
                import_module(name)
            for experiment_id in self._ids:
                if self._store.futures.study_of(experiment_id) is not None:
                    continue
                self._store.results.write_baselines(experiment_id, baselines(self._store, experiment_id, self._look))
        except _Stopped:
            logger.info("baselines left out")
        except Exception as problem:
            logger.info("baselines not computed ahead: %s", problem)

    def _look(self, baseline: str, share: float) -> None:
        if self._stop.is_set():
            raise _Stopped
        self.progress = f"baselines: {baseline}, {share:.0%} done"


def compute_ahead(store: Store, experiment_ids: Sequence[int], *, load: Sequence[str] = ()) -> Ahead:
    """Compute what needs no result while the workers train, in a thread.

    The aggregator finds the baselines in the store. If this fails or is not done in time, it computes them itself.

    Args:
        store: the results store.
        experiment_ids: the experiments whose baselines are computed.
        load: modules to import, because they take seconds and are needed once the results are in.
    """
    return Ahead(store, experiment_ids, load)


def aggregate_finished(store: Store, closed: Iterable[int] = (), *, baselines: bool = True) -> list[int]:
    """Aggregate every experiment that is done and has no summaries of its results, and return their ids.

    The worker that finishes an experiment asks for this. If it dies before it asks, the next call aggregates that
    experiment, too, since the store knows which summaries are missing or outdated. Without `baselines`, those that the
    store lacks are left out.
    """
    store.experiments.close_if_done()
    written = []
    for experiment_id in sorted({*closed, *store.experiments.unsummarised()}):
        if aggregate(store, experiment_id, baselines=baselines):
            written.append(experiment_id)
            logger.info("summaries written", extra={"experiment": experiment_id})
        else:
            logger.info("summaries not written: the results changed meanwhile", extra={"experiment": experiment_id})
    return written
