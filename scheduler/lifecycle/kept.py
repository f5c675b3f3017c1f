"""The weights that an experiment keeps, and why there are none where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import NotFound
from store.schema.spelling import did_you_mean

if TYPE_CHECKING:
    from store import Experiment, Store
    from store.records import Float32s


def kept_weights(store: Store, experiment: Experiment, configuration: str, repeat: int) -> dict[str, Float32s]:
    """Return the weights of a repeat by their paths.

    Raises:
        NotFound: there is no such repeat, or its weights were not kept.
    """
    found = store.results.weights(experiment.id, configuration, repeat)
    if found is None:
        raise NotFound(_why_not(store, experiment, configuration, repeat))
    return found


def _why_not(store: Store, experiment: Experiment, configuration: str, repeat: int) -> str:
    results = store.results.frame(experiment.id, ["configuration", "repeat"])
    repeats = results["repeat"][results["configuration"] == configuration].tolist()
    if not repeats:
        near = did_you_mean(configuration, results["configuration"].unique().tolist())
        return f"{experiment.name} has no configuration {configuration!r}{near}"
    if repeat not in repeats:
        return f"{configuration} of {experiment.name} has no repeat {repeat}; its repeats are 0 to {max(repeats)}"
    if not experiment.keeps_weights:
        return f"{experiment.name} keeps no weights; add keep: weights to its grid and run it again"
    return f"repeat {repeat} of {configuration} has no result; Study.status() shows how far its training is"
