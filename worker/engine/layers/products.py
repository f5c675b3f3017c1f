"""Matrix products and convolutions of all lanes at once, in forms that XLA vectorizes well."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as pairs
from typing import Any

from worker.engine.backend import tf, xla

Tensor = Any
#: (values (lanes, rows, ...), weights (lanes, ...)) -> (lanes, rows, ...); linear in both
Product = Callable[[Tensor, Tensor], Tensor]

#: Matrices of at most so many numbers are multiplied as sums of products: XLA fuses those with what is around them,
#: while it calls a library once for each lane to multiply matrices.
SMALL = 1024
#: With lanes last, so many products are summed at once: LLVM writes such a sum out and then puts lanes into vectors,
#: while it gathers the numbers of a longer one from memory.
AT_ONCE = 8
#: Sums of at most so many products are written out in such parts. Those over more rows run in a loop, since XLA would
#: write all their products to memory first.
WRITTEN_OUT = 64
#: What arrives at narrower weights is computed again for each number of a row, which is quicker than to keep it.
AGAIN = 5


def product(values: Tensor, weights: Tensor) -> Tensor:
    """Multiply (lanes, rows, n) by (lanes, n, m) in the form that suits the size; lanes that are alike may be one."""
    if weights.shape[1] * weights.shape[2] > SMALL:
        return tf.matmul(values, weights)
    if weights.shape[1] == 1:
        return values * weights
    return tf.reduce_sum(values[..., None] * weights[:, None], 2)


def over_steps(multiply: Product, rank: int) -> Product:
    """Let a product of rows that have `rank` axes take all steps at once, (steps, lanes, rows, ...), too."""

    def over_all(values: Tensor, weights: Tensor) -> Tensor:
        if len(values.shape) == rank + 2:
            return multiply(values, weights)
        steps, lanes, rows, *inner = values.shape
        found = multiply(tf.reshape(swapped(values), (lanes, steps * rows, *inner)), weights)
        return swapped(tf.reshape(found, (found.shape[0], steps, rows, *found.shape[2:])))

    return over_all


def lanes_last_product(values: Tensor, weights: Tensor) -> Tensor:
    """Multiply (..., rows, n, lanes) by (n, m, lanes); the rows of all steps are rows."""
    *rows, width, lanes = values.shape
    found = _lanes_last(tf.reshape(values, (-1, width, lanes)), weights)
    return tf.reshape(found, (*rows, *found.shape[1:]))


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _lanes_last(values: Tensor, weights: Tensor) -> Any:
    """Multiply (rows, n, lanes) by (n, m, lanes)."""

    def back(arriving: Tensor) -> tuple[Tensor, Tensor]:
        if weights.shape[0] > AGAIN:
            (arriving,) = xla.xla_optimization_barrier([arriving])  # keeps XLA from computing it again
        of_values = _contracted(arriving, tf.transpose(weights, (1, 0, 2)))
        shared = values.shape[2] < weights.shape[2]
        return tf.reduce_sum(of_values, 2, keepdims=True) if shared else of_values, _over_rows(values, arriving)

    return _contracted(values, weights), back


def _contracted(values: Tensor, weights: Tensor) -> Tensor:
    """Multiply (rows, n, lanes) by (n, m, lanes)."""
    width = weights.shape[0]
    if width == 1:
        return values * weights
    few = AT_ONCE if width <= WRITTEN_OUT else width
    parts = [slice(first, min(first + few, width)) for first in range(0, width, few)]
    return tf.add_n([tf.reduce_sum(values[:, part, None] * weights[part], 1) for part in parts])


def _over_rows(values: Tensor, arriving: Tensor) -> Tensor:
    """Sum the products of (rows, n, lanes) and (rows, m, lanes): (n, m, lanes)."""
    rows = values.shape[0]
    rest = rows if rows <= WRITTEN_OUT else rows % AT_ONCE

    def part(first: Any, size: int) -> Tensor:
        left, right = (tf.slice(each, (first, 0, 0), (size, *each.shape[1:])) for each in (values, arriving))
        return tf.reduce_sum(left[:, :, None] * right[:, None], 0)

    def further(first: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
        return first + AT_ONCE, total + part(first, AT_ONCE)

    zeros = tf.zeros((values.shape[1], *arriving.shape[1:]))
    total = tf.add_n([part(first, min(AT_ONCE, rest - first)) for first in range(0, rest, AT_ONCE)] or [zeros])
    return total if rest == rows else tf.while_loop(lambda first, _: first < rows, further, (rest, total))[1]


def swapped(values: Tensor) -> Tensor:
    """Exchange the first two axes."""
    if 1 in values.shape[:2]:
        return tf.reshape(values, (values.shape[1], values.shape[0], *values.shape[2:]))
    return tf.transpose(values, (1, 0, *range(2, len(values.shape))))


def convolve(images: Tensor, kernel: Tensor, padding: str) -> Tensor:
    """Convolve images (lanes, rows, height, width, channels) with kernels, with stride 1.

    TensorFlow's own convolution knows one kernel for all lanes; this is a sum of matrix products.

    Args:
        images: What is convolved.
        kernel: The kernels (lanes, height, width, channels, filters).
        padding: `same` or `valid`.
    """
    _, high, wide, _, filters = kernel.shape
    if padding == "same":
        around = [(0, 0), (0, 0), ((high - 1) // 2, high // 2), ((wide - 1) // 2, wide // 2), (0, 0)]
        images = tf.pad(images, around)
    lanes, rows, height, width, channels = images.shape
    height, width = height - high + 1, width - wide + 1
    total: Any = 0.0
    for row, column in pairs(range(high), range(wide)):
        seen = images[:, :, row : row + height, column : column + width]
        total += product(tf.reshape(seen, (lanes, -1, channels)), kernel[:, row, column])
    return tf.reshape(total, (total.shape[0], rows, height, width, filters))
