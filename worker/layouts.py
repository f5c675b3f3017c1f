"""How many lanes a program has, and how rows are cut into batches for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from store.configuration import Configuration
from worker.prepare import Prepared, Rows
from worker.program import Layout

#: Numbers of lanes that programs are compiled for: few, so that they are used again. One repeat of a program with two
#: lanes or more has the same bits in any of them.
SIZES: Final = (2, 8, 32)


def layout(
    configuration: Configuration,
    prepared: Prepared,
    *,
    repeats: int,
    train: int,
    parts: Sequence[tuple[int, int]],
    warm_up: bool = False,
) -> Layout:
    """Lay out a program that trains on `train` rows and forecasts parts of (batch size, rows)."""
    batch = configuration.training.batch_size
    _, timesteps, features = prepared.train.inputs.shape
    _, horizon, targets = prepared.train.targets.shape
    padded = any(rows % size for size, rows in [(batch, train), *parts])
    return Layout(
        lanes=lanes(configuration, repeats),
        train=(batch, count(train, batch)),
        parts=tuple((size, count(rows, size)) for size, rows in parts),
        timesteps=timesteps,
        features=features,
        horizon=horizon,
        targets=targets,
        padded=padded,
        warm_up=warm_up,
    )


def count(rows: int, batch: int) -> int:
    """Count the batches that hold so many rows."""
    return -(-rows // batch)


def lanes(configuration: Configuration, repeats: int) -> int:
    """Choose how many lanes a program has."""
    return SIZES[-1]


def forecast_batch(configuration: Configuration, rows: Rows) -> int:
    """Choose how many rows are forecast at once: as many as are trained on at once where there is a state."""
    batch = configuration.training.batch_size
    return batch if configuration.model.stateful else max(1, min(len(rows), max(batch, 256)))
