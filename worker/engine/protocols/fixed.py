"""Train once, score the training, validation and test rows after every few epochs, then forecast the test rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from store.records import Trajectory
from store.schema.configuration import Configuration, Fixed
from worker.engine.arrays import Array, Float32s
from worker.engine.batches import Asked, asked, batches, of_part
from worker.engine.layouts import forecast_batch, layout
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.program import Program
from worker.engine.program_cache import program
from worker.lane import Lane


@dataclass(kw_only=True, slots=True)
class Repeat:
    """One training; lanes that differ in epochs alone are its beginnings."""

    configuration: Configuration
    seed: int
    #: position of each lane among those given, and its epochs
    lanes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        return max(epochs for _, epochs in self.lanes)


def train(lanes: Sequence[Lane], prepared: Prepared, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, in blocks of as many as the program has; lanes of similar length share a block."""
    configuration = lanes[0].configuration
    repeats = _repeats(lanes)
    scored = {"train": prepared.train, "validation": prepared.validation, "test": prepared.test}
    scored = {name: rows for name, rows in scored.items() if len(rows)}
    parts = list(scored.values())
    questions = asked(
        parts, forecast_batch(configuration, parts), warm_up=_protocol(configuration).warm_up, feeding=prepared.feeding
    )
    compiled = program(configuration, layout(configuration, prepared, train=len(prepared.train), asked=questions))
    outcomes: dict[int, Outcome] = {}
    width = compiled.layout.lanes
    for first in range(0, len(repeats), width):
        outcomes |= _Block(compiled, repeats[first : first + width], questions, scored, prepared, ticker).outcomes()
    return [outcomes[position] for position in range(len(lanes))]


def _protocol(configuration: Configuration) -> Fixed:
    assert isinstance(configuration.protocol, Fixed)
    return configuration.protocol


def _repeats(lanes: Sequence[Lane]) -> list[Repeat]:
    """Find the trainings to do, the longest first."""
    found: dict[tuple[object, ...], Repeat] = {}
    for position, lane in enumerate(lanes):
        key = (lane.seed, *sorted(lane.configuration.lane_numbers.items()))
        repeat = found.setdefault(key, Repeat(configuration=lane.configuration, seed=lane.seed))
        repeat.lanes.append((position, lane.configuration.training.epochs))
    return sorted(found.values(), key=lambda repeat: -repeat.epochs)


class _Block:
    """The repeats that are trained side by side."""

    def __init__(
        self,
        compiled: Program,
        repeats: list[Repeat],
        questions: Asked,
        scored: dict[str, Rows],
        prepared: Prepared,
        ticker: Ticker,
    ) -> None:
        self.repeats, self.questions, self.scored, self.prepared = repeats, questions, scored, prepared
        self.names = list(scored)
        self.every = _protocol(repeats[0].configuration).evaluate_every
        self.train = batches(prepared.train, *compiled.layout.train)
        carry = compiled.start([repeat.configuration for repeat in repeats], [repeat.seed for repeat in repeats])
        self.run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(repeats), worth=self._worth)

    def _worth(self, before: int, after: int) -> int:
        ends = [epochs for repeat in self.repeats for _, epochs in repeat.lanes]
        return sum(min(after, end) - min(before, end) for end in ends)

    def outcomes(self) -> dict[int, Outcome]:
        """Train to each end in turn and take what the lanes that end there have."""
        ends = sorted({epochs for repeat in self.repeats for _, epochs in repeat.lanes})
        marks: list[int] = []
        curves: list[Float32s] = []
        outcomes: dict[int, Outcome] = {}
        for end in ends:
            stops = [*range((self.run.epoch // self.every + 1) * self.every, end, self.every), end]
            points, forecasts = self.run.to(stops, self.train, self.questions, self.prepared.spread)
            marks, curves = [*marks, *stops], [*curves, points]
            outcomes |= self._ended(end, np.array(marks), np.concatenate(curves), forecasts)
        return outcomes

    def _ended(self, end: int, marks: Array, curves: Float32s, forecasts: Float32s) -> dict[int, Outcome]:
        mine = (marks % self.every == 0) | (marks == end)
        return {
            position: self._outcome(end, curves[mine, number], forecasts[:, number])
            for number, repeat in enumerate(self.repeats)
            for position, epochs in repeat.lanes
            if epochs == end
        }

    def _with_missed(self, name: str, curve: Float32s) -> Float32s:
        """Add to a curve the errors that the program does not see: those of targets that have no scale."""
        missed = self.prepared.missed(self.scored[name])
        return np.hypot(curve, np.float32(missed)) if missed else curve

    def _outcome(self, end: int, curves: Float32s, forecasts: Float32s) -> Outcome:
        """Make the outcome of curves (points, parts) and test forecasts (batches, batch, horizon, targets)."""
        named = {name: self._with_missed(name, curve) for name, curve in zip(self.names, curves.T.copy(), strict=True)}
        trajectory = Trajectory(
            epochs=end,
            every=self.every,
            train_rmse=named["train"],
            test_rmse=named["test"],
            validation_rmse=named.get("validation"),
            factor=self.prepared.unit,
        )
        trained, forecast = (of_part(forecasts, self.questions, self.names.index(name)) for name in ("train", "test"))
        return Outcome(rows=self.prepared.test, forecast=forecast, trajectory=trajectory, trained=trained)
