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
    #: what optimizers count alike for all lanes, such as their iterations
    shared: list[Tensor]


class Updates:
    """The optimizer of a training.

    One that updates each number by itself updates those of all lanes as if they were one model. Others scale an update
    by the size of a whole weight, and are vectorized over lanes by TensorFlow.
    """

    def __init__(self, training: Training, template: Template, lanes: int) -> None:
        self._lanes, self._together, self._axes = lanes, template.joined, template.axes
        self._trained = [self._variable(weight.shape) for weight in template.trained]
        self._optimizer = _unscoped(training)
        self._optimizer.build(self._trained)
        others = [slot for slot in self._optimizer.variables if slot is not self._optimizer.learning_rate]
        #: what reads the lane's own numbers, by their names
        self._numbers = {f"{PREFIX}{name}": self._read(name) for name in training.optimizer.lane_numbers}
        self._slots = [slot for slot in others if slot.shape != ()]
        self._shared = [slot for slot in others if slot.shape == ()]

    def memory(self) -> Memory:
        """Return what lanes start with."""
        return Memory([self._initial(slot) for slot in self._slots], [slot.numpy() for slot in self._shared])

    def apply(self, gradients: Sequence[Tensor], lane: LaneValues, memory: Memory) -> tuple[list[Tensor], Memory]:
        """Return the weights and the memory after an update."""
        numbers = [lane.numbers[name] for name in self._numbers]
        own = (list(gradients), list(lane.weights), memory.slots)
        if self._together:
            numbers = [self._axes.place(number[:, None]) for number in numbers]
            return self._applied(own, numbers, memory.shared)
        weights, after = tf.vectorized_map(
            lambda one: self._applied(one[0], one[1], memory.shared), (own, numbers), fallback_to_while_loop=False
        )
        return weights, Memory(after.slots, [value[0] for value in after.shared])

    def _applied(
        self,
        own: tuple[Sequence[Tensor], Sequence[Tensor], Sequence[Tensor]],
        numbers: Sequence[Tensor],
        shared: Sequence[Tensor],
    ) -> tuple[list[Tensor], Memory]:
        """Apply Keras' optimizer to gradients, weights and slots."""
        gradients, weights, slots = own
        variables = [*self._trained, *self._slots, *self._shared]
        with keras.StatelessScope() as scope:
            for pair in zip([*variables, *self._numbers.values()], [*weights, *slots, *shared, *numbers], strict=True):
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
