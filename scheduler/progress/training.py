"""Training an experiment from Python on this machine, with its progress shown and a clean Ctrl-C."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from typing import TYPE_CHECKING

from scheduler.lifecycle.interrupts import Interrupted, interruptible
from store.settings import Settings

if TYPE_CHECKING:
    from store import Experiment, Store


def train_shown(store: Store, experiment: Experiment, workers: int | None, *, progress: bool) -> None:
    """Train what waits of an experiment, and summarise what is finished.

    Args:
        store: where it is.
        experiment: which.
        workers: local processes; None for the number of cores.
        progress: whether to show the progress, in the notebook or on stderr.
    """
    from scheduler.lifecycle.aggregate import aggregate_finished
    from scheduler.lifecycle.local_training import train
    from scheduler.progress.display import Hidden, display

    complete = True
    if store.jobs.unfinished([experiment.id]):
        settings = Settings.from_env(store=store.address)
        shown = display("loading TensorFlow") if progress else nullcontext(Hidden())
        try:
            with shown as visible, interruptible(signal.SIGINT):
                complete = train(store, settings, [experiment], workers=workers, show=visible.show, say=visible.say)
        except Interrupted:
            raise KeyboardInterrupt from None  # Python ends a script as shells expect only for this exact class
    aggregate_finished(store, baselines=complete)
