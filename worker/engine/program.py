"""The compiled run: epochs of all lanes side by side, and what they forecast, as one XLA program.

Loops over points, epochs and batches have bounds that are arguments, as are the rows, so a program is compiled once for
all series and numbers of epochs of the same shapes. What is carried from call to call is the whole state of training:
cutting a run into more calls changes no bit.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import numpy as np

from store.schema.configuration import Configuration
from worker.engine import models
from worker.engine.arrays import Float32s
from worker.engine.backend import tf
from worker.engine.batches import Asked, Batches
from worker.engine.forecasts import later_steps, rmse
from worker.engine.layers.scan import put, take_one
from worker.engine.orders import after, begin, order, picked
from worker.engine.schedules import paced
from worker.engine.template import LaneValues, Template, Tensor
from worker.engine.updates import Memory, Updates

logger = logging.getLogger(__name__)

Filled = TypeVar("Filled")

#: The most points of a trajectory that one call gives.
CAPACITY = 512


class Carry(NamedTuple):
    """The state of training of all lanes between two epochs; weights and states in the order of `Template.axes`."""

    lane: LaneValues
    memory: Memory
    #: what the model carries into the next epoch: 0, unless forecasts leave their state
    states: list[Tensor]
    #: what the orders of the rows are drawn from; none where rows are not shuffled
    orders: list[Tensor]


class Points(NamedTuple):
    """What a call gives beside the carry."""

    #: (CAPACITY, lanes, parts), RMSE in the units of the series
    curves: Tensor
    #: (batches, lanes, batch, horizon, targets), scaled, after the last epoch of the call
    forecasts: Tensor


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

    def shape(self, batch: int) -> models.Shape:
        """Give the shape of a model for some batch size."""
        return models.Shape(
            batch=batch,
            timesteps=self.timesteps,
            features=self.features,
            horizon=self.steps,
            targets=self.targets,
            quantiles=self.quantiles,
        )


class Program:
    """A compiled run for some configuration and layout; calls are pure functions of their arguments."""

    def __init__(self, configuration: Configuration, layout: Layout) -> None:
        self.layout = layout
        self.template = Template.of(configuration, layout.shape(layout.train[0]))
        batch = layout.asked[0]
        same = batch == layout.train[0]
        self._asked = self.template if same else Template.of(configuration, layout.shape(batch))
        self._loss = models.loss(configuration.training)
        self._shuffles, self._schedule = configuration.training.shuffle, configuration.training.schedule
        self._updates = Updates(configuration.training, self.template, layout.lanes)
        plain = tf.autograph.experimental.do_not_convert(self._points)
        self._run = tf.function(plain, jit_compile=True, autograph=False)
        self._compiled = False

    def start(self, configurations: Sequence[Configuration], seeds: Sequence[int]) -> Carry:
        """Give the state before the first epoch; lanes that are left over repeat the last repeat."""
        weights = self._filled([self.template.initial_values(seed) for seed in seeds])
        drawn = self._filled([self.template.initial_seeds(seed) for seed in seeds])
        given = self._filled([configuration.lane_numbers for configuration in configurations])
        lane = LaneValues(
            weights=[np.stack(values, self.template.axes.lanes) for values in zip(*weights, strict=True)],
            seeds=[np.stack(values) for values in zip(*drawn, strict=True)],
            numbers={name: np.array([each[name] for each in given], np.float32) for name in given[0]},
        )
        orders = [np.stack(self._filled([begin(seed) for seed in seeds]))] if self._shuffles else []
        carry: Carry = _tensors(Carry(lane, self._updates.memory(), self._zeros(self.template), orders))
        return carry

    def _filled(self, values: list[Filled]) -> list[Filled]:
        return [*values, *[values[-1]] * (self.layout.lanes - len(values))]

    def advance(
        self,
        carry: Carry,
        train: Batches,
        asked: Asked,
        spread: Float32s,
        *,
        epoch: int,
        stops: Sequence[int],
        score: bool = True,
    ) -> tuple[Carry, Points]:
        """Train from `epoch` to the last of `stops`, at each of which rows are forecast and scored if `score`.

        Args:
            carry: The state after `epoch` epochs.
            train: The rows that are trained on.
            asked: The rows that are forecast.
            spread: How scaled errors add up to errors in the units of the series, (horizon, horizon, targets).
            epoch: How many epochs are behind.
            stops: Rising epochs, at most `CAPACITY`.
            score: Whether to forecast at all; without it curves and forecasts are 0.
        """
        marks = np.full(CAPACITY, stops[-1], np.int32)
        marks[: len(stops)] = stops
        rows = (carry, *_tensors((train, asked, spread, np.int32(epoch), marks)))
        count, scored = _tensors((np.int32(len(stops)), np.bool_(score)))
        if not self._compiled:
            self._compile(*rows, tf.zeros_like(count), scored)
        after, points = self._run(*rows, count, scored)
        return after, points

    def _compile(self, *given: Any) -> None:
        """Trace and compile, by a call that trains nothing, and log how long either took."""
        started = perf_counter()
        self._run.get_concrete_function(*given)
        traced = perf_counter()
        self._run(*given)
        self._compiled = True
        times = (traced - started, perf_counter() - traced)
        logger.info("a program of %d lanes was traced in %.3f s and compiled in %.3f s", self.layout.lanes, *times)

    def _points(
        self,
        carry: Carry,
        train: Batches,
        asked: Asked,
        spread: Tensor,
        epoch: Tensor,
        marks: Tensor,
        count: Tensor,
        score: Tensor,
    ) -> tuple[Carry, Points]:
        layout = self.layout
        shape = (layout.asked[1], layout.lanes, layout.asked[0], layout.horizon, layout.targets)
        nothing = Points(tf.zeros((CAPACITY, layout.lanes, layout.parts)), tf.zeros(shape))

        def point(number: Tensor, epoch: Tensor, carry: Carry, points: Points) -> tuple[Any, ...]:
            end = tf.gather(marks, number)
            carry = self._epochs(carry, train, epoch, end - epoch)
            forecasts, states = self._forecast(carry.lane, asked, points.forecasts, score)
            if layout.leaves_state:
                carry = carry._replace(states=states)
            scores = rmse(forecasts, asked, spread, layout.transforms)
            return number + 1, end, carry, Points(put(points.curves, number, scores), forecasts)

        begin = (tf.constant(0), epoch, carry, nothing)
        *_, carry, points = tf.while_loop(lambda number, *_: number < count, point, begin)
        return carry, points

    def _epochs(self, carry: Carry, train: Batches, behind: Tensor, count: Tensor) -> Carry:
        """Train some epochs; the states of the model are reset at the end of each."""
        zeros, numbers = self._zeros(self.template), carry.lane.numbers

        def epoch(number: Tensor, carry: Carry) -> tuple[Tensor, Carry]:
            places, orders = self._places(carry.orders, train), [after(state) for state in carry.orders]
            carry = carry._replace(lane=paced(carry.lane, self._schedule, behind + number))

            def batch(k: Tensor, carry: Carry) -> tuple[Tensor, Carry]:
                mine = [tf.gather(place, k, axis=1) for place in places]
                return k + 1, self._step(carry, *picked(train, k, *mine))

            _, carry = tf.while_loop(lambda k, *_: k < train.last, batch, (train.first, carry))
            lane = carry.lane._replace(numbers=numbers)
            return number + 1, carry._replace(lane=lane, states=zeros, orders=orders)

        _, carry = tf.while_loop(lambda number, *_: number < count, epoch, (tf.constant(0), carry))
        return carry

    @staticmethod
    def _places(orders: list[Tensor], train: Batches) -> list[Tensor]:
        """Draw the places of the rows of each batch, (lanes, batches, batch), where rows are shuffled."""
        counts = tf.reshape(train.counts, (-1,))
        return [tf.reshape(order(states, counts), (-1, *train.counts.shape)) for states in orders]

    def _step(self, carry: Carry, inputs: Tensor, targets: Tensor, counts: Tensor) -> Carry:
        """Train on a batch: forward, gradient and the optimizer's update, as Keras' `train_step` does."""
        lane, memory, states, _ = carry
        with tf.GradientTape() as tape:
            tape.watch(lane.weights)
            outputs, following, drawn, penalty = self.template.train(inputs, lane, states)
            loss = self._mean_loss(targets, outputs, counts) + penalty
        gradients = tape.gradient(loss, lane.weights)
        weights, memory = self._updates.apply(gradients, lane, memory)
        kept = self._kept(counts, states, [tf.stop_gradient(state) for state in following])
        return carry._replace(lane=drawn._replace(weights=weights), memory=memory, states=kept)

    def _mean_loss(self, targets: Tensor, outputs: Tensor, counts: Tensor) -> Tensor:
        """Compute the mean loss of each lane over the rows that count, (lanes,)."""
        rows, width = self.layout.train[0], self.layout.steps * self.layout.targets
        if self.layout.steps < self.layout.horizon:
            targets = targets[..., : self.layout.steps, :]
        observed = tf.broadcast_to(tf.reshape(targets, (-1, rows, width)), (self.layout.lanes, rows, width))
        losses = self._loss.call(observed, tf.reshape(outputs, (self.layout.lanes, rows, -1)))
        if not self.layout.padded:
            return tf.reduce_mean(losses, 1)
        return tf.reduce_sum(losses * counts, 1) / tf.reduce_sum(counts, 1)

    def _kept(self, counts: Tensor, before: list[Tensor], following: list[Tensor]) -> list[Tensor]:
        """Leave the state of a row as it was where it counts for nothing."""
        if not self.layout.padded:
            return following
        place = self.template.axes.place
        wide = [place(tf.reshape(counts > 0, (*counts.shape, *[1] * (len(state.shape) - 2)))) for state in following]
        return [tf.where(*choice) for choice in zip(wide, following, before, strict=True)]

    def _forecast(
        self, lane: LaneValues, asked: Asked, forecasts: Tensor, score: Tensor
    ) -> tuple[Tensor, list[Tensor]]:
        """Forecast the batches that are used, (batches, lanes, batch, horizon, targets), and return the states left.

        Nothing is forecast, and states are 0, unless `score`.
        """
        rows, zeros = asked.rows, self._zeros(self._asked)

        def batch(k: Tensor, forecasts: Tensor, states: list[Tensor]) -> tuple[Tensor, Tensor, list[Tensor]]:
            before = [tf.where(tf.gather(asked.runs_on, k), state, 0.0) for state in states]
            outputs, following = self._asked.call(take_one(rows.inputs, k), lane, before)
            if asked.fed:
                outputs = later_steps(self._asked, outputs, following, lane, asked, k)
            return k + 1, put(forecasts, k, outputs), self._kept(take_one(rows.counts, k), before, following)

        last = tf.where(score, rows.last, rows.first)
        begin = (rows.first, forecasts, zeros)
        _, forecasts, states = tf.while_loop(lambda k, *_: k < last, batch, begin)
        return forecasts, states

    def _zeros(self, template: Template) -> list[Tensor]:
        return template.zeros(self.layout.lanes)


def _tensors(nested: Any) -> Any:
    return tf.nest.map_structure(tf.convert_to_tensor, nested)
