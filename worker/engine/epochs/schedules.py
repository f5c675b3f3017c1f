"""The learning rate of an epoch, by Keras' own schedules, whose steps are epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.schema.keras_objects import Schedule
from worker.engine.backend import keras, tf
from worker.engine.epochs.carry import Plateau
from worker.engine.template import LaneValues
from worker.engine.updates import PREFIX

Tensor = Any

#: the learning rate among the numbers of a lane
RATE = f"{PREFIX}learning_rate"


def rate(schedule: Schedule, initial: Tensor, epoch: Tensor) -> Tensor:
    """Return the learning rate of an epoch, counted from 0; there may be one initial rate a lane."""
    if initial.shape.rank and schedule.arguments.get("warmup_target"):  # whose branches do not take several rates
        return tf.stack([rate(schedule, one, epoch) for one in tf.unstack(initial)])
    made = getattr(keras.optimizers.schedules, schedule.class_name)(initial, **schedule.arguments)
    return tf.ensure_shape(made(epoch), initial.shape)


def paced(lane: LaneValues, schedule: Schedule | None, epoch: Tensor, plateaus: Sequence[Plateau]) -> LaneValues:
    """Give the lanes the learning rate of an epoch: by a schedule, by the losses so far, or as it is."""
    for plateau in plateaus:
        return lane._replace(numbers=lane.numbers | {RATE: plateau.rate})
    if schedule is None:
        return lane
    return lane._replace(numbers=lane.numbers | {RATE: rate(schedule, lane.numbers[RATE], epoch)})
