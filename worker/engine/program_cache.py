"""The compiled programs of this process: kept for the packs that follow, the longest unused one dropped."""

from __future__ import annotations

from functools import lru_cache

from store.schema.configuration import Configuration
from store.schema.fields import canonical
from worker.engine.layouts import Layout
from worker.engine.program import Program

#: A program of a small model takes about 30 MB, of which half is never given back.
KEPT = 8


def program(configuration: Configuration, layout: Layout) -> Program:
    """Find the program of a configuration, or make it; it is compiled at its first call."""
    return _cached(structure(configuration), layout)


def structure(configuration: Configuration) -> str:
    """Write down what is compiled in, the same for all lanes: a configuration that the program is built from."""
    model, training = configuration.model.common, configuration.training.common
    return canonical({"series": {"name": ""}, "model": model.decided, "training": training.decided})


@lru_cache(maxsize=KEPT)
def _cached(structure: str, layout: Layout) -> Program:
    return Program(Configuration.model_validate_json(structure), layout)
