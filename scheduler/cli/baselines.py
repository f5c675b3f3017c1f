"""The baselines that a report finds missing: computed with progress, or left out at Ctrl-C."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scheduler.cli.output import err
from scheduler.lifecycle.interrupts import answer_interrupt
from store.errors import StoreError

if TYPE_CHECKING:
    from store import Experiment, Store

#: seconds between two lines of progress
LINE_EVERY = 5.0


class _Progress:
    """Prints a line now and then, unless nothing has changed since the last one."""

    def __init__(self) -> None:
        self._last, self._line = time.monotonic(), ""

    def __call__(self, baseline: str, share: float) -> None:
        now = time.monotonic()
        line = f"baselines: {baseline}, {share:.0%} done; Ctrl-C leaves them out"
        if now - self._last >= LINE_EVERY and line != self._line:
            self._last, self._line = now, line
            err.print(line, markup=False)


def complete_baselines(store: Store, experiment: Experiment) -> None:
    """Compute the baselines that a finished experiment lacks, unless the store may only be read."""
    from scheduler.lifecycle.baseline_cache import complete

    if experiment.summarised_at is None:
        return
    try:
        complete(store, experiment.id, _Progress())
    except KeyboardInterrupt as problem:
        answer_interrupt(problem)
        err.print("Interrupted: the report leaves the baselines out; the same command computes them.")
    except StoreError as problem:
        err.print(f"The baselines are those of an earlier version: {problem}", markup=False)
