"""The current look at an experiment: the comparison under its planned looks, and which repeats the next look needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scheduler.statistics import answers
from scheduler.statistics.comparison import Comparison, assemble, joined, other_pairs
from scheduler.statistics.ranking import leader_of_many
from scheduler.statistics.scores import Bools, Scores, read_scores
from scheduler.statistics.sequential import Design, Replay, replay
from scheduler.statistics.wording import counted


@dataclass(frozen=True, kw_only=True, slots=True)
class TopUp:
    """The comparison so far, and what to run next."""

    comparison: Comparison
    #: repeats that each configuration should have in all, where that is more than it has
    wanted: dict[str, int]
    #: every pair is decided
    decided: bool
    #: one sentence
    reason: str


def top_up(frame: pd.DataFrame, design: Design, *, score: str = "test_rmse", margin: float | None = None) -> TopUp:
    """Compare what is there under the looks of a design, and say which configurations need more repeats.

    Only configurations of a pair that is undecided get more, up to the next look; none once every pair is decided, has
    had the last look, or cannot be decided (nothing but failed or diverged repeats).

    Args:
        frame: one row a repeat, as for `compare`; configurations are compared within their splits.
        design: the looks; the same at every call for an experiment.
        score: the column to compare; lower is better.
        margin: a difference that does not matter; half the median spread at the first look if None.
    """
    parts = read_scores(frame, score).by_split()
    played = replay_splits(parts, design, margin=margin)
    pending = {split: _pending(part, played[split], design) for split, part in parts.items()}
    wanted: dict[str, int] = {}
    for split, part in parts.items():
        wanted |= _wanted(part, played[split], design, pending[split])
    return TopUp(
        comparison=joined({split: _compared(part, played[split], design) for split, part in parts.items()}),
        wanted=wanted,
        decided=all(bool((one.decision.better | one.decision.equivalent).all()) for one in played.values()),
        reason=_reason(played, design, wanted, pending=any(bool(one.any()) for one in pending.values())),
    )


def replay_splits(parts: Mapping[str, Scores], design: Design, *, margin: float | None = None) -> dict[str, Replay]:
    """Repeat the looks of a design on the scores of each split, with all pairs as one family.

    The p-values of a pair do not depend on other pairs, but Holm's correction does: where there are several splits,
    each is played once for its p-values and once more beside those of the others.
    """
    alone = {split: replay_scores(part, design, margin=margin) for split, part in parts.items()}
    if len(parts) == 1:
        return alone
    looks = range(len(design.sizes))
    after = [{split: (one.p_after(look), one.evidence.unseen) for split, one in alone.items()} for look in looks]
    return {
        split: replay(
            part.values,
            design,
            shared_seeds=part.shared_seeds,
            reached=_reached(part, design),
            margin=margin,
            others=[other_pairs(found, split) for found in after],
            against=leader_of_many(part.values),
            rounding=part.rounding,
            orders=part.orders,
        )
        for split, part in parts.items()
    }


def replay_scores(scores: Scores, design: Design, *, margin: float | None = None) -> Replay:
    """Repeat the looks of a design on the scores of one split."""
    reached = _reached(scores, design)
    return replay(
        scores.values,
        design,
        shared_seeds=scores.shared_seeds,
        reached=reached,
        margin=margin,
        against=leader_of_many(scores.values),
        rounding=scores.rounding,
        orders=scores.orders,
    )


def _reached(scores: Scores, design: Design) -> Bools:
    """Return which configurations have had the repeats of each look: `(looks, configurations)`."""
    return np.stack([scores.reached(size) for size in design.sizes])


def _pending(scores: Scores, played: Replay, design: Design) -> Bools:
    """Return which pairs are undecided, can be decided, and have looks to come: `(pairs,)`."""
    a, b = played.evidence.places
    d = played.decision
    alive = np.asarray(np.isfinite(scores.values).any(axis=0))
    scored = np.asarray((~np.isnan(scores.values)).any(axis=0) | (scores.waiting > 0))
    open_pairs = ~d.better & ~d.equivalent & (alive[a] | alive[b] | (played.looks == 0)) & scored[a] & scored[b]
    return np.asarray(open_pairs & (played.looks < len(design.sizes)))


def _wanted(scores: Scores, played: Replay, design: Design, pending: Bools) -> dict[str, int]:
    """Return how many repeats the next look needs of each configuration that has fewer."""
    goal = np.asarray(design.sizes)[np.minimum(played.looks, len(design.sizes) - 1)]
    target = np.zeros(len(scores.labels), dtype=np.int64)
    for side in played.evidence.places:
        np.maximum.at(target, side[pending], goal[pending])
    asked = scores.asked.sum(axis=0)
    return {label: int(goal) for label, goal, has in zip(scores.labels, target, asked, strict=True) if goal > has}


def _compared(scores: Scores, played: Replay, design: Design) -> Comparison:
    taken = answers.looks_taken(int(played.looks.max(initial=0)), design.sizes)
    margin, decision = float(played.margin), played.decision
    level = played.level(design)
    return assemble(
        scores, played.evidence, decision, p=played.p, alpha=design.alpha, margin=margin, level=level, notes=(taken,)
    )


def _reason(played: Mapping[str, Replay], design: Design, wanted: dict[str, int], *, pending: bool) -> str:
    """Write what to run next, or why nothing."""
    total = sum(one.looks.size for one in played.values())
    undecided = sum(int((~one.decision.better & ~one.decision.equivalent).sum()) for one in played.values())
    if not undecided:
        return "Every pair is decided."
    pairs = f"{undecided:,} of {counted(total, 'pair')} {'is' if undecided == 1 else 'are'}"
    taken = min(int(one.looks.max(initial=0)) for one in played.values())
    finished = taken == len(design.sizes)
    return answers.next_step(pairs, wanted, pending=pending, last=design.sizes[-1] if finished else None)
