"""A loop over time: written out where it is short, since each step is compiled, else one that compiles once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from worker.engine.backend import tf, xla
from worker.engine.layers.axes import Axes

Tensor = Any
#: (what is carried, the step's share of the sequence, what was recorded of it) -> what is carried on and recorded
Body = Callable[[list[Tensor], Tensor, list[Tensor]], tuple[list[Tensor], list[Tensor]]]


class Record(NamedTuple):
    """What is kept of each step: tensors that differ in one axis alone."""

    #: a list of tensors for each step; or tensors of all steps
    steps: Any
    #: how long each of a step is in that axis
    widths: Sequence[int]
    axis: int

    def part(self, number: int) -> Tensor:
        """Return one of the tensors, of all steps."""
        if isinstance(self.steps[0], list):
            return tf.stack([step[number] for step in self.steps])
        return self.steps[number]


def scan(
    body: Body,
    carry: list[Tensor],
    sequence: Tensor,
    widths: Sequence[int],
    *,
    axes: Axes,
    record: Record | None = None,
    backwards: bool = False,
) -> tuple[list[Tensor], Record]:
    """Run a body over the steps of a sequence.

    Args:
        body: What is done each step.
        carry: What the first step is given.
        sequence: What has a share for each step, (steps, ...).
        widths: How long what is recorded of a step is in the axis of the units; in the others it is like a share.
        axes: The order of the axes.
        record: What an earlier scan recorded.
        backwards: Whether the last step comes first; what is recorded is in the order of the sequence all the same.

    Returns:
        What the last step carries on, and what is recorded.
    """
    if sequence.shape[0] <= axes.written_out:
        carry, steps = _written_out(body, carry, sequence, record, backwards)
    else:
        carry, steps = _looped(body, carry, sequence, Record(None, widths, axes.units), record, backwards)
    return carry, Record(steps, widths, axes.units)


def take(values: Tensor, place: Tensor) -> Tensor:
    """Read values[place]."""
    return tf.reshape(take_one(values, place), values.shape[1:])


def take_one(values: Tensor, place: Tensor) -> Tensor:
    """Read values[place : place + 1]."""
    return tf.slice(values, _corner(place, len(values.shape)), [1, *values.shape[1:]])


def put(values: Tensor, place: Tensor, value: Tensor) -> Tensor:
    """Replace values[place]; TensorFlow's own ways become XLA's scatter, which is a loop."""
    return xla.xla_dynamic_update_slice(values, tf.expand_dims(value, 0), _corner(place, len(values.shape)))


def _corner(place: Tensor, rank: int) -> Tensor:
    return tf.stack([place, *[tf.constant(0)] * (rank - 1)])


def _looped(
    body: Body, carry: list[Tensor], sequence: Tensor, new: Record, record: Record | None, backwards: bool
) -> tuple[list[Tensor], list[Tensor]]:
    """Run a loop that keeps each thing recorded in a tensor of its own: putting several side by side is slow."""
    steps = sequence.shape[0]

    def shape(width: int) -> list[int]:
        sizes = [*sequence.shape]
        sizes[new.axis] = width
        return sizes

    def step(number: Tensor, carry: list[Tensor], kept: list[Tensor]) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        place = steps - 1 - number if backwards else number
        known = [] if record is None else [take(each, place) for each in record.steps]
        carry, values = body(carry, take(sequence, place), known)
        return number + 1, carry, [put(*pair) for pair in zip(kept, [place] * len(kept), values, strict=True)]

    begin = (tf.constant(0), carry, [tf.zeros(shape(width)) for width in new.widths])
    _, carry, kept = tf.while_loop(lambda number, *_: number < steps, step, begin)
    return carry, kept


def _written_out(
    body: Body, carry: list[Tensor], sequence: Tensor, record: Record | None, backwards: bool
) -> tuple[list[Tensor], list[list[Tensor]]]:
    shares, kept = tf.unstack(sequence), [list[Tensor]() for _ in range(sequence.shape[0])]
    for place in range(len(shares))[:: -1 if backwards else 1]:
        carry, kept[place] = body(carry, shares[place], record.steps[place] if record else [])
    return carry, kept
