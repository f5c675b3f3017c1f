"""How many lanes a program has, and how rows are cut into batches for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from store.schema.configuration import Configuration, Fixed
from worker.engine.batches import Asked, count
from worker.engine.prepare import Prepared, Rows
from worker.engine.program import Layout

#: Most multiplications of one batch of one repeat, and how many lanes are then trained side by side. The number
#: depends on the model alone, so that a repeat always runs in the same program.
LANES: Final = ((50_000, 32), (1_000_000, 8))


def layout(
    configuration: Configuration,
    prepared: Prepared,
    *,
    train: int,
    asked: Asked,
    grows: bool = False,
    leaves_state: bool = False,
) -> Layout:
    """Lay out a program that trains on up to `train` rows and forecasts some.

    Args:
        configuration: What is trained.
        prepared: Its rows.
        train: The most rows that it trains on.
        asked: The rows that it forecasts.
        grows: Whether it also trains on fewer rows than these.
        leaves_state: Whether an epoch starts with the state that forecasts leave.
    """
    batch = configuration.training.batch_size
    _, timesteps, features = prepared.train.inputs.shape
    _, horizon, targets = prepared.train.targets.shape
    parts, number, size = asked.parts.shape
    return Layout(
        lanes=lanes(configuration, timesteps, features),
        train=(batch, count(train, batch)),
        asked=(size, number),
        parts=parts,
        timesteps=timesteps,
        features=features,
        horizon=horizon,
        steps=configuration.prepare.steps_at_once,
        targets=targets,
        padded=bool(train % batch)
        or not asked.rows.counts.all()
        or (grows and configuration.prepare.pad and batch > 1),
        leaves_state=leaves_state,
        quantiles=len(configuration.training.loss.quantiles),
        transforms=tuple(one.word for one in prepared.transforms) if asked.terms else (),
    )


def lanes(configuration: Configuration, timesteps: int, features: int) -> int:
    """Choose how many lanes a program has: fewer, the more work a batch of one repeat is."""
    model = configuration.model
    widths = model.widths
    seen = (features, *widths)
    weights = sum(4 * units * (units + before) for units, before in zip(widths, seen, strict=False))
    work = configuration.training.batch_size * timesteps * weights
    return next((size for most, size in LANES if work <= most), 1)


def forecast_batch(configuration: Configuration, parts: Sequence[Rows]) -> int:
    """Choose how many rows are forecast at once: with a state as many as asked, or as are trained on at once."""
    batch, protocol = configuration.training.batch_size, configuration.protocol
    if isinstance(protocol, Fixed) and protocol.forecast_batch_size is not None:
        return protocol.forecast_batch_size
    return batch if configuration.model.carries_state else max(batch, min(256, max(len(rows) for rows in parts)))
