"""What is done with the loss of the validation rows after each epoch: a lane stops, or its learning rate falls.

Both follow Keras' callbacks `EarlyStopping` and `ReduceLROnPlateau`. What is watched is the mean loss of the validation
rows without penalties, from a state that is reset. A lane that has stopped is left as it is; the others train on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from store.schema.configuration import Training
from worker.engine import models
from worker.engine.backend import tf
from worker.engine.batches import Batches
from worker.engine.epochs.carry import Carry, Plateau, Stopping
from worker.engine.epochs.orders import picked
from worker.engine.epochs.schedules import RATE
from worker.engine.epochs.step import chosen, kept, reset, row_losses, trained
from worker.engine.layers.axes import LANES_FIRST
from worker.engine.layouts import Layout
from worker.engine.template import LaneValues, Template

Tensor = Any

_STOPPING = "training.early_stopping."


class Watch:
    """What watches the validation rows of a training, if anything does."""

    def __init__(self, training: Training, template: Template, layout: Layout) -> None:
        self.template, self.layout = template, layout
        self._loss = models.loss(training)
        self._stops, self._slows = training.early_stopping, training.plateau

    @property
    def idle(self) -> bool:
        """Whether nothing is watched."""
        return self._stops is None and self._slows is None

    def start(self, lane: LaneValues, epochs: Sequence[int]) -> tuple[list[Stopping], list[Plateau]]:
        """Return what is remembered before the first epoch, given the lanes' values and their numbers of epochs."""
        zeros, infinite = np.zeros(len(epochs), np.int32), np.full(len(epochs), np.inf, np.float32)
        stopping, plateaus = [], []
        if self._stops is not None:
            weights = list(lane.weights) if self._stops.restore_best else []
            stopping.append(Stopping(zeros == 0, np.array(epochs, np.int32), infinite, zeros, weights))
        if self._slows is not None:
            plateaus.append(Plateau(infinite, zeros, zeros, lane.numbers[RATE]))
        return stopping, plateaus

    def after_epoch(self, before: Carry, after: Carry, rows: Batches, epoch: Tensor) -> Carry:
        """Return the state after `epoch` epochs, given that before the last of them and what it led to."""
        loss = self._loss_of(after.lane, rows)
        after = after._replace(plateaus=[self._slowed(one, loss, epoch) for one in after.plateaus])
        for stopping in after.stopping:
            after = self._running(stopping.running, before, after)
            after = self._stopped(stopping, after, loss, epoch)
        return after

    def _loss_of(self, lane: LaneValues, rows: Batches) -> Tensor:
        """Compute the mean loss of the validation rows, (lanes,)."""
        axes = self.template.axes

        def batch(k: Tensor, total: Tensor, states: list[Tensor]) -> tuple[Tensor, Tensor, list[Tensor]]:
            inputs, targets, counts, fresh = picked(rows, k)
            before = reset(states, fresh, axes)
            outputs, following = self.template.outputs(inputs, lane, before)
            losses = row_losses(self._loss, self.layout, targets, outputs) * counts
            return k + 1, total + tf.reduce_sum(losses, 1), kept(counts, before, following, axes)

        begin = (rows.first, tf.zeros(self.layout.lanes), self.template.zeros(self.layout.lanes))
        _, total, _ = tf.while_loop(lambda k, *_: k < rows.last, batch, begin)
        return total / tf.reduce_sum(rows.counts, [0, 2])

    def _running(self, running: Tensor, before: Carry, after: Carry) -> Carry:
        """Leave the lanes that have stopped before as they were: another fit may go on from there."""
        orders = chosen(running, after.orders, before.orders, LANES_FIRST)
        pairs = zip(after.plateaus, before.plateaus, strict=True)
        plateaus = [Plateau(*chosen(running, new, old, LANES_FIRST)) for new, old in pairs]
        return trained(running, before, after, self.template)._replace(orders=orders, plateaus=plateaus)

    def _stopped(self, watched: Stopping, after: Carry, loss: Tensor, epoch: Tensor) -> Carry:
        """Stop the lanes that have not improved for as many epochs as they wait, and those at their last epoch."""
        axes, numbers, running = self.template.axes, after.lane.numbers, watched.running
        patience, least = numbers[f"{_STOPPING}patience"], numbers[f"{_STOPPING}min_delta"]
        better = running & _improved(loss, least, watched.best, epoch)
        waited = tf.where(better, 0, watched.waited + 1)
        ends = (tf.cast(waited, tf.float32) >= patience) & ~better & (epoch > 1) | (epoch >= watched.ends)
        weights = after.lane.weights
        best = chosen(better, weights, watched.weights, axes) if watched.weights else []
        if best:
            weights = chosen(running & ends, best, weights, axes)
        stopping = Stopping(running & ~ends, watched.ends, tf.where(better, loss, watched.best), waited, best)
        return after._replace(lane=after.lane._replace(weights=weights), stopping=[stopping])

    def _slowed(self, watched: Plateau, loss: Tensor, epoch: Tensor) -> Plateau:
        """Lower the learning rate of the lanes that have not improved for long."""
        assert self._slows is not None
        factor, patience, least, cooldown, lowest = (
            self._slows.argument(name) for name in ("factor", "patience", "min_delta", "cooldown", "min_lr")
        )
        cooling = tf.maximum(watched.cooling - 1, 0)
        better = _improved(loss, least, watched.best, epoch)
        waited = tf.where(better | (watched.cooling > 0), 0, watched.waited)
        waited = tf.where(better | (cooling > 0), waited, waited + 1)
        slower = ~better & (cooling == 0) & (waited >= patience) & (watched.rate > lowest)
        rate = tf.where(slower, tf.maximum(watched.rate * factor, lowest), watched.rate)
        best = tf.where(better, loss, watched.best)
        return Plateau(best, tf.where(slower, 0, waited), tf.where(slower, cooldown, cooling), rate)


def _improved(loss: Tensor, least: Tensor, best: Tensor, epoch: Tensor) -> Tensor:
    """Return in which lanes the loss is lower than ever, by more than `least`; the first one always is."""
    return (loss + least < best) | (epoch == 1)
