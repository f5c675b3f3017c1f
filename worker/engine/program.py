"""The compiled run: epochs of all lanes side by side, and what they forecast, as one XLA program.

Loops over points, epochs and batches have bounds that are arguments, as are the rows, so a program is compiled once for
all series and numbers of epochs of the same shapes. What is carried from call to call is the whole state of training:
cutting a run into more calls changes no bit.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import numpy as np

from store.schema.configuration import Configuration
from worker.engine.arrays import Float32s
from worker.engine.backend import tf
from worker.engine.batches import Asked, Batches
from worker.engine.epochs.carry import Carry
from worker.engine.epochs.orders import after, begin, by_lane, order, picked
from worker.engine.epochs.schedules import paced
from worker.engine.epochs.step import Step, kept, reset
from worker.engine.epochs.watch import Watch
from worker.engine.forecasts import later_steps, rmse
from worker.engine.layers.scan import put
from worker.engine.layouts import Layout
from worker.engine.template import LaneValues, Template, Tensor

logger = logging.getLogger(__name__)

Filled = TypeVar("Filled")

#: The most points of a trajectory that one call gives.
CAPACITY = 512


class Points(NamedTuple):
    """What a call gives beside the carry."""

    #: (CAPACITY, lanes, parts), RMSE in the units of the series
    curves: Tensor
    #: (batches, lanes, batch, horizon, targets), scaled, after the last epoch of the call; where the model forecasts
    #: several quantiles, these are medians, and all of them follow, with an axis behind
    forecasts: list[Tensor]


class Program:
    """A compiled run for some configuration and layout; calls are pure functions of their arguments."""

    def __init__(self, configuration: Configuration, layout: Layout) -> None:
        self.layout = layout
        self.template = Template.of(configuration, layout.shape(layout.train[0]))
        batch = layout.asked[0]
        same = batch == layout.train[0]
        self._asked = self.template if same else Template.of(configuration, layout.shape(batch))
        self._step = Step(configuration.training, self.template, layout)
        self._watch = Watch(configuration.training, self._asked, layout)
        self._shuffles, self._schedule = configuration.training.shuffle, configuration.training.paces
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
        watched = self._watch.start(lane, self._filled([one.training.epochs for one in configurations]))
        states = self._zeros(self.template)
        carry: Carry = tensors(Carry(lane, self._step.updates.memory(), states, orders, *watched))
        return carry

    def watched_anew(self, carry: Carry, end: int) -> Carry:
        """Let all lanes train up to an epoch, whatever the losses of the validation rows were."""
        stopping, plateaus = self._watch.start(carry.lane, [end] * self.layout.lanes)
        rates = [plateau.rate for plateau in carry.plateaus]
        slowed = [plateau._replace(rate=rate) for plateau, rate in zip(plateaus, rates, strict=True)]
        after: Carry = tensors(carry._replace(stopping=stopping, plateaus=slowed))
        return after

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
        watched: Sequence[Batches] = (),
    ) -> tuple[Carry, Points]:
        """Train from `epoch` to the last of `stops`, at each of which rows are forecast and scored if `score`.

        Args:
            carry: The state after `epoch` epochs.
            train: The rows that are trained on.
            asked: The rows that are forecast.
            spread: How scaled errors of each lane add up to errors in the units of its series, (lanes, horizon,
                horizon, targets); of one lane where all share their rows.
            epoch: How many epochs are behind.
            stops: Rising epochs, at most `CAPACITY`.
            score: Whether to forecast at all; without it curves and forecasts are 0.
            watched: The validation rows, where training stops by them or slows down.
        """
        marks = np.full(CAPACITY, stops[-1], np.int32)
        marks[: len(stops)] = stops
        rows = (carry, *tensors((train, [*watched], asked, spread, np.int32(epoch), marks)))
        count, scored = tensors((np.int32(len(stops)), np.bool_(score)))
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
        watched: list[Batches],
        asked: Asked,
        spread: Tensor,
        epoch: Tensor,
        marks: Tensor,
        count: Tensor,
        score: Tensor,
    ) -> tuple[Carry, Points]:
        layout = self.layout
        shape = (layout.asked[1], layout.lanes, layout.asked[0], layout.horizon, layout.targets)
        shapes = [shape, (*shape, layout.quantiles)] if layout.quantiles > 1 else [shape]
        nothing = Points(tf.zeros((CAPACITY, layout.lanes, layout.parts)), [*map(tf.zeros, shapes)])

        def point(number: Tensor, epoch: Tensor, carry: Carry, points: Points) -> tuple[Any, ...]:
            end = tf.gather(marks, number)
            carry = self._epochs(carry, train, watched, epoch, end - epoch)
            forecasts, states = self._forecast(carry.lane, asked, points.forecasts, score)
            if layout.leaves_state:
                carry = carry._replace(states=states)
            scores = rmse(forecasts[0], asked, spread, layout.transforms)
            return number + 1, end, carry, Points(put(points.curves, number, scores), forecasts)

        begin = (tf.constant(0), epoch, carry, nothing)
        *_, carry, points = tf.while_loop(lambda number, *_: number < count, point, begin)
        return carry, points

    def _epochs(self, carry: Carry, train: Batches, watched: list[Batches], behind: Tensor, count: Tensor) -> Carry:
        """Train some epochs; the states of the model are reset at the end of each."""
        zeros, numbers = self._zeros(self.template), carry.lane.numbers
        rows = by_lane(train) if self._shuffles else train

        def epoch(number: Tensor, carry: Carry) -> tuple[Tensor, Carry]:
            before = carry
            places, orders = self._places(carry.orders, rows), [after(state) for state in carry.orders]
            carry = carry._replace(lane=paced(carry.lane, self._schedule, behind + number, carry.plateaus))

            def batch(k: Tensor, carry: Carry) -> tuple[Tensor, Carry]:
                mine = [tf.gather(place, k, axis=1) for place in places]
                return k + 1, self._step.run(carry, *picked(rows, k, *mine))

            _, carry = tf.while_loop(lambda k, *_: k < train.last, batch, (train.first, carry))
            lane = carry.lane._replace(numbers=numbers)
            carry = carry._replace(lane=lane, states=zeros, orders=orders)
            for validation in watched:
                carry = self._watch.after_epoch(before, carry, validation, behind + number + 1)
            return number + 1, carry

        def goes_on(number: Tensor, carry: Carry) -> Tensor:
            lanes = [tf.reduce_any(stopping.running) for stopping in carry.stopping]
            return tf.reduce_all([number < count, *lanes])

        _, carry = tf.while_loop(goes_on, epoch, (tf.constant(0), carry))
        return carry

    def _places(self, orders: list[Tensor], rows: Batches) -> list[Tensor]:
        """Draw the places of the rows of each batch, (lanes, batches, batch), where rows are shuffled."""
        batch, number = self.layout.train
        return [tf.reshape(order(states, rows.counts), (-1, number, batch)) for states in orders]

    def _forecast(
        self, lane: LaneValues, asked: Asked, forecasts: list[Tensor], score: Tensor
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Forecast the batches that are used, as `Points` has them, and return the states left.

        Nothing is forecast, and states are 0, unless `score`.
        """
        rows, zeros, axes = asked.rows, self._zeros(self._asked), self._asked.axes

        def batch(k: Tensor, forecasts: list[Tensor], states: list[Tensor]) -> tuple[Tensor, Any, list[Tensor]]:
            inputs, _, counts, fresh = picked(rows, k)
            before = reset(states, fresh, axes)
            outputs, following = self._asked.call(inputs, lane, before)
            if asked.fed:
                outputs = later_steps(self._asked, outputs, following, lane, asked, k)
            left = kept(counts, before, following, axes) if self.layout.padded else following
            found = [self._asked.middle(outputs), outputs][: len(forecasts)]
            return k + 1, [put(values, k, one) for values, one in zip(forecasts, found, strict=True)], left

        last = tf.where(score, rows.last, rows.first)
        begin = (rows.first, forecasts, zeros)
        _, forecasts, states = tf.while_loop(lambda k, *_: k < last, batch, begin)
        return forecasts, states

    def _zeros(self, template: Template) -> list[Tensor]:
        return template.zeros(self.layout.lanes)


def tensors(nested: Any) -> Any:
    """Turn arrays into tensors, which are copied once for several calls."""
    return tf.nest.map_structure(tf.convert_to_tensor, nested)
