"""A rough estimate of how long a run takes, good enough to decide whether to wait for it.

`store.schema.cost` estimates the training. The seconds around it were measured on two cores without a GPU by
benchmarks/engine.py.
"""

from __future__ import annotations

from collections.abc import Iterable

#: seconds to start a worker and import TensorFlow
START = 6.0
#: seconds to trace and compile a program
COMPILE = 2.5

#: seconds until the first baseline is computed, for each target to choose and fit the models, and for each test row
BASELINES_START = 1.5
BASELINES_TARGET = 2.0
BASELINES_ROW = 0.002


def baseline_seconds(splits: Iterable[tuple[int, int]]) -> float:
    """Estimate the time to compute the baselines of splits, given as their numbers of targets and test rows."""
    each = [targets * (BASELINES_TARGET + BASELINES_ROW * rows) for targets, rows in splits]
    return BASELINES_START + sum(each) if each else 0.0


def wall_seconds(programs: dict[str, float], workers: int) -> float:
    """Estimate the time to train everything on this machine.

    Args:
        programs: seconds of training, by program, of the jobs that are not in the store yet.
        workers: local processes, one core each.
    """
    if not programs:
        return 0.0
    longest = max(COMPILE + seconds for seconds in programs.values())
    return START + max(longest, sum(COMPILE + seconds for seconds in programs.values()) / workers)


def readable(seconds: float) -> str:
    """Return a duration with the unit that suits it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
