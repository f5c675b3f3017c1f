"""Rows of later steps, for a model that is fed its own forecasts: where each of their numbers is from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from store.preparation.scaling import Scaler
from store.schema.configuration import Configuration
from store.schema.inputs import OFFSET, Feature, layout
from worker.engine.arrays import Array, Float32s


class Feeding(NamedTuple):
    """A number of a later row is a source x gain + shift; all (horizon - 1, timesteps, features).

    Sources are, in one vector, the numbers of the first row, the forecasts (step by step, and in each the targets), and
    `Rows.later` of the step.
    """

    sources: Array
    gains: Float32s
    shifts: Float32s


@dataclass(frozen=True, kw_only=True, slots=True)
class _Source:
    """Where one number is from, and the scale that it has there: place of the scaler, or step and target."""

    place: int
    own: int | None = None
    step: int = 0
    target: int | None = None


def fed_from(configuration: Configuration, seen: Scaler, asked: Scaler) -> tuple[Feeding, tuple[int, ...]]:
    """Find the sources of all later rows.

    Args:
        configuration: What a row sees.
        seen: The scale of its numbers, in one axis.
        asked: The scale of the targets, (horizon, targets).

    Returns:
        The sources, and the places of the numbers that neither the first row nor forecasts have.
    """
    steps = layout(configuration)
    horizon, size = len(asked.low), len(steps) * len(steps[0])
    later: dict[int, int] = {}
    shape = (horizon - 1, size)
    places, gains, shifts = np.zeros(shape, np.int32), np.ones(shape), np.zeros(shape)
    for ahead in range(1, horizon):
        for place, source in enumerate(_sources(configuration, ahead, seen)):
            if source is None:
                places[ahead - 1, place] = size + asked.low.size + later.setdefault(place, len(later))
                continue
            places[ahead - 1, place] = source.place
            scale = _scale(seen, source.own) if source.target is None else _scale(asked, (source.step, source.target))
            gains[ahead - 1, place], shifts[ahead - 1, place] = _between(scale, _scale(seen, place))
    whole = (horizon - 1, len(steps), len(steps[0]))
    found = Feeding(places.reshape(whole), *(one.reshape(whole).astype(np.float32) for one in (gains, shifts)))
    return found, tuple(later)


def _sources(configuration: Configuration, ahead: int, seen: Scaler) -> Iterator[_Source | None]:
    """Yield where the numbers of a row so many steps later are from; None where neither row nor forecasts have one."""
    names, targets = configuration.series.inputs, configuration.series.targets
    offset = OFFSET[configuration.prepare.target_at]
    features = [feature for step in layout(configuration) for feature in step]
    own = {feature: place for place, feature in enumerate(features) if not seen.constant[place]}
    for feature in features:
        time, name = feature.time + ahead, names[feature.column]
        if name in targets and time >= offset:
            target = targets.index(name)
            step = time - offset
            yield _Source(place=len(features) + step * len(targets) + target, step=step, target=target)
        else:
            place = own.get(Feature(time, feature.column))
            yield None if place is None else _Source(place=place, own=place)


def _scale(scaler: Scaler, place: Any) -> tuple[float, float, float]:
    return float(scaler.low[place]), float(scaler.factor[place]), float(scaler.bottom[place])


def _between(source: tuple[float, float, float], aim: tuple[float, float, float]) -> tuple[float, float]:
    """Return gain and shift from one scale to another; what a constant column is scaled to is one value."""
    (low, factor, bottom), (aim_low, aim_factor, aim_bottom) = source, aim
    if np.isinf(aim_factor):
        return 0.0, aim_bottom
    return aim_factor / factor, (low - aim_low - bottom / factor) * aim_factor + aim_bottom
