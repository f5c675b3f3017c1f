"""A vector for each series, learnt by every kind of model as Keras' `fit` of the stock model learns it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.schema.kinds import KINDS
from tests.integration.engine.reference import CLOSE
from tests.integration.panels.plain import LENGTHS, Plain, panel, source_in, trained

#: steps of a row: enough for two subsequences
STEPS = 4
MODELS: dict[str, dict[str, Any]] = {
    "vanilla": {"units": 2},
    "gru": {"cell": "gru", "units": 2},
    "simple_rnn": {"cell": "simple_rnn", "units": 2},
    "stacked": {"units": [3, 2]},
    "bidirectional": {"units": 2},
    "cnn_lstm": {"units": 2, "filters": 3, "subsequences": 2, "kernel_size": 1, "pool_size": 2},
    "conv_lstm": {"filters": 2, "subsequences": 2, "kernel_size": 2},
    "encoder_decoder": {"units": [3, 2]},
    "both_ways": {"kind": "encoder_decoder", "units": 2, "encoder": {"units": [3, 2], "bidirectional": True}},
    "attention": {"kind": "encoder_decoder", "units": [2, 4], "attention": True, "encoder": {"bidirectional": True}},
    "cnn": {"filters": 3, "kernel_size": 2, "pool_size": 1},
    "mlp": {"dense": [4]},
}


@pytest.mark.parametrize("name", MODELS)
def test_a_vector_for_each_series_is_learnt_as_keras_does(name: str, tmp_path: Path) -> None:
    """Beside the input of each step, by the number of the series."""
    model = {"kind": name if name in KINDS else "vanilla", "stateful": False} | MODELS[name]
    if not KINDS[model["kind"]].recurrent:
        del model["stateful"]
    fields = {"prepare": {"lags": STEPS, "lags_as": "timesteps"}, "model": model}
    cells, together = panel(source_in(tmp_path), series_input="embedding", series_embedding=3, **fields)
    plain = Plain({name: [float(place)] for place, name in enumerate(LENGTHS)}, list(LENGTHS), lags=STEPS, steps=True)
    plain.fit(cells[0])
    results = trained(cells, together)
    found = {cell.series.name: plain.furthest(cell.series.name, one) for cell, one in zip(cells, results, strict=True)}
    assert max(found.values()) < CLOSE, found


def test_every_kind_is_among_them() -> None:
    """Those that are built in."""
    assert set(KINDS) <= {str(model.get("kind", name)) for name, model in MODELS.items()}
