"""A stock Keras optimizer as a pure function of gradients, weights and slots, in all lanes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from store.schema.configuration import Training
from worker.engine import models
from worker.engine.arrays import Array
from worker.engine.backend import keras, tf
from worker.engine.template import LaneValues, Template

#: What comes before the names of an optimizer's numbers.
PREFIX = "training.optimizer."

Tensor = Any
Variable = Any


class Memory(NamedTuple):
    """What an optimizer remembers from update to update."""

    #: one or more for each weight, in its order of axes
    slots: list[Tensor]
    #: what optimizers count, such as their iterations: alike for all lanes, or a number for each
    counts: list[Tensor]


class Updates:
    """The optimizer of a training.

    One that updates each number by itself updates those of all lanes as if they were one model. Others scale an update
    by the size of a whole weight, and are vectorized over lanes by TensorFlow.

    Args:
        training: Which optimizer.
        template: What it updates.
        lanes: How many lanes there are.
        apart: Whether lanes may have been updated unequally often.
    """

    def __init__(self, training: Training, template: Template, lanes: int, *, apart: bool) -> None:
        self._lanes, self._together, self._axes = lanes, template.joined, template.axes
        self._apart = apart
        self._trained = [self._variable(weight.shape) for weight in template.trained]
        self._optimizer = _unscoped(training)
        self._optimizer.build(self._trained)
        others = [slot for slot in self._optimizer.variables if slot is not self._optimizer.learning_rate]
        #: what reads the lane's own numbers, by their names
        self._numbers = {f"{PREFIX}{name}": self._read(name) for name in training.optimizer.lane_numbers}
        self._slots = [slot for slot in others if slot.shape != ()]
        counts = [slot for slot in others if slot.shape == ()]
        self._counts = [self._widened(count) for count in counts] if apart and self._together else counts

    def memory(self) -> Memory:
        """Return what lanes start with."""
        each = self._apart and not self._together
        counts = [np.stack([count.numpy()] * self._lanes) if each else count.numpy() for count in self._counts]
        return Memory([self._initial(slot) for slot in self._slots], counts)

    def apply(self, gradients: Sequence[Tensor], lane: LaneValues, memory: Memory) -> tuple[list[Tensor], Memory]:
        """Return the weights and the memory after an update."""
        numbers = [lane.numbers[name] for name in self._numbers]
        own = (list(gradients), list(lane.weights), memory.slots)
        if self._together:
            numbers = [self._axes.place(number[:, None]) for number in numbers]
            return self._applied(own, numbers, memory.counts)
        alike, unlike = ([], memory.counts) if self._apart else (memory.counts, [])
        weights, after = tf.vectorized_map(
            lambda one: self._applied(one[0], one[1], [*alike, *one[2]]),
            (own, numbers, unlike),
            fallback_to_while_loop=False,
        )
        return weights, after if self._apart else Memory(after.slots, [value[0] for value in after.counts])

    def _applied(
        self,
        own: tuple[Sequence[Tensor], Sequence[Tensor], Sequence[Tensor]],
        numbers: Sequence[Tensor],
        counts: Sequence[Tensor],
    ) -> tuple[list[Tensor], Memory]:
        """Apply Keras' optimizer to gradients, weights and slots."""
        gradients, weights, slots = own
        variables = [*self._trained, *self._slots, *self._counts]
        with keras.StatelessScope() as scope:
            for pair in zip([*variables, *self._numbers.values()], [*weights, *slots, *counts, *numbers], strict=True):
                scope.add_update(pair)  # unlike a mapping, takes a number for each lane where Keras has one for all
            self._optimizer.apply(gradients, self._trained)
        after = [tf.identity(scope.get_current_value(variable)) for variable in variables]
        first, second = len(self._trained), len(self._trained) + len(self._slots)
        return after[:first], Memory(after[first:second], after[second:])

    def _variable(self, shape: Sequence[int]) -> Variable:
        whole = self._axes.shape(self._lanes, shape) if self._together else shape
        return keras.Variable(np.zeros(whole), dtype="float32")

    def _initial(self, slot: Variable) -> Array:
        value: Array = slot.numpy()
        return value if self._together else np.stack([value] * self._lanes)

    def _widened(self, count: Variable) -> Variable:
        """Let the optimizer count for each lane by itself."""
        value = np.full(self._axes.shape(self._lanes, (1,)), count.numpy())
        variable = keras.Variable(value, trainable=False, dtype=count.dtype)
        (name,) = (name for name, held in vars(self._optimizer).items() if held is count)
        setattr(self._optimizer, name, variable)
        return variable

    def _read(self, argument: str) -> Variable:
        """Return the variable that the optimizer reads an argument from; all but the learning rate need a new one."""
        if argument == "learning_rate":
            return self._optimizer.learning_rate
        variable = keras.Variable(getattr(self._optimizer, argument), trainable=False, dtype="float32")
        setattr(self._optimizer, argument, variable)
        return variable


def _unscoped(training: Training) -> Any:
    """Make the Keras optimizer with updates that a `StatelessScope` sees; TensorFlow's own bypass it."""
    base = next(parent for parent in keras.optimizers.Optimizer.__mro__ if parent.__name__ == "BaseOptimizer")
    names = ("assign", "assign_add", "assign_sub", "_var_key", "_backend_update_step", "_apply_weight_decay")
    # Behind the optimizer's own class, which may extend these, and before TensorFlow's.
    unscoped = type("Unscoped", (keras.optimizers.Optimizer,), {name: getattr(base, name) for name in names})
    stock = type(models.optimizer(training))
    return type(stock.__name__, (stock, unscoped), {})(**training.optimizer.arguments)
