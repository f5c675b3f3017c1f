"""The scores of two experiments on many splits as one array, where both have the same splits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics.side_by_side import Shared, Side, shown_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.statistics.scores import Floats
    from scheduler.statistics.splits.scores import SplitScores

#: the hash of a series, the number of a window of it, and which of several series with these values it is
Place = tuple[str, int, int]


def join_sides(first: Side, second: Side, shared: Shared, *, shared_seeds: bool) -> dict[str, SplitScores]:
    """Return the scores of both experiments on the splits that configurations of both have in common.

    Args:
        first: one experiment.
        second: the other.
        shared: their splits.
        shared_seeds: whether a repeat has one seed in both.

    Returns:
        The scores by the name of all splits together.
    """
    mine, theirs = (
        _shown(side, shared.names[side.name], shown)
        for side, shown in zip((first, second), shown_labels(first, second, shared), strict=True)
    )
    found = {}
    for name in mine.keys() & theirs.keys():
        joined = _joined(mine[name], theirs[name])
        found[name] = replace(joined, shared_seeds=joined.shared_seeds and shared_seeds)
    return found


def _shown(side: Side, names: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, SplitScores]:
    """Return the scores of the configurations that are compared, by the shared name of their splits."""
    found = {}
    for scores in side.scores.values():
        kept = [place for place, label in enumerate(scores.labels) if label in shown and label in names]
        if kept:
            labels = [scores.labels[place] for place in kept]
            rounding = None if scores.rounding is None else scores.rounding[kept]
            called = tuple(shown[label] for label in labels)
            found[names[labels[0]]] = replace(scores, labels=called, values=scores.values[kept], rounding=rounding)
    return found


def _joined(mine: SplitScores, theirs: SplitScores) -> SplitScores:
    """Put the configurations of one behind those of the other; what they ask is the same, in whatever order."""
    at = {place: number for number, place in enumerate(_places(theirs))}
    order = [at[place] for place in _places(mine)]
    repeats = max(mine.values.shape[2], theirs.values.shape[2])
    values = [_wide(each, repeats) for each in (mine.values, theirs.values[:, order])]
    known = [mine.rounding, None if theirs.rounding is None else theirs.rounding[:, order]]
    rounding = [each for each in known if each is not None]
    return replace(
        mine,
        labels=(*mine.labels, *theirs.labels),
        values=np.concatenate(values),
        shared_seeds=mine.shared_seeds and theirs.shared_seeds,
        rounding=np.concatenate(rounding) if len(rounding) == len(known) else None,
    )


def _places(scores: SplitScores) -> list[Place]:
    """Return what each split is, whatever the experiment calls its series."""
    counted: Counter[tuple[str, int]] = Counter()
    found = []
    for series, window in zip(scores.series, scores.windows, strict=True):
        key = series.split(" ", 1)[0], window
        found.append((*key, counted[key]))
        counted[key] += 1
    return found


def _wide(values: Floats, repeats: int) -> Floats:
    """Fill up with repeats that have no score."""
    return np.pad(values, [(0, 0), (0, 0), (0, repeats - values.shape[2])], constant_values=np.nan)
