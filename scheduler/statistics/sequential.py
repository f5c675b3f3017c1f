"""Group sequential comparison: more repeats where pairs are undecided, with the error rate kept over repeated looks.

The looks are planned before the first one: at `Design.sizes` repeats of a configuration. Error is spent over them by
the Pocock-type function of Lan and DeMets (1983), "Discrete sequential boundaries for clinical trials", Biometrika 70:
alpha ln(1 + (e - 1) t) at the share t of the most repeats. (The O'Brien-Fleming type spends next to nothing on early
looks; repeats are costly, so early ends are worth more here than a last look at nearly full error.) The boundaries
follow from the recursion of Armitage, McPherson and Rowe (1969) and are applied to p-values (Jennison and Turnbull
2000, section 3.8).

For each pair, the smallest error at which any look so far would have crossed its boundary is a p-value that holds under
repeated looks; Holm's correction of these keeps the chance of any false "better" (Liu and Anderson 2008, JASA 103;
Maurer and Bretz 2013). "No difference larger than d" rests on repeated confidence intervals (Jennison and Turnbull
1989).

Only the design has to be stored: every look is repeated from the repeats with the lowest numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache, partial

import numpy as np
from scipy import special

from scheduler.statistics.comparison import ALPHA
from scheduler.statistics.decision import (
    Decision,
    Evidence,
    LooksAhead,
    decide_from_adjusted,
    gather_evidence,
    typical_margin,
)
from scheduler.statistics.multiple.corrections import NONE, Others, holm_beside
from scheduler.statistics.pairs import Contrast, pair_indices
from scheduler.statistics.scores import Bools, Floats, Ints, Orders

#: each look has this many times the repeats of the one before
GROWTH = 1.5
#: errors for which boundaries are tabulated; between them the table is interpolated on logarithmic scales
ERRORS = np.concatenate([np.geomspace(1e-14, 1e-3, 34), np.geomspace(1e-3, 0.5, 24)[1:]])
NODES = 96
#: share of the error that is spent: with 10 repeats a look, Student's t makes the boundaries about 4% too easy
SPENDABLE = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Design:
    """The planned looks: fixed before the first one and kept for the experiment."""

    #: repeats of a configuration at each look, increasing
    sizes: tuple[int, ...]
    alpha: float = ALPHA


def plan(first: int, most: int, *, alpha: float = ALPHA) -> Design:
    """Plan looks at `first` repeats and then at half as many again each time, up to `most`.

    Raises:
        ValueError: if `first` is below 2 or above `most`.
    """
    if not 2 <= first <= most:
        raise ValueError(f"Looks need 2 <= first <= most repeats; first is {first}, most is {most}.")
    sizes = [first]
    while sizes[-1] * GROWTH**1.5 <= most:
        sizes.append(int(np.ceil(sizes[-1] * GROWTH)))
    return Design(sizes=tuple(sizes if sizes[-1] == most else [*sizes, most]), alpha=alpha)


def error_spent(share: Floats, alpha: Floats) -> Floats:
    """Return the error spent by the time that `share` of the most repeats is there (Lan and DeMets 1983, alpha_2)."""
    return np.asarray(alpha * np.log1p((np.e - 1) * share))


@lru_cache(maxsize=16)
def boundaries(sizes: tuple[int, ...]) -> Floats:
    """Return the two-sided p-value that each look must reach so that `ERRORS` are spent in all: `(looks, errors)`.

    The score process is a Brownian motion in the share of repeats; its density within the boundaries is carried from
    look to look on Gauss-Legendre nodes.
    """
    times = np.asarray(sizes, dtype=np.float64) / sizes[-1]
    budget = np.diff(np.stack([error_spent(time, ERRORS) for time in times]), axis=0, prepend=0.0)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    levels = [budget[0]]
    edge = -special.ndtri(budget[0] / 2) * np.sqrt(times[0])
    place = edge[:, None] * nodes
    mass = np.exp(-(place**2) / (2 * times[0])) / np.sqrt(2 * np.pi * times[0]) * edge[:, None] * weights
    for time, step, due in zip(times[1:], np.diff(times), budget[1:], strict=True):
        edge = _crossing(place, mass, step, due, -special.ndtri(due / 2) * np.sqrt(time))
        levels.append(2 * special.ndtr(-edge / np.sqrt(time)))
        ahead = edge[:, None] * nodes
        move = np.exp(-((ahead[:, :, None] - place[:, None, :]) ** 2) / (2 * step)) / np.sqrt(2 * np.pi * step)
        mass = np.einsum("eij,ej->ei", move, mass) * edge[:, None] * weights
        place = ahead
    return np.stack(levels)


def _crossing(place: Floats, mass: Floats, step: float, due: Floats, highest: Floats) -> Floats:
    """Bisect for the edge that the process leaves, on either side, with probability `due`."""
    low, high = np.zeros_like(highest), highest
    for _ in range(60):
        middle = (low + high) / 2
        leaves = 2 * (mass * special.ndtr((place - middle[:, None]) / np.sqrt(step))).sum(axis=1)
        low, high = np.where(leaves > due, middle, low), np.where(leaves > due, high, middle)
    return (low + high) / 2


def error_at_look(p: Floats, look: int, sizes: tuple[int, ...]) -> Floats:
    """Return the smallest error in all with which a look at p-value `p` would cross its boundary."""
    levels = boundaries(sizes)[look]
    with np.errstate(divide="ignore"):
        found = np.exp(np.interp(np.log(p), np.log(levels), np.log(ERRORS)))
    return np.where(p > levels[-1], 1.0, np.where(p < levels[0], ERRORS[0], found))


def level_at_look(alpha: Floats | float, look: int, sizes: tuple[int, ...]) -> Floats:
    """Return the p-value that a look must reach so that `alpha` is spent in all."""
    return np.asarray(np.exp(np.interp(np.log(alpha), np.log(ERRORS), np.log(boundaries(sizes)[look]))))


def _looks_ahead(sizes: tuple[int, ...], look: int, alpha: Floats) -> LooksAhead:
    """Return the looks after this one, with the error of a pair that may spend `alpha` in all; the last one always."""
    coming = range(min(look + 1, len(sizes) - 1), len(sizes))
    return [(sizes[place] - sizes[look], level_at_look(SPENDABLE * alpha, place, sizes)) for place in coming]


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """All looks so far, pair by pair."""

    evidence: Evidence
    decision: Decision
    #: p-values that hold under repeated looks, `(..., pairs)`
    p: Floats
    #: the number of looks each pair has had, `(..., pairs)`
    looks: Ints
    margin: Floats
    #: `p` after each look
    history: tuple[Floats, ...] = ()

    def level(self, design: Design) -> Floats:
        """Return the error of the interval of each pair by itself that holds under its looks: `(pairs,)`."""
        levels = [level_at_look(SPENDABLE * design.alpha, look, design.sizes) for look in range(len(design.sizes))]
        return np.asarray(levels)[np.maximum(self.looks - 1, 0)]

    def p_after(self, look: int) -> Floats:
        """Return the p-values after a look, the last ones where there was no such look."""
        return self.history[min(look, len(self.history) - 1)]


def replay(
    values: Floats,
    design: Design,
    *,
    shared_seeds: bool,
    reached: Bools,
    margin: float | None = None,
    others: Sequence[Others] = (),
    against: int | None = None,
    rounding: Floats | None = None,
    orders: Orders | None = None,
) -> Replay:
    """Repeat the looks of a design.

    Args:
        values: `(..., repeats, configurations)`.
        design: when to look.
        shared_seeds: whether a repeat number is one seed throughout.
        reached: `(looks, configurations)`, which configurations have had the repeats of each look. A pair is looked at
            when both have.
        margin: a difference that does not matter; from the spread at the first look if None.
        others: for each look, the pairs of other splits, with their p-values so far.
        against: as for `gather_evidence`; the same at every look.
        rounding: as for `gather_evidence`.
        orders: as for `gather_evidence`.
    """
    a, b = pair_indices(values.shape[-1], against)
    state: Replay | None = None
    for look, size in enumerate(design.sizes):
        looked = reached[look, a] & reached[look, b]
        if state is not None and not looked.any() and not len(others):
            return state
        if state is None or looked.any():
            now, ranks = values[..., :size, :], values.ndim == 2
            seen = gather_evidence(
                now,
                shared_seeds=shared_seeds,
                ranks=ranks,
                against=against,
                rounding=rounding,
                orders=None if orders is None else orders.first(size),
            )
        if state is None:
            state = _before_looks(seen, typical_margin(seen.moments) if margin is None else np.asarray(margin))
        state = _after_look(state, seen, design, look, looked, others[look] if len(others) else NONE)
    if state is None:
        raise ValueError("A design needs at least one look.")
    return state


def _after_look(
    state: Replay, seen: Evidence, design: Design, look: int, looked: Bools, others: Others = NONE
) -> Replay:
    """Take one more look at some pairs.

    Args:
        state: what was known before.
        seen: the evidence of this look.
        design: the looks.
        look: which look it is, from 0.
        looked: `(pairs,)`, which pairs it is for; the others stay as they were.
        others: the pairs of other splits.
    """
    p = np.where(looked, np.minimum(state.p, error_at_look(seen.p, look, design.sizes) / SPENDABLE), state.p)
    evidence = _merge_evidence(looked, seen, state.evidence)
    adjusted, elsewhere = holm_beside(p, others, design.alpha, unseen=seen.unseen)
    family = max(looked.shape[-1] + seen.unseen + len(others), 1)
    now = decide_from_adjusted(
        evidence,
        adjusted=adjusted,
        alpha=design.alpha,
        level=level_at_look(SPENDABLE * design.alpha / family, look, design.sizes),
        margin=state.margin,
        elsewhere=elsewhere,
        ahead=partial(_looks_ahead, design.sizes, look),
    )
    more = np.full(p.shape, np.nan) if look + 1 == len(design.sizes) else now.more  # after the last look none is added
    equivalent = ~now.better & (state.decision.equivalent | (looked & now.equivalent))
    decision = Decision(
        adjusted=now.adjusted,
        better=now.better,
        equivalent=equivalent,
        half_width=np.where(looked, now.half_width, state.decision.half_width),
        more=np.where(now.better | equivalent, 0.0, np.where(looked | (look == 0), more, state.decision.more)),
    )
    looks = np.where(looked, look + 1, state.looks)
    history = (*state.history, p)
    return Replay(evidence=evidence, decision=decision, p=p, looks=looks, margin=state.margin, history=history)


def _before_looks(e: Evidence, margin: Floats) -> Replay:
    """Return the state before the first look."""
    ones, never = np.ones(e.p.shape), np.zeros(e.p.shape, dtype=np.bool_)
    unknown = np.full(e.p.shape, np.nan)
    nothing = Decision(adjusted=ones, better=never, equivalent=never, half_width=unknown, more=unknown)
    return Replay(evidence=e, decision=nothing, p=ones, looks=np.zeros(e.p.shape, dtype=np.int64), margin=margin)


def _merge_evidence(looked: Bools, new: Evidence, old: Evidence) -> Evidence:
    """Take the new evidence for the pairs that are looked at, and keep the old for the others."""
    if looked.all():
        return new
    contrast = {
        name.name: np.where(looked, getattr(new.contrast, name.name), getattr(old.contrast, name.name))
        for name in fields(Contrast)
    }
    rest = {
        name.name: np.where(looked, getattr(new, name.name), getattr(old, name.name))
        for name in fields(Evidence)
        if name.name not in {"contrast", "moments", "against"}
    }
    return replace(new, contrast=Contrast(**contrast), **rest)
