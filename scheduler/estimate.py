"""How long packs take, roughly: enough to choose their size and to tell the user whether to wait.

The figures are of two cores without a GPU (benchmarks/engine.py); a plan says "about".
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.configuration import Configuration
    from store.framing import Frame

#: seconds to start a worker and import TensorFlow
START = 6.0
#: seconds to trace and compile a program
COMPILE = 2.5
#: seconds that a pack should train at least, so that its compilation pays, and at most, so that many workers share
WORTHWHILE = 10.0
#: lanes above which a pack gains nothing
WIDEST = 64
#: seconds that one batch of one repeat takes however small the model is, and one multiplication on top
PER_BATCH = 0.15e-6
PER_PRODUCT = 0.4e-9


def repeat_seconds(configuration: Configuration, rows: Frame) -> float:
    """Estimate the seconds that one repeat trains, side by side with others."""
    return configuration.training.epochs * epoch_seconds(configuration, rows)


def epoch_seconds(configuration: Configuration, rows: Frame) -> float:
    """Estimate one epoch of one repeat: every training row forth and back, and a forecast of every row."""
    batch = configuration.training.batch_size
    batches = ceil(len(rows.train) / batch) * 2 + ceil(len(rows.test) / batch)
    passes = 3 * len(rows.train) + len(rows.train) + len(rows.test)
    return batches * PER_BATCH * rows.timesteps + passes * rows.timesteps * products(configuration, rows) * PER_PRODUCT


def products(configuration: Configuration, rows: Frame) -> int:
    """Count the multiplications of one time step of one row."""
    inputs, count = rows.features, 0
    for units in configuration.model.layers:
        count += 4 * units * (inputs + units)
        inputs = units
    return count


def largest_pack(configuration: Configuration, rows: Frame) -> int:
    """Choose how many repeats to train side by side: many of a small model, one of a large one."""
    seconds = repeat_seconds(configuration, rows)
    return max(1, min(WIDEST, round(WORTHWHILE / seconds))) if seconds > 0 else WIDEST


def wall_seconds(programs: dict[str, float], workers: int) -> float:
    """Estimate the time to train everything here.

    Args:
        programs: seconds of training for each program that is not in the store yet.
        workers: local processes, one core each.
    """
    if not programs:
        return 0.0
    longest = max(COMPILE + seconds for seconds in programs.values())
    return START + max(longest, sum(COMPILE + seconds for seconds in programs.values()) / workers)


def readable(seconds: float) -> str:
    """Write a duration as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
