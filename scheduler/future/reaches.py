"""How far the forecasts of a study reach that are stored, so that one of fewer steps need not be trained again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from store.schema.reading import read_configurations

if TYPE_CHECKING:
    from store import Experiment, Store


def stored_reaches(store: Store, study: Experiment, labels: Sequence[str]) -> dict[int, Mapping[str, str]]:
    """Return the steps of stored forecasts of some configurations, each with these on all rows as canonical JSON.

    Args:
        store: the results store.
        study: whose forecasts.
        labels: of the configurations in the study.
    """
    found: dict[int, Mapping[str, str]] = {}
    for number in store.futures.of(study.id):
        params = store.experiments.parameters(number, labels)
        if len(params) < len(labels):
            continue
        (first,) = read_configurations({labels[0]: params[labels[0]]}).values()
        assert first.future is not None
        found.setdefault(first.future.steps, params)
    return found
