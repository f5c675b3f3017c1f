"""Repeats that different versions of the numerics computed: no verdict rests on both, since their numbers differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.statistics.wording import enumerated
from store.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.comparison import Comparison
    from scheduler.statistics.side_by_side import Side
    from store import Experiment


def no_verdict(experiment: Experiment, results: pd.DataFrame, numerics: Sequence[int], store: str) -> Comparison:
    """Return a comparison without pairs, whose answer is why an experiment with several versions has no verdict."""
    from scheduler.statistics.comparison import compare
    from store.experiments.advice import train_again

    versions = enumerated([str(version) for version in numerics])
    answer = (
        f"No verdict: {experiment.name} has repeats of versions {versions} of the numerics, whose numbers differ. "
        f"{train_again(experiment, store)}"
    )
    empty = replace(compare(results.iloc[:0]), answer=answer, notes=(), own_notes=())
    return replace(empty, parts={"": empty})


def check_versions(first: Side, second: Side) -> None:
    """Check that one version computed the results of both experiments.

    Raises:
        UsageError: with the versions, and what to do.
    """
    found = sorted({*first.numerics, *second.numerics})
    if len(found) > 1:
        parts = [f"{side.name} of version {_listed(side)}" for side in (first, second) if side.numerics]
        older = [side.again for side in (first, second) if set(side.numerics) - {found[-1]}]
        which = "the older one" if len(older) == 1 else "both"
        raise UsageError(
            f"The results are of several versions of the numerics, whose numbers differ: {enumerated(parts)}. Train "
            f"the grid of {which} again: {enumerated(older)}."
        )


def _listed(side: Side) -> str:
    return enumerated([str(version) for version in side.numerics])
