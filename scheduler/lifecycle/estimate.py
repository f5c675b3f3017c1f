"""A rough estimate of how long a run takes, good enough to decide whether to wait for it.

`store.schema.cost` estimates the training. The seconds around it were measured on two cores without a GPU by
benchmarks/engine.py.
"""

from __future__ import annotations

#: seconds to start a worker and import TensorFlow
START = 6.0
#: seconds to trace and compile a program
COMPILE = 2.5


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
