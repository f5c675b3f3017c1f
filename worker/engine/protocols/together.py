"""Train one model on the rows of several series, score the parts of each, then forecast the test rows of each.

A training has as many results as series are forecast, whichever of them a pack asks for: it always forecasts all, so
that no bit depends on that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from store.records import Trajectory
from store.schema.configuration import Configuration, Fixed
from store.schema.cost import TOGETHER_LANES
from worker.engine.arrays import Array, Float32s
from worker.engine.batches import Asked, Batches, batches, count
from worker.engine.layouts import Layout, lanes
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.program import Program
from worker.engine.program_cache import program
from worker.engine.protocols.fixed import with_missed
from worker.engine.protocols.joined import Joined
from worker.lane import Lane


@dataclass(kw_only=True, slots=True)
class Fit:
    """One training; lanes that differ in epochs alone are its beginnings, and those of other series are its results."""

    configuration: Configuration
    seed: int
    #: position of each lane among those given, and the lane
    lanes: list[tuple[int, Lane]] = field(default_factory=list)

    @property
    def ends(self) -> list[int]:
        """The epochs of the lanes."""
        return [lane.configuration.training.epochs for _, lane in self.lanes]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cut:
    """The rows of a panel as its program takes them."""

    joined: Joined
    train: Batches
    asked: Asked
    watched: list[Batches]


def train(given: Sequence[Lane], joined: Joined, ticker: Ticker) -> list[Outcome]:
    """Train all that the lanes are results of, side by side, and return the outcome of each lane."""
    configuration, rows, asked = joined.configuration, joined.train, joined.asked()
    watched = joined.watched(asked.rows.inputs.shape[2])
    laid_out = _layout(configuration, joined.trained[0], rows, asked, watched)
    cut = _Cut(joined=joined, train=batches(rows, *laid_out.train), asked=asked, watched=watched)
    compiled, fits = program(configuration, laid_out), fits_of(given)
    outcomes: dict[int, Outcome] = {}
    for first in range(0, len(fits), laid_out.lanes):
        outcomes |= _SideBySide(compiled, cut, fits[first : first + laid_out.lanes], ticker).outcomes()
    return [outcomes[position] for position in range(len(given))]


def fits_of(given: Sequence[Lane]) -> list[Fit]:
    """Find the trainings to do, the longest first."""
    found: dict[tuple[object, ...], Fit] = {}
    for position, lane in enumerate(given):
        key: tuple[object, ...] = (lane.seed, *sorted(lane.configuration.lane_numbers.items()))
        if lane.configuration.training.early_stopping is not None:  # a lane that ends has the weights of its best epoch
            key += (lane.configuration.training.epochs,)
        fit = found.setdefault(key, Fit(configuration=lane.configuration, seed=lane.seed))
        fit.lanes.append((position, lane))
    return sorted(found.values(), key=lambda fit: -max(fit.ends))


def _layout(
    configuration: Configuration, prepared: Prepared, rows: Rows, asked: Asked, watched: Sequence[Batches]
) -> Layout:
    """Lay out the program of a panel: all depends on the panel and the configuration alone."""
    batch = configuration.training.batch_size
    _, timesteps, features = rows.inputs.shape
    _, horizon, targets = rows.targets.shape
    number, _, size = asked.rows.counts.shape
    return Layout(
        lanes=min(TOGETHER_LANES, lanes(configuration, timesteps, features)),
        train=(batch, count(len(rows), batch)),
        asked=(size, number),
        parts=len(asked.by_part[0].places),
        timesteps=timesteps,
        features=features,
        horizon=horizon,
        steps=horizon,
        targets=targets,
        padded=bool(len(rows) % batch) or not asked.rows.counts.all(),
        quantiles=len(configuration.training.loss.quantiles),
        transforms=tuple(one.word for one in prepared.transforms) if asked.by_part[0].terms else (),
        watched=len(watched[0].inputs) if watched else 0,
        embedding=embedding_of(configuration),
    )


def embedding_of(configuration: Configuration) -> tuple[int, int] | None:
    """Return how many series a model learns a vector for, and how wide it is."""
    assert configuration.panel is not None
    return configuration.panel.embedding


class _SideBySide:
    """The training of fits side by side."""

    def __init__(self, compiled: Program, cut: _Cut, fits: list[Fit], ticker: Ticker) -> None:
        self.cut, self.fits = cut, fits
        protocol = cut.joined.configuration.protocol
        assert isinstance(protocol, Fixed)
        self.every = protocol.evaluate_every
        carry = compiled.start([fit.configuration for fit in fits], [fit.seed for fit in fits])
        self.run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(fits), worth=self._worth)

    def _worth(self, before: int, after: int) -> int:
        ends = [end for fit in self.fits for end in fit.ends]
        return sum(min(after, end) - min(before, end) for end in ends)

    def outcomes(self) -> dict[int, Outcome]:
        """Train to each end in turn and take what the lanes that end there have."""
        cut, marks = self.cut, list[int]()
        curves: list[Float32s] = []
        outcomes: dict[int, Outcome] = {}
        for end in sorted({end for fit in self.fits for end in fit.ends}):
            stops = [*range((self.run.epoch // self.every + 1) * self.every, end, self.every), end]
            spread = cut.asked.by_part[0].spread
            points, forecasts = self.run.to(stops, cut.train, cut.asked, spread, cut.watched)
            marks, curves = [*marks, *stops], [*curves, points]
            outcomes |= self._ended(end, np.array(marks), np.concatenate(curves), forecasts)
        return outcomes

    def _ended(self, end: int, marks: Array, curves: Float32s, forecasts: Float32s) -> dict[int, Outcome]:
        mine = curves[(marks % self.every == 0) | (marks == end)]
        by_lane = [one.reshape(-1, *one.shape[2:]) for one in forecasts.swapaxes(0, 1)]
        return {
            position: replace(
                self._outcome(lane, mine[:, number], by_lane[number]), weights=self.run.weights(number, lane)
            )
            for number, fit in enumerate(self.fits)
            for position, lane in fit.lanes
            if lane.configuration.training.epochs == end
        }

    def _outcome(self, lane: Lane, curves: Float32s, forecasts: Float32s) -> Outcome:
        """Make the outcome of a lane from the curves (points, parts) and forecasts of its training."""
        joined = self.cut.joined
        place, names = joined.place(lane), joined.names
        prepared = joined.forecast[place]
        first = place * len(names)
        named = {
            name: with_missed(prepared, getattr(prepared, name), curves[:, first + number].copy())
            for number, name in enumerate(names)
        }
        trajectory = Trajectory(
            epochs=lane.configuration.training.epochs,
            every=self.every,
            train_rmse=named["train"],
            test_rmse=named["test"],
            validation_rmse=named.get("validation"),
            factor=prepared.unit,
        )
        trained, forecast = (joined.of_part(forecasts, place, name) for name in ("train", "test"))
        return Outcome(rows=prepared.test, forecast=forecast, trajectory=trajectory, trained=trained)
