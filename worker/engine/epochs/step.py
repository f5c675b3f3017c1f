"""One training step of all lanes, as Keras' `train_step` does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.schema.configuration import Training
from worker.engine import models
from worker.engine.backend import tf
from worker.engine.epochs.carry import Carry
from worker.engine.layers.axes import LANES_FIRST, Axes
from worker.engine.layouts import Layout
from worker.engine.template import Template
from worker.engine.updates import Memory, Updates

Tensor = Any


class Step:
    """A training step: forward, gradient and the optimizer's update."""

    def __init__(self, training: Training, template: Template, layout: Layout) -> None:
        self.template, self.layout = template, layout
        unequal = layout.apart or training.early_stopping is not None
        self.updates = Updates(training, template, layout.lanes, apart=unequal)
        self._loss = models.loss(training)

    def run(self, carry: Carry, inputs: Tensor, targets: Tensor, counts: Tensor, fresh: Tensor) -> Carry:
        """Train on a batch; a lane of which no row counts stays as it is."""
        lane, memory, states = carry.lane, carry.memory, carry.states
        before = reset(states, fresh, self.template.axes) if self.layout.resets else states
        with tf.GradientTape() as tape:
            tape.watch(lane.weights)
            outputs, following, drawn, penalty = self.template.train(inputs, lane, before)
            loss = self.mean_loss(targets, outputs, counts) + penalty
        gradients = tape.gradient(loss, lane.weights)
        weights, memory = self.updates.apply(gradients, lane, memory)
        left = [tf.stop_gradient(state) for state in following]
        if self.layout.padded:
            left = kept(counts, states, left, self.template.axes)
        after = carry._replace(lane=drawn._replace(weights=weights), memory=memory, states=left)
        return trained(tf.reduce_any(counts > 0, 1), carry, after, self.template) if self.layout.apart else after

    def mean_loss(self, targets: Tensor, outputs: Tensor, counts: Tensor) -> Tensor:
        """Compute the mean loss of each lane over the rows that count, (lanes,)."""
        losses = row_losses(self._loss, self.layout, targets, outputs)
        if not self.layout.padded:
            return tf.reduce_mean(losses, 1)
        least = 1.0 if self.layout.apart else 0.0  # some rows of a lane always count where lanes share them
        return tf.reduce_sum(losses * counts, 1) / tf.maximum(tf.reduce_sum(counts, 1), least)


def trained(active: Tensor, before: Carry, after: Carry, template: Template) -> Carry:
    """Take what training makes of the lanes that are active (lanes,), and leave the others as they were."""
    axes = template.axes
    own = axes if template.joined else LANES_FIRST
    lane = after.lane._replace(
        weights=chosen(active, after.lane.weights, before.lane.weights, axes),
        seeds=chosen(active, after.lane.seeds, before.lane.seeds, LANES_FIRST),
    )
    memory = Memory(*(chosen(active, *pair, own) for pair in zip(after.memory, before.memory, strict=True)))
    return after._replace(lane=lane, memory=memory)


def chosen(active: Tensor, after: Sequence[Tensor], before: Sequence[Tensor], axes: Axes) -> list[Tensor]:
    """Take the values of the lanes that are active (lanes,) from `after`, those of the others from `before`."""
    flags = [axes.place(tf.reshape(active, (-1, *[1] * (len(value.shape) - 1)))) for value in after]
    return [tf.where(*choice) for choice in zip(flags, after, before, strict=True)]


def reset(states: Sequence[Tensor], fresh: Tensor, axes: Axes) -> list[Tensor]:
    """Set the state to 0 before rows that are `fresh`, (lanes, batch)."""
    return [tf.where(_wide(fresh, state, axes), 0.0, state) for state in states]


def kept(counts: Tensor, before: Sequence[Tensor], following: Sequence[Tensor], axes: Axes) -> list[Tensor]:
    """Leave the state of a row as it was where it counts for nothing."""
    return [tf.where(_wide(counts > 0, new, axes), new, old) for new, old in zip(following, before, strict=True)]


def row_losses(loss: Any, layout: Layout, targets: Tensor, outputs: Tensor) -> Tensor:
    """Compute the loss of each row, (lanes, batch)."""
    rows, width = targets.shape[1], layout.steps * layout.targets
    if layout.steps < layout.horizon:
        targets = targets[..., : layout.steps, :]
    observed = tf.broadcast_to(tf.reshape(targets, (-1, rows, width)), (layout.lanes, rows, width))
    return loss.call(observed, tf.reshape(outputs, (layout.lanes, rows, -1)))


def _wide(flags: Tensor, state: Tensor, axes: Axes) -> Tensor:
    """Give flags of rows (lanes, batch) the axes of a state."""
    return axes.place(tf.reshape(flags, (*flags.shape, *[1] * (len(state.shape) - 2))))
