"""Drives a compiled program in calls of about half a second, so that progress is told and a run can be abandoned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from worker.engine.arrays import Float32s
from worker.engine.batches import Asked, Batches
from worker.engine.epochs.carry import Carry
from worker.engine.program import CAPACITY, Program
from worker.lane import Lane

Progress = Callable[[int, int], None]

SECONDS = 0.5


@dataclass(kw_only=True)
class Ticker:
    """Tells how many epochs of all repeats are done."""

    progress: Progress
    total: int
    done: int = 0

    def tick(self, epochs: int) -> None:
        """Count epochs; raises what `progress` raises to abandon the run."""
        self.done += epochs
        self.progress(min(self.done, self.total), self.total)


@dataclass
class Pace:
    """Learns how many epochs fit a call."""

    epochs: int = 1

    def learn(self, epochs: int, seconds: float) -> None:
        """Aim at `SECONDS`, growing no faster than 16 times, since a first call also compiles."""
        fitting = int(epochs * SECONDS / max(seconds, 1e-6))
        self.epochs = max(1, min(fitting, 16 * self.epochs))


@dataclass(kw_only=True)
class Run:
    """A block of lanes in training: the program, its state, and how many epochs are behind."""

    program: Program
    carry: Carry
    ticker: Ticker
    lanes: int
    #: how many epochs of what was asked for lie between two epochs of the block; by default all lanes count alike
    worth: Callable[[int, int], int] | None = None
    epoch: int = 0
    pace: Pace = field(default_factory=Pace)

    def to(
        self, stops: Sequence[int], train: Batches, asked: Asked, spread: Float32s, watched: Sequence[Batches] = ()
    ) -> tuple[Float32s, Float32s]:
        """Train to the last of `stops`, forecasting and scoring at each; see `Program.advance` for what is given.

        Returns:
            RMSE of (stops, lanes, parts), and the scaled forecasts after the last stop,
            (batches, lanes, batch, horizon, targets), with an axis behind where they are of several quantiles.
        """
        curves: list[Float32s] = []
        waiting = list(stops)
        while True:
            due = self._due(waiting)
            aims = due or [self.epoch + self.pace.epochs]
            started = perf_counter()
            self.carry, points = self.program.advance(
                self.carry, train, asked, spread, epoch=self.epoch, stops=aims, score=bool(due), watched=watched
            )
            curves.append(points.curves.numpy()[: len(due)])
            self._reached(aims[-1], perf_counter() - started)
            del waiting[: len(due)]
            if not waiting:
                return np.concatenate(curves), points.forecasts[-1].numpy()

    def weights(self, number: int, lane: Lane) -> dict[str, Float32s] | None:
        """Return what a lane has learnt so far, by Keras' paths, if it is to be kept.

        Args:
            number: the place of the lane in the block.
            lane: what is trained there.
        """
        return self.program.template.learnt(self.carry.lane.weights, number) if lane.keeps_weights else None

    def watch_anew(self, epochs: int) -> None:
        """Let lanes that have stopped train on for some epochs, and forget the losses so far; rates stay."""
        self.carry = self.program.watched_anew(self.carry, self.epoch + epochs)

    def _due(self, waiting: list[int]) -> list[int]:
        """Choose the stops of the next call; none if the next one is too far for one call."""
        return [stop for stop in waiting[:CAPACITY] if stop - self.epoch <= self.pace.epochs]

    def _reached(self, epoch: int, seconds: float) -> None:
        before, self.epoch = self.epoch, epoch
        if epoch > before:
            self.pace.learn(epoch - before, seconds)
        self.ticker.tick(self.worth(before, epoch) if self.worth else self.lanes * (epoch - before))
