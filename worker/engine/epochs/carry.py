"""The state of training of all lanes between two epochs."""

from __future__ import annotations

from typing import Any, NamedTuple

from worker.engine.template import LaneValues
from worker.engine.updates import Memory

Tensor = Any


class Stopping(NamedTuple):
    """What early stopping remembers, (lanes,) each."""

    #: whether a lane still trains
    running: Tensor
    #: its last epoch at the latest
    ends: Tensor
    #: the least loss so far, and the epochs since
    best: Tensor
    waited: Tensor
    #: the weights that it was found with; none unless they are restored
    weights: list[Tensor]


class Plateau(NamedTuple):
    """What the learning rate depends on where it falls as the loss stays, (lanes,) each."""

    #: the least loss so far, the epochs since, and those for which the rate stays as it is
    best: Tensor
    waited: Tensor
    cooling: Tensor
    rate: Tensor


class Carry(NamedTuple):
    """The state of training of all lanes between two epochs; weights and states in the order of `Template.axes`."""

    lane: LaneValues
    memory: Memory
    #: what the model carries into the next epoch: 0, unless forecasts leave their state
    states: list[Tensor]
    #: what the orders of the rows are drawn from; none where rows are not shuffled
    orders: list[Tensor]
    #: none where training does not stop early
    stopping: list[Stopping]
    #: none where the learning rate depends on no loss
    plateaus: list[Plateau]
