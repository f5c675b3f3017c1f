"""Every two values of steps, kinds, options, optimizers and protocols train packed as they do by Keras, in few points.

Layers that loop over steps meet each number of steps; others need not, since each point is compiled for seconds. Few
epochs are enough for a difference to show. `make equality` trains the whole product, for more epochs, in hours.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.integration.engine.matrix import CHOICES, CLOSE, EPOCHS, WITHOUT, distance
from tests.pairs import pairs_of, pairwise

#: kinds that differ from others in how layers are connected: a few points are enough of each
CONNECTED = ("both_ways", "attention")
PAIRED = CHOICES | {"kind": tuple(kind for kind in CHOICES["kind"] if kind not in CONNECTED)}
#: what has no loop over steps
LOOPLESS = (("kind", "cnn"), ("kind", "mlp"), ("option", "dense"))
NEEDLESS = frozenset(frozenset({("steps", steps), choice}) for steps in CHOICES["steps"] for choice in LOOPLESS)
_CHOSEN = (
    (2, "both_ways", "simple_rnn", "adam", "fixed"),
    (2, "attention", "simple_rnn", "layerwise", "warm_up"),
    (7, "attention", "penalties", "adam", "fixed"),
)
POINTS = [*pairwise(PAIRED, WITHOUT, NEEDLESS), *(dict(zip(CHOICES, values, strict=True)) for values in _CHOSEN)]
MOST_EPOCHS = 10


@pytest.mark.parametrize("point", POINTS, ids=["-".join(map(str, point.values())) for point in POINTS])
def test_packed_training_equals_keras(point: dict[str, Any]) -> None:
    """Curves and forecasts, within a share of the series' scale."""
    assert distance(epochs=min(MOST_EPOCHS, EPOCHS[point["steps"]]), **point) <= CLOSE


def test_every_pair_is_in_a_point() -> None:
    """Each value of each choice meets each value of every other that it can be together with, where that matters."""
    met = {frozenset(pair) for point in POINTS for pair in combinations(point.items(), 2)}
    assert pairs_of(PAIRED) - WITHOUT - NEEDLESS <= met
