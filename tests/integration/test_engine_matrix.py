"""Points of the matrix of steps, kinds, options, optimizers and protocols train packed as they do by Keras."""

from __future__ import annotations

import pytest

from tests.integration.engine_matrix import CLOSE, distance


@pytest.mark.parametrize(("steps", "kind"), [(7, "stacked"), (25, "vanilla"), (12, "encoder_decoder")])
def test_dropout_over_many_steps(steps: int, kind: str) -> None:
    """Masks are drawn before the loop over time, however long it is."""
    options = {"option": "dropout", "optimizer": "adam", "protocol": "fixed"}
    assert distance(epochs=50, steps=steps, kind=kind, **options) <= CLOSE
