"""The compiled run: epochs of all lanes side by side, and what they forecast, as one XLA program.

Loops over points, epochs and batches have bounds that are arguments, as are the rows, so a program is compiled once for
all series and numbers of epochs of the same shapes. What is carried from call to call is the whole state of training:
cutting a run into more calls changes no bit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import numpy as np

from store.schema.configuration import Configuration
from worker.engine import models
from worker.engine.arrays import Float32s
from worker.engine.backend import tf
from worker.engine.batches import Asked, Batches
from worker.engine.layers.vectorizing import put
from worker.engine.orders import after, begin, order, picked
from worker.engine.template import LaneValues, Template, Tensor
from worker.engine.updates import Memory, Updates

logger = logging.getLogger(__name__)

Filled = TypeVar("Filled")

#: The most points of a trajectory that one call gives.
CAPACITY = 512


class Carry(NamedTuple):
    """The state of training between two epochs; every array but the shared ones has a leading axis (lanes, ...)."""

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
    targets: int
    #: whether batches hold rows that count for nothing
    padded: bool
    #: whether the next epoch starts with the state that forecasts leave, as in a Keras loop without a reset
    leaves_state: bool = False
    #: how many numbers are forecast for each value; the median is scored
    quantiles: int = 1

    def shape(self, batch: int) -> models.Shape:
        """Give the shape of a model for some batch size."""
        return models.Shape(
            batch=batch,
            timesteps=self.timesteps,
            features=self.features,
            horizon=self.horizon,
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
        self._loss = models.loss(configuration.training, weighted=layout.padded)
        self._shuffles = configuration.training.shuffle
        self._updates = Updates(configuration.training, self.template.trained)
        plain = tf.autograph.experimental.do_not_convert(self._points)
        self._run = tf.function(plain, jit_compile=True, autograph=False)
        self._compiled = False

    def start(self, configurations: Sequence[Configuration], seeds: Sequence[int]) -> Carry:
        """Give the state before the first epoch; lanes that are left over repeat the last repeat."""
        weights = self._filled([self.template.initial_values(seed) for seed in seeds])
        drawn = self._filled([self.template.initial_seeds(seed) for seed in seeds])
        given = self._filled([configuration.lane_numbers for configuration in configurations])
        lane = LaneValues(
            weights=[np.stack(values) for values in zip(*weights, strict=True)],
            seeds=[np.stack(values) for values in zip(*drawn, strict=True)],
            numbers={name: np.array([each[name] for each in given], np.float32) for name in given[0]},
        )
        slots, shared = self._updates.memory()
        memory = Memory([np.stack([slot] * self.layout.lanes) for slot in slots], shared)
        orders = [np.stack(self._filled([begin(seed) for seed in seeds]))] if self._shuffles else []
        carry: Carry = _tensors(Carry(lane, memory, self._zeros(self.template), orders))
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
            carry = self._epochs(carry, train, marks[number] - epoch)
            before = self._zeros(self._asked)
            forecasts, states = tf.cond(
                score,
                lambda: self._forecast(carry.lane, asked, points.forecasts),
                lambda: (points.forecasts, before),
            )
            if layout.leaves_state:
                carry = carry._replace(states=states)
            scores = _rmse(forecasts, asked, spread)
            return number + 1, marks[number], carry, Points(put(points.curves, number, scores), forecasts)

        begin = (tf.constant(0), epoch, carry, nothing)
        *_, carry, points = tf.while_loop(lambda number, *_: number < count, point, begin)
        return carry, points

    def _epochs(self, carry: Carry, train: Batches, count: Tensor) -> Carry:
        """Train some epochs; the states of the model are reset at the end of each."""
        zeros = self._zeros(self.template)

        def epoch(number: Tensor, carry: Carry) -> tuple[Tensor, Carry]:
            places = self._places(carry.orders, train)

            def batch(k: Tensor, carry: Carry) -> tuple[Tensor, Carry]:
                def step(each: Any) -> Any:
                    lane, slots, states, places = each
                    rows = picked(train, k, *places)
                    return self._step(lane, Memory(slots, carry.memory.shared), states, *rows)

                mine = [place[:, k] for place in places]
                lane, memory, states = self._over_lanes(step, (carry.lane, carry.memory.slots, carry.states, mine))
                memory = memory._replace(shared=[value[0] for value in memory.shared])
                return k + 1, carry._replace(lane=lane, memory=memory, states=states)

            _, carry = tf.while_loop(lambda k, *_: k < train.last, batch, (train.first, carry))
            return number + 1, carry._replace(states=zeros, orders=[after(state) for state in carry.orders])

        _, carry = tf.while_loop(lambda number, *_: number < count, epoch, (tf.constant(0), carry))
        return carry

    def _places(self, orders: list[Tensor], train: Batches) -> list[Tensor]:
        """Draw the places of the rows of each batch, (lanes, batches, batch), where rows are shuffled."""
        counts = tf.reshape(train.counts, (-1,))
        drawn = [self._over_lanes(lambda state: order(state, counts), state) for state in orders]
        return [tf.reshape(places, (-1, *train.counts.shape)) for places in drawn]

    def _step(
        self,
        lane: LaneValues,
        memory: Memory,
        states: list[Tensor],
        inputs: Tensor,
        targets: Tensor,
        counts: Tensor,
    ) -> tuple[LaneValues, Memory, list[Tensor]]:
        """Train one lane on a batch: forward, gradient and the optimizer's update, as Keras' `train_step` does."""
        with tf.GradientTape() as tape:
            tape.watch(lane.weights)
            outputs, after, drawn, penalty = self.template.train(inputs, lane, states)
            loss = self._mean_loss(targets, outputs, counts) + penalty
        gradients = tape.gradient(loss, lane.weights)
        weights, memory = self._updates.apply(gradients, lane, memory)
        kept = self._kept(counts, states, [tf.stop_gradient(state) for state in after])
        return drawn._replace(weights=weights), memory, kept

    def _mean_loss(self, targets: Tensor, outputs: Tensor, counts: Tensor) -> Tensor:
        flat = (self.layout.train[0], -1)
        weights = counts if self.layout.padded else None
        return self._loss(tf.reshape(targets, flat), tf.reshape(outputs, flat), sample_weight=weights)

    def _kept(self, counts: Tensor, before: list[Tensor], after: list[Tensor]) -> list[Tensor]:
        """Leave the state of a lane of the batch as it was where its row counts for nothing."""
        if not self.layout.padded:
            return after
        wide = [tf.reshape(counts > 0, (-1, *[1] * (len(state.shape) - 1))) for state in after]
        return [tf.where(*choice) for choice in zip(wide, after, before, strict=True)]

    def _forecast(self, lane: LaneValues, asked: Asked, forecasts: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Forecast the batches that are used, (batches, lanes, batch, horizon, targets), and give the states left."""
        rows, zeros = asked.rows, self._zeros(self._asked)

        def batch(k: Tensor, forecasts: Tensor, states: list[Tensor]) -> tuple[Tensor, Tensor, list[Tensor]]:
            def one(each: Any) -> Any:
                lane, before = each
                outputs, after = self._asked.call(rows.inputs[k], lane, before)
                return outputs, self._kept(rows.counts[k], before, after)

            states = [tf.where(asked.runs_on[k], *pair) for pair in zip(states, zeros, strict=True)]
            outputs, states = self._over_lanes(one, (lane, states))
            return k + 1, put(forecasts, k, outputs), states

        begin = (rows.first, forecasts, zeros)
        _, forecasts, states = tf.while_loop(lambda k, *_: k < rows.last, batch, begin)
        return forecasts, states

    def _zeros(self, template: Template) -> list[Tensor]:
        return [tf.zeros((self.layout.lanes, *state.shape)) for state in template.states]

    def _over_lanes(self, each: Callable[[Any], Any], lanes: Any) -> Any:
        """Apply a function of one lane to all of them at once."""
        if self.layout.lanes == 1:
            return tf.nest.map_structure(lambda a: a[None], each(tf.nest.map_structure(lambda a: a[0], lanes)))
        return tf.vectorized_map(each, lanes, fallback_to_while_loop=False)


def _rmse(forecasts: Tensor, asked: Asked, spread: Tensor) -> Tensor:
    """Score forecasts (batches, lanes, batch, horizon, targets) by lane and part, in the units of the series."""
    scaled = forecasts - asked.rows.targets[:, None]
    errors = tf.reduce_sum(scaled[..., None, :, :] * spread, axis=-2)
    squares = tf.reduce_sum(tf.square(errors), axis=[-2, -1])
    totals = [tf.reduce_sum(tf.where(part[:, None] > 0, squares, 0.0), axis=[0, 2]) for part in tf.unstack(asked.parts)]
    counts = tf.reduce_sum(asked.parts, axis=[1, 2]) * float(np.prod(asked.rows.targets.shape[2:]))
    return tf.sqrt(tf.stack(totals, axis=1) / counts)


def _tensors(nested: Any) -> Any:
    return tf.nest.map_structure(tf.convert_to_tensor, nested)
