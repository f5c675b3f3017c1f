"""The compiled programs of this process: kept for the packs that follow, the longest unused one dropped."""

from __future__ import annotations

import json
from functools import lru_cache

from store.schema.configuration import Configuration
from worker.engine.lane_layers import RATES, REGULARIZERS
from worker.engine.program import Layout, Program

#: A program of a small model takes about 30 MB, of which half is never given back.
KEPT = 8


def program(configuration: Configuration, layout: Layout) -> Program:
    """Find the program of a configuration, or make it; it is compiled at its first call."""
    return _cached(structure(configuration), layout)


def structure(configuration: Configuration) -> str:
    """Write down what is compiled in: model and training, of the lane's own numbers only whether they are there."""
    model = configuration.model
    rates = {name: 0.5 if getattr(model, name) else 0.0 for name in RATES}
    penalties: dict[str, object] = {name: None if getattr(model, name) is None else {} for name in REGULARIZERS}
    training = configuration.training.model_dump(mode="json", exclude={"epochs"})
    training["optimizer"].pop("learning_rate", None)
    content = {
        "series": {"name": ""},
        "model": model.model_dump(mode="json") | rates | penalties,
        "training": training,
    }
    return json.dumps(content, sort_keys=True)


@lru_cache(maxsize=KEPT)
def _cached(structure: str, layout: Layout) -> Program:
    return Program(Configuration.model_validate_json(structure), layout)
