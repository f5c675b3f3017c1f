"""A stock Keras optimizer as a pure function of gradients, weights and slots, one lane's worth at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from store.schema.configuration import Training
from worker.engine import models
from worker.engine.backend import keras, tf
from worker.engine.template import LaneValues

#: What comes before the names of an optimizer's numbers.
PREFIX = "training.optimizer."

Tensor = Any
Variable = Any


class Memory(NamedTuple):
    """What an optimizer remembers from update to update."""

    #: one lane's worth, or that of all with a leading axis (lanes, ...)
    slots: list[Tensor]
    #: what optimizers count alike for all lanes, such as their iterations
    shared: list[Tensor]


class Updates:
    """The optimizer of a training, for the variables that are trained."""

    def __init__(self, training: Training, trained: Sequence[Variable]) -> None:
        self._trained = list(trained)
        self._optimizer = _unscoped(training)
        self._optimizer.build(self._trained)
        others = [slot for slot in self._optimizer.variables if slot is not self._optimizer.learning_rate]
        #: what reads the lane's own numbers, by their names
        self._numbers = {f"{PREFIX}{name}": self._read(name) for name in training.optimizer.lane_numbers}
        self._slots = [slot for slot in others if slot.shape != ()]
        self._shared = [slot for slot in others if slot.shape == ()]

    def memory(self) -> Memory:
        """Give what one lane starts with."""
        return Memory([slot.numpy() for slot in self._slots], [slot.numpy() for slot in self._shared])

    def apply(self, gradients: Sequence[Tensor], lane: LaneValues, memory: Memory) -> tuple[list[Tensor], Memory]:
        """Give the weights and the memory after an update."""
        variables = [*self._trained, *self._slots, *self._shared]
        mapping = [*zip(variables, [*lane.weights, *memory.slots, *memory.shared], strict=True)]
        own = [(variable, lane.numbers[name]) for name, variable in self._numbers.items()]
        with keras.StatelessScope(state_mapping=[*mapping, *own]) as scope:
            self._optimizer.apply(list(gradients), self._trained)
        after = [tf.identity(scope.get_current_value(variable)) for variable in variables]
        first, second = len(self._trained), len(self._trained) + len(self._slots)
        return after[:first], Memory(after[first:second], after[second:])

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
