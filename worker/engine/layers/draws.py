"""Random numbers of all lanes at once: Threefry-2x32 with 20 rounds (Salmon and others, 2011).

TensorFlow's own are drawn in a loop over lanes, and differ from one device to another.
"""

from __future__ import annotations

import math
from itertools import cycle
from typing import Any, Final

import numpy as np

from worker.engine.backend import tf

Tensor = Any

_ROTATIONS: Final = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY: Final = 0x1BD11BDA


def threefry(first_key: Tensor, second_key: Tensor, counters: Tensor) -> tuple[Tensor, Tensor]:
    """Mix counters by a key of two words, all of uint32, into two words each."""
    parity = tf.bitwise.bitwise_xor(tf.bitwise.bitwise_xor(first_key, second_key), tf.constant(_PARITY, tf.uint32))
    keys = (first_key, second_key, parity)
    first, second = counters + keys[0], tf.zeros_like(counters) + keys[1]
    for group, rotations in zip(range(5), cycle(_ROTATIONS), strict=False):
        for rotation in rotations:
            first = first + second
            second = tf.bitwise.bitwise_xor(_rotated(second, rotation), first)
        first = first + keys[(group + 1) % 3]
        second = second + keys[(group + 2) % 3] + tf.constant(group + 1, tf.uint32)
    return first, second


def uniform(keys: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Draw float32 numbers (lanes, ...) from 0 to below 1, in steps of 2 ** -24.

    Args:
        keys: The key of each lane (lanes, 2), of uint32, on which alone its numbers depend.
        shape: What is drawn for a lane.
    """
    size = math.prod(shape)
    counters = tf.constant(np.arange((size + 1) // 2, dtype=np.uint32))
    words = tf.concat(threefry(keys[:, :1], keys[:, 1:], counters), 1)[:, :size]
    return tf.reshape(_fractions(words), (keys.shape[0], *shape))


def uniform_each(keys: Tensor, count: int) -> Tensor:
    """Draw numbers (lanes, count) of which each depends on its lane's key and its place alone, not on their count."""
    words, _ = threefry(keys[:, :1], keys[:, 1:], tf.constant(np.arange(count, dtype=np.uint32)))
    return _fractions(words)


def _fractions(words: Tensor) -> Tensor:
    kept = tf.bitwise.right_shift(words, tf.constant(8, tf.uint32))
    return tf.cast(tf.cast(kept, tf.int32), tf.float32) * 2.0**-24


def _rotated(words: Tensor, by: int) -> Tensor:
    left = tf.bitwise.left_shift(words, tf.constant(by, tf.uint32))
    return tf.bitwise.bitwise_or(left, tf.bitwise.right_shift(words, tf.constant(32 - by, tf.uint32)))
