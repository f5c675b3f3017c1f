"""Random numbers that can be vectorized over lanes: Threefry-2x32 with 20 rounds (Salmon and others, 2011).

TensorFlow's own are drawn in a loop over lanes, and differ from one device to another.
"""

from __future__ import annotations

from itertools import cycle
from typing import Any, Final

import numpy as np

from worker.engine.backend import tf

Tensor = Any

_ROTATIONS: Final = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY: Final = 0x1BD11BDA


def threefry(key: Tensor, counters: Tensor) -> tuple[Tensor, Tensor]:
    """Mix counters (n,) by a key (2,), all of uint32, into two words each."""
    keys = (
        key[0],
        key[1],
        tf.bitwise.bitwise_xor(tf.bitwise.bitwise_xor(key[0], key[1]), tf.constant(_PARITY, tf.uint32)),
    )
    first, second = counters + keys[0], tf.zeros_like(counters) + keys[1]
    for group, rotations in zip(range(5), cycle(_ROTATIONS), strict=False):
        for rotation in rotations:
            first = first + second
            second = tf.bitwise.bitwise_xor(_rotated(second, rotation), first)
        first = first + keys[(group + 1) % 3]
        second = second + keys[(group + 2) % 3] + tf.constant(group + 1, tf.uint32)
    return first, second


def uniform(key: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Draw float32 numbers from 0 to below 1 that depend on the key alone, in steps of 2 ** -24."""
    size = 1
    for length in shape:
        size *= length
    words = tf.concat(threefry(key, tf.constant(np.arange((size + 1) // 2, dtype=np.uint32))), 0)[:size]
    return tf.reshape(_fractions(words), shape)


def uniform_each(key: Tensor, count: int) -> Tensor:
    """Draw numbers as `uniform` does, of which each depends on the key and its place alone, not on their count."""
    words, _ = threefry(key, tf.constant(np.arange(count, dtype=np.uint32)))
    return _fractions(words)


def _fractions(words: Tensor) -> Tensor:
    kept = tf.bitwise.right_shift(words, tf.constant(8, tf.uint32))
    return tf.cast(tf.cast(kept, tf.int32), tf.float32) * 2.0**-24


def _rotated(words: Tensor, by: int) -> Tensor:
    left = tf.bitwise.left_shift(words, tf.constant(by, tf.uint32))
    return tf.bitwise.bitwise_or(left, tf.bitwise.right_shift(words, tf.constant(32 - by, tf.uint32)))
