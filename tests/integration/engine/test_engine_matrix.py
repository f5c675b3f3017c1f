"""Points of the matrix of steps, kinds, options, optimizers and protocols train packed as they do by Keras.

Every pair of values takes minutes, `make equality EQUALITY_ARGS=--pairs`, and the whole product hours.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.integration.engine.matrix import CHOICES, CLOSE, distance
from tests.pairs import pairwise


@pytest.mark.parametrize(("steps", "kind"), [(7, "stacked"), (25, "vanilla"), (7, "encoder_decoder")])
def test_dropout_over_many_steps(steps: int, kind: str) -> None:
    """Masks are drawn before the loop over time, however long it is."""
    options = {"option": "dropout", "optimizer": "adam", "protocol": "fixed"}
    assert distance(epochs=10, steps=steps, kind=kind, **options) <= CLOSE


@pytest.mark.parametrize(("steps", "kind"), [(2, "vanilla"), (2, "encoder_decoder"), (2, "cnn"), (2, "mlp")])
def test_dense_layers_before_the_forecast(steps: int, kind: str) -> None:
    """Their activation, dropout and regularizers, after recurrent layers and without any."""
    options = {"option": "dense", "optimizer": "adam", "protocol": "fixed"}
    assert distance(epochs=5, steps=steps, kind=kind, **options) <= CLOSE


@pytest.mark.parametrize(
    ("steps", "kind", "option", "protocol"),
    [(7, "vanilla", "gru", "one_by_one"), (2, "stacked", "simple_rnn", "warm_up")],
)
def test_other_cells(steps: int, kind: str, option: str, protocol: str) -> None:
    """GRU and SimpleRNN, in a loop over time and written out, with dropout and a state that runs on."""
    assert distance(epochs=10, steps=steps, kind=kind, option=option, optimizer="adam", protocol=protocol) <= CLOSE


def test_every_pair_is_a_point() -> None:
    """Each value of each choice meets each value of every other."""
    met = {pair for point in pairwise(CHOICES) for pair in combinations(sorted(point.items(), key=str), 2)}
    values = [(name, value) for name, all_values in CHOICES.items() for value in all_values]
    pairs = {pair for pair in combinations(sorted(values, key=str), 2) if pair[0][0] != pair[1][0]}
    assert pairs <= met
