"""A comparison on these splits, completed by what holds beyond them and by the parts of the variance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics.multiple.corrections import Others
from scheduler.statistics.outcomes import Outcome
from scheduler.statistics.ranking import leader_of_many
from scheduler.statistics.splits import wording
from scheduler.statistics.splits.beyond import Beyond, beyond, gather_beyond
from scheduler.statistics.splits.components import Components, variance_components
from scheduler.statistics.splits.record import OverSplits
from scheduler.statistics.splits.table import THESE, pair_table
from scheduler.statistics.splits.units import units_of
from scheduler.statistics.wording import counted

if TYPE_CHECKING:
    from scheduler.statistics.comparison import Comparison
    from scheduler.statistics.decision import Evidence
    from scheduler.statistics.splits.scores import SplitScores


def over_many_splits(
    scores: Mapping[str, SplitScores], *, alpha: float, components: bool = True
) -> dict[str, OverSplits]:
    """Decide all pairs beyond their splits, as one family, and split the variance.

    Args:
        scores: by the name of a set of splits.
        alpha: chance of any false `better`.
        components: whether the variance is split.
    """
    evidence: dict[str, Evidence] = {}
    for name, one in scores.items():
        evidence[name] = gather_beyond(one, against=leader_of_many(units_of(one).means))
    found = {}
    for name, one in scores.items():
        others = [(e.p, e.unseen) for other, e in evidence.items() if other != name]
        beside = Others(p=np.concatenate([np.empty(0), *(p for p, _ in others)]), unseen=sum(n for _, n in others))
        decided = beyond(one, alpha=alpha, evidence=evidence[name], others=beside)
        found[name] = _complete(one, decided, alpha, variance_components(one) if components else None)
    return found


def _complete(scores: SplitScores, found: Beyond, alpha: float, components: Components | None) -> OverSplits:
    diverged = np.isinf(scores.values)
    return OverSplits(
        pairs=pair_table(found, alpha=alpha),
        components=components,
        units=found.units,
        windows=found.windows,
        least=found.least,
        leader=found.labels[int(np.argmin(np.where(np.isfinite(found.means), found.means, np.inf)))],
        configurations=len(found.labels),
        advice="" if components is None else wording.advice(components, windows=found.windows),
        diverged=int(diverged.sum()),
        diverged_splits=int(diverged.any(axis=(0, 2)).sum()),
    )


def with_splits(comparison: Comparison, found: Mapping[str, OverSplits]) -> Comparison:
    """Return a comparison with both verdicts: its answers say both, and `over` has the pairs beyond the splits.

    Args:
        comparison: on these splits; its parts are by the names of the sets.
        found: what holds beyond them, by the same names.
    """
    parts = {name: _with_both(one, found.get(name)) for name, one in comparison.parts.items()}
    if len(parts) == 1:
        name, only = next(iter(parts.items()))
        whole = replace(only, pairs=comparison.pairs, ranking=comparison.ranking, over=dict(found))
        return replace(whole, parts={name: whole})
    answers = [f"{name}: {one.answer}" for name, one in parts.items()]
    notes = tuple(dict.fromkeys([*comparison.notes, *(note for one in found.values() for note in _notes(one))]))
    return replace(comparison, answer="\n".join(answers), notes=notes, over=dict(found), parts=parts)


def _with_both(comparison: Comparison, found: OverSplits | None) -> Comparison:
    if found is None:
        return comparison
    answer = wording.answer(comparison.answer, found)
    return replace(comparison, answer=answer, notes=(*comparison.notes, *_notes(found)))


def _notes(found: OverSplits) -> list[str]:
    """Return what a reader must know beside the answer."""
    if not found.diverged:
        return []
    where = counted(found.diverged_splits, "split")
    return [f"{counted(found.diverged, 'training')} diverged, on {where}."]


def stored_pairs(comparison: Comparison) -> pd.DataFrame:
    """Return the pairs on these splits and, where there are several, beyond them, told apart by the column `over`."""
    these = comparison.pairs.assign(over=THESE)
    beyond_them = [one.pairs.assign(split=name) for name, one in comparison.over.items()]
    return pd.concat([these, *beyond_them], ignore_index=True) if beyond_them else these


def undecided(found: OverSplits) -> pd.DataFrame:
    """Return the pairs that more splits would settle."""
    return found.pairs[found.pairs["outcome"].isin([Outcome.UNDECIDED, Outcome.TOO_FEW_SPLITS])]
