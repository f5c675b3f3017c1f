"""The sizes that a program is compiled for: how many lanes it has, and how rows are cut into batches for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.schema.configuration import Configuration, Fixed
from worker.engine import models
from worker.engine.backend import ON_GPU
from worker.engine.batches import Asked, count
from worker.engine.prepare import Prepared, Rows

#: Most multiplications of one batch of one repeat, and how many lanes are then trained side by side. The number
#: depends on the model alone, so that a repeat always runs in the same program.
LANES: Final = ((50_000, 32), (1_000_000, 8))
#: The same for narrow models, whose lanes are what a processor's vectors hold.
NARROW_LANES: Final = ((125_000, 32), (4_000_000, 16))
#: One row of one lane is multiplied with a matrix by a loop that gathers its columns: 20 times as slow as two.
ROW_BY_ROW: Final = 2
#: On a GPU a batch of many lanes takes little longer than that of one, so programs have at least so many lanes, unless
#: these would hold more than so many numbers: about 60 bytes each on the way back, 8 GB.
GPU_LANES: Final = (32, 16, 8, 4, 2)
GPU_HELD: Final = 2**27
#: Most rows that are forecast at once.
MOST_ASKED: Final = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What a program is compiled for, beside the configuration: sizes only."""

    lanes: int
    #: batch size and number of batches, of the rows that are trained on and of those that are forecast
    train: tuple[int, int]
    asked: tuple[int, int]
    #: how many parts the rows that are forecast have
    parts: int
    timesteps: int
    features: int
    horizon: int
    #: how many steps of the horizon the model forecasts; it is fed its own forecasts for the others
    steps: int
    targets: int
    #: whether batches hold rows that count for nothing
    padded: bool
    #: whether the next epoch starts with the state that forecasts leave, as in a Keras loop without a reset
    leaves_state: bool = False
    #: how many numbers are forecast for each value; the median is scored
    quantiles: int = 1
    #: how each target is transformed; none where no target is
    transforms: tuple[str, ...] = ()
    #: how many numbers of later rows are neither of the first one nor forecasts
    later: int = 0
    #: the number of batches of validation rows by which training stops or slows down
    watched: int = 0
    #: whether each lane has its own rows; one that has none in a batch is left as it is
    apart: bool = False
    #: whether the state is reset before some of the rows of an epoch
    resets: bool = False
    #: how many series a vector is learnt for, and how wide it is
    embedding: tuple[int, int] | None = None

    def shape(self, batch: int) -> models.Shape:
        """Give the shape of a model for some batch size."""
        return models.Shape(
            batch=batch,
            timesteps=self.timesteps,
            features=self.features,
            horizon=self.steps,
            targets=self.targets,
            quantiles=self.quantiles,
            embedding=self.embedding,
        )


def layout(
    configuration: Configuration,
    prepared: Prepared,
    *,
    train: int,
    asked: Asked,
    apart: bool = False,
    watched: int = 0,
    grows: bool = False,
    leaves_state: bool = False,
) -> Layout:
    """Lay out a program that trains on up to `train` rows and forecasts some.

    Args:
        configuration: What is trained.
        prepared: Its rows.
        train: The most rows that it trains on.
        asked: The rows that it forecasts.
        apart: Whether each lane has its own rows.
        watched: How many batches of validation rows training depends on.
        grows: Whether it also trains on fewer rows than these.
        leaves_state: Whether an epoch starts with the state that forecasts leave.
    """
    batch = configuration.training.batch_size
    _, timesteps, features = prepared.train.inputs.shape
    _, horizon, targets = prepared.train.targets.shape
    parts, number, _, size = asked.parts.shape
    needed = count(train, batch)
    some_short = grows and configuration.prepare.pad and batch > 1
    return Layout(
        lanes=lanes(configuration, timesteps, features),
        train=(batch, rung(needed) if apart else needed),
        asked=(size, number),
        parts=parts,
        timesteps=timesteps,
        features=features,
        horizon=horizon,
        steps=configuration.prepare.steps_at_once,
        targets=targets,
        padded=apart or bool(train % batch) or not asked.rows.counts.all() or some_short,
        leaves_state=leaves_state,
        quantiles=len(configuration.training.loss.quantiles),
        transforms=tuple(one.word for one in prepared.transforms) if asked.terms else (),
        later=prepared.rows.later.shape[2],
        watched=watched,
        apart=apart,
        resets=configuration.model.carries_state and (apart or prepared.interrupted),
    )


def lanes(configuration: Configuration, timesteps: int, features: int) -> int:
    """Choose how many lanes a program has: fewer, the more work a batch of one repeat is, and more on a GPU."""
    model = configuration.model
    widths = model.widths
    seen = (features, *widths)
    weights = sum(4 * units * (units + before) for units, before in zip(widths, seen, strict=False))
    steps = configuration.training.batch_size * timesteps
    few = next((size for most, size in (NARROW_LANES if model.narrow else LANES) if steps * weights <= most), 1)
    if _row_by_row(configuration):
        few = max(few, ROW_BY_ROW)
    if not ON_GPU:
        return few
    held = steps * sum(widths) + weights
    return max(few, next((size for size in GPU_LANES if size * held <= GPU_HELD), 1))


def _row_by_row(configuration: Configuration) -> bool:
    """Return whether one row at a time is trained on or forecast."""
    return 1 in (configuration.training.batch_size, getattr(configuration.protocol, "forecast_batch_size", None))


def rung(number: int) -> int:
    """Round a number of batches or rows up to a power of two, so that series of like length share a program."""
    return 1 << max(0, number - 1).bit_length()


def forecast_batch(configuration: Configuration, parts: Sequence[Rows], *, apart: bool = False) -> int:
    """Choose how many rows are forecast at once: with a state as many as asked, or as are trained on at once.

    Without a state it is as many as the longest part has; where each lane has its own rows, about a quarter of them.
    """
    batch, protocol = configuration.training.batch_size, configuration.protocol
    if isinstance(protocol, Fixed) and protocol.forecast_batch_size is not None:
        return protocol.forecast_batch_size
    if configuration.model.carries_state:
        return batch
    most = rung(sum(map(len, parts))) // 4 if apart else max(map(len, parts))
    return max(batch, min(MOST_ASKED, most))
