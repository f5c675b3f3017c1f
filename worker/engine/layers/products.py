"""Matrix products and convolutions of all lanes at once, in forms that XLA vectorizes well."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as pairs
from typing import Any

from worker.engine.backend import tf

Tensor = Any
#: (values (lanes, rows, ...), weights (lanes, ...)) -> (lanes, rows, ...); linear in both
Product = Callable[[Tensor, Tensor], Tensor]

#: Matrices of at most so many numbers are multiplied as sums of products: XLA fuses those with what is around them,
#: while it calls a library once for each lane to multiply matrices.
SMALL = 1024


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
    if width == 1:
        return values * weights
    found = tf.reduce_sum(tf.reshape(values, (-1, width, 1, lanes)) * weights, 1)
    return tf.reshape(found, (*rows, *found.shape[1:]))


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
