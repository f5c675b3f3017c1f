"""Matrix products and convolutions in forms that XLA vectorizes well over lanes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import product as pairs
from typing import Any

from worker.engine.backend import keras, tf

OPS = keras.src.ops

Tensor = Any

#: Matrices of at most so many numbers are multiplied as sums of products: XLA fuses those with what is around them,
#: while it calls a library once for each lane to multiply matrices.
SMALL = 1024


@contextlib.contextmanager
def small_products() -> Iterator[None]:
    """Let Keras' layers multiply small matrices by `multiply` while they are traced."""
    stock = OPS.matmul

    def chosen(a: Tensor, b: Tensor) -> Tensor:
        if len(a.shape) > 2 and len(b.shape) == 2:
            return flattened(chosen, 1)(a, b)
        return multiply(a, b) if _small(a, b) else stock(a, b)

    OPS.matmul = chosen
    try:
        yield
    finally:
        OPS.matmul = stock


def _small(a: Tensor, b: Tensor) -> bool:
    flat = len(a.shape) == 2 and len(b.shape) == 2
    return flat and b.shape[0] * b.shape[1] <= SMALL


def multiply(a: Tensor, b: Tensor) -> Tensor:
    """Multiply matrices as a sum of products."""
    return tf.reduce_sum(a[:, :, None] * tf.convert_to_tensor(b)[None], 1)


def product(a: Tensor, b: Tensor) -> Tensor:
    """Multiply two matrices in the form that suits their size."""
    return multiply(a, b) if _small(a, b) else tf.matmul(a, b)


def flattened(multiply: Callable[[Tensor, Tensor], Tensor], rank: int) -> Callable[[Tensor, Tensor], Tensor]:
    """Let a product of rows (rows, ...), whose rows have `rank` axes, take any number of leading axes."""

    def over_rows(values: Tensor, weights: Tensor) -> Tensor:
        leading, inner = values.shape[:-rank], values.shape[-rank:]
        found = multiply(tf.reshape(values, (-1, *inner)), weights)
        return tf.reshape(found, (*leading, *found.shape[1:]))

    return over_rows


def convolve(images: Tensor, kernel: Tensor, padding: str) -> Tensor:
    """Convolve images (batch, height, width, channels) with a kernel (rows, columns, channels, filters), stride 1.

    TensorFlow's own convolution cannot be vectorized over kernels; this is a sum of matrix products.
    """
    rows, columns, _, filters = kernel.shape
    if padding == "same":
        images = tf.pad(images, [(0, 0), ((rows - 1) // 2, rows // 2), ((columns - 1) // 2, columns // 2), (0, 0)])
    batch, height, width, channels = images.shape
    height, width = height - rows + 1, width - columns + 1
    total = tf.zeros((batch * height * width, filters))
    for row, column in pairs(range(rows), range(columns)):
        seen = images[:, row : row + height, column : column + width]
        total += product(tf.reshape(seen, (-1, channels)), kernel[row, column])
    return tf.reshape(total, (batch, height, width, filters))
