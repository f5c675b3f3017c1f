"""Train once, score the training, validation and test rows after every few epochs, then forecast the test rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from store.records import Trajectory
from store.schema.configuration import Configuration, Fixed
from worker.engine.arrays import Array, Float32s
from worker.engine.batches import Asked, asked, batches, count, of_part
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import forecast_batch, rung
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.protocols.blocks import Block, blocks, laid_out_by, watched
from worker.lane import Lane


@dataclass(kw_only=True, slots=True)
class Repeat:
    """One training; lanes that differ in epochs alone are its beginnings."""

    configuration: Configuration
    seed: int
    prepared: Prepared
    #: position of each lane among those given, and the lane
    lanes: list[tuple[int, Lane]] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        return max(self.ends)

    @property
    def ends(self) -> list[int]:
        return [lane.configuration.training.epochs for _, lane in self.lanes]


def train(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, in blocks of as many as the program has; lanes of similar length share a block."""
    repeats = _repeats(lanes, rows)
    own = LaneRows(each=[repeat.prepared for repeat in repeats], apart=True) if rows.apart else rows
    lay_out = laid_out_by(partial(_questions, apart=rows.apart), apart=rows.apart)
    outcomes: dict[int, Outcome] = {}
    for block in blocks([repeat.configuration for repeat in repeats], own, lay_out):
        outcomes |= _Training(block, [repeats[place] for place in block.positions], ticker).outcomes()
    return [outcomes[position] for position in range(len(lanes))]


def _protocol(configuration: Configuration) -> Fixed:
    assert isinstance(configuration.protocol, Fixed)
    return configuration.protocol


def _repeats(lanes: Sequence[Lane], rows: LaneRows) -> list[Repeat]:
    """Find the trainings to do, the longest first."""
    found: dict[tuple[object, ...], Repeat] = {}
    for position, lane in enumerate(lanes):
        prepared = rows.of(position)
        key = (id(prepared), lane.seed, *sorted(lane.configuration.lane_numbers.items()))
        if rows.apart:
            key += (lane.configuration.program(),)
        if lane.configuration.training.early_stopping is not None:  # a lane that ends has the weights of its best epoch
            key += (lane.configuration.training.epochs,)
        repeat = found.setdefault(key, Repeat(configuration=lane.configuration, seed=lane.seed, prepared=prepared))
        repeat.lanes.append((position, lane))
    return sorted(found.values(), key=lambda repeat: (-repeat.epochs, -len(repeat.prepared.train)))


def _scored(prepared: Prepared) -> dict[str, Rows]:
    """Return the parts that are scored, by their names."""
    found = {"train": prepared.train, "validation": prepared.validation, "test": prepared.test}
    return {name: rows for name, rows in found.items() if len(rows)}


def _questions(configuration: Configuration, prepared: Prepared, *, apart: bool) -> Asked:
    """Cut the rows of all parts; where lanes have their own, with room for those of series of like length."""
    parts, warm_up = list(_scored(prepared).values()), _protocol(configuration).warm_up
    batch = forecast_batch(configuration, parts, apart=apart)
    if not apart:
        return asked(parts, batch, warm_up=warm_up, feeding=prepared.feeding)
    joined = not configuration.model.carries_state
    needed = count(sum(map(len, parts)), batch) if joined else sum(count(len(part), batch) for part in parts)
    return asked(parts, batch, number=rung(needed), warm_up=warm_up, joined=joined, feeding=prepared.feeding)


class _Training:
    """The training of repeats side by side."""

    def __init__(self, block: Block, repeats: list[Repeat], ticker: Ticker) -> None:
        self.repeats, self.rows = repeats, block.rows
        compiled, rows = block.program, block.rows
        configuration = repeats[0].configuration
        self.names = list(_scored(repeats[0].prepared))
        self.every = _protocol(configuration).evaluate_every
        self.questions = rows.asked(lambda prepared: _questions(configuration, prepared, apart=rows.apart))
        self.train = rows.batches(lambda prepared: batches(prepared.train, *compiled.layout.train))
        self.watched = watched(rows, compiled.layout)
        carry = compiled.start([repeat.configuration for repeat in repeats], [repeat.seed for repeat in repeats])
        self.run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(repeats), worth=self._worth)

    def _worth(self, before: int, after: int) -> int:
        ends = [end for repeat in self.repeats for end in repeat.ends]
        return sum(min(after, end) - min(before, end) for end in ends)

    def outcomes(self) -> dict[int, Outcome]:
        """Train to each end in turn and take what the lanes that end there have."""
        ends = sorted({end for repeat in self.repeats for end in repeat.ends})
        marks: list[int] = []
        curves: list[Float32s] = []
        outcomes: dict[int, Outcome] = {}
        for end in ends:
            stops = [*range((self.run.epoch // self.every + 1) * self.every, end, self.every), end]
            points, forecasts = self.run.to(stops, self.train, self.questions, self.rows.spread, self.watched)
            marks, curves = [*marks, *stops], [*curves, points]
            outcomes |= self._ended(end, np.array(marks), np.concatenate(curves), forecasts)
        return outcomes

    def _ended(self, end: int, marks: Array, curves: Float32s, forecasts: Float32s) -> dict[int, Outcome]:
        mine = (marks % self.every == 0) | (marks == end)
        return {
            position: replace(
                self._outcome(repeat.prepared, end, curves[mine, number], forecasts, number),
                weights=self.run.weights(number, lane),
            )
            for number, repeat in enumerate(self.repeats)
            for position, lane in repeat.lanes
            if lane.configuration.training.epochs == end
        }

    def _outcome(self, prepared: Prepared, end: int, curves: Float32s, forecasts: Float32s, lane: int) -> Outcome:
        """Make the outcome of the curves of a lane (points, parts) and the last forecasts of all of them."""
        scored = _scored(prepared)
        named = {
            name: with_missed(prepared, scored[name], curve)
            for name, curve in zip(self.names, curves.T.copy(), strict=True)
        }
        trajectory = Trajectory(
            epochs=end,
            every=self.every,
            train_rmse=named["train"],
            test_rmse=named["test"],
            validation_rmse=named.get("validation"),
            factor=prepared.unit,
        )
        trained, forecast = (
            of_part(forecasts, self.questions, self.names.index(name), lane) for name in ("train", "test")
        )
        return Outcome(rows=prepared.test, forecast=forecast, trajectory=trajectory, trained=trained)


def with_missed(prepared: Prepared, rows: Rows, curve: Float32s) -> Float32s:
    """Add to a curve the errors that the program does not see: those of targets that have no scale."""
    missed = prepared.missed(rows)
    return np.hypot(curve, np.float32(missed)) if missed else curve
