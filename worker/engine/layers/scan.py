"""A loop over time: written out where it is short, since each step is compiled, else one that compiles once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from worker.engine.backend import tf
from worker.engine.layers.vectorizing import put, take

Tensor = Any
#: One value for each step: a tensor with a leading axis, or a list.
Steps = Any
#: (what is carried, the step's share of each sequence) -> what is carried on, and what is kept of the step
Body = Callable[[list[Tensor], list[Tensor]], tuple[list[Tensor], list[Tensor]]]

#: Loops of at most so many steps are written out.
UNROLLED = 6


def scan(
    body: Body,
    carry: list[Tensor],
    sequences: Sequence[Steps],
    kept: Sequence[Sequence[int]],
    *,
    backwards: bool = False,
) -> tuple[list[Tensor], list[Steps]]:
    """Run a body over the steps of sequences.

    Args:
        body: What is done each step.
        carry: What the first step is given.
        sequences: What has a share for each step.
        kept: The shapes of what is kept of a step.
        backwards: Whether the last step comes first; what is kept is in the order of the sequences all the same.

    Returns:
        What the last step carries on, and all that is kept.
    """
    steps = _count(sequences[0])
    if steps <= UNROLLED:
        return _written_out(body, carry, sequences, range(steps)[:: -1 if backwards else 1])

    def step(number: Tensor, carry: list[Tensor], kept: list[Tensor]) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        place = steps - 1 - number if backwards else number
        carry, values = body(carry, [take(sequence, place) for sequence in sequences])
        return number + 1, carry, [put(each, place, value) for each, value in zip(kept, values, strict=True)]

    begin = (tf.constant(0), carry, [tf.zeros((steps, *shape)) for shape in kept])
    _, carry, values = tf.while_loop(lambda number, *_: number < steps, step, begin)
    return carry, values


def stacked(values: Steps) -> Tensor:
    """Make one tensor of all steps."""
    return tf.stack(values) if isinstance(values, list) else values


def _count(values: Steps) -> int:
    return len(values) if isinstance(values, list) else int(values.shape[0])


def _written_out(
    body: Body, carry: list[Tensor], sequences: Sequence[Steps], places: range
) -> tuple[list[Tensor], list[Steps]]:
    kept: dict[int, list[Tensor]] = {}
    for place in places:
        carry, kept[place] = body(carry, [sequence[place] for sequence in sequences])
    return carry, [list(values) for values in zip(*(kept[place] for place in sorted(kept)), strict=True)]
