"""The selection audit: is a configuration ahead, or was its best epoch picked on the very part it is judged by?

Picking the epoch with the lowest test RMSE turns the test part into training material: the score that comes out is too
low, the more so the more the curve wobbles (Cawley and Talbot 2010, JMLR 11, "On over-fitting in model selection and
subsequent selection bias in performance evaluation"). So every repeat is scored three ways, and an advantage
that is there only under the second is flagged:

last         the score after the last epoch
best         the lowest test RMSE of any epoch: picked on the test part, too good to be true
validation   the test RMSE at the epoch with the lowest RMSE on held-out training rows, where there are any
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.statistics.against_baselines import compare_scores_with_baselines
from scheduler.statistics.answers import audit_answer, selected_advantage
from scheduler.statistics.comparison import ALPHA
from scheduler.statistics.decision import gather_evidence
from scheduler.statistics.multiple.corrections import holm
from scheduler.statistics.outcomes import AuditOutcome, BaselineOutcome
from scheduler.statistics.pairs import pair_indices
from scheduler.statistics.ranking import leader_of_many
from scheduler.statistics.rounding import E32
from scheduler.statistics.scores import Scores

Floats = NDArray[np.float64]


class Curves(Protocol):
    """The trajectories of one configuration; an attribute `validation`, shaped as `test`, is used if there."""

    @property
    def repeats(self) -> NDArray[np.integer]: ...  #: (n,)
    @property
    def epochs(self) -> NDArray[np.integer]: ...  #: (points,)
    @property
    def test(self) -> NDArray[np.floating]: ...  #: (n, points)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """The three scores of every configuration, and what is ahead only because it was picked on the test part."""

    #: a row a configuration: configuration, repeats, diverged, last, best, best_epoch, optimism (last - best),
    #: validation, validation_epoch; means over the repeats that did not diverge, medians of epochs, NaN where unknown
    table: pd.DataFrame
    #: a row a flag: configuration, over (the name of a configuration, or of a baseline where `baseline` is true),
    #: best_gap, last_gap, validation_gap (by how much its mean is lower, under each score), words
    flags: pd.DataFrame
    outcome: AuditOutcome
    #: the outcome in one or two sentences
    answer: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer, and a sentence for each flag where the answer does not say it."""
        return (self.answer, *self.flags["words"]) if len(self.flags) > 1 else (self.answer,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Picked:
    """The scores of one configuration: arrays of `(n,)`, epochs NaN where there is no score."""

    repeats: NDArray[np.int64]
    last: Floats
    best: Floats
    best_epoch: Floats
    validation: Floats
    validation_epoch: Floats


def audit(
    curves: Mapping[str, Curves],
    *,
    baselines: pd.DataFrame | None = None,
    shared_seeds: bool = True,
    alpha: float = ALPHA,
) -> Audit:
    """Score every repeat at its last epoch, at its best on the test part and where validation would stop.

    A flag says that a configuration is `better` than another one (or `beats` a baseline) by its best epochs on the test
    part, and not by its last ones, nor by those that validation picks. A repeat without a finite last value diverged
    and counts as worse than any other, however good its best epoch was.

    Args:
        curves: for each configuration, its trajectories.
        baselines: what `compute_baselines` returned.
        shared_seeds: whether a repeat number is one seed throughout.
        alpha: the error rate of the comparisons.
    """
    picked = {label: pick(curve) for label, curve in curves.items()}
    return audit_picked(picked, baselines=baselines, shared_seeds=shared_seeds, alpha=alpha)


def audit_picked(
    picked: Mapping[str, Picked],
    *,
    baselines: pd.DataFrame | None = None,
    shared_seeds: bool = True,
    alpha: float = ALPHA,
    rounding: Mapping[str, float] | None = None,
) -> Audit:
    """Audit the scores that were picked from the trajectories of each configuration; see `audit`.

    `rounding` says how much of a score of each configuration may be rounding; curves are 32-bit numbers besides.
    """
    table = pd.DataFrame([_row(label, found) for label, found in picked.items()], columns=list(TABLE))
    validated = bool(picked) and all(np.isfinite(found.validation).any() for found in picked.values())
    names = ("last", "best", "validation") if validated else ("last", "best")
    least = np.array([(rounding or {}).get(label, 0.0) for label in picked])
    scores = {name: _scores(picked, name, least, shared_seeds=shared_seeds) for name in names}
    rows = _pair_flags(scores, alpha) if len(picked) > 1 else []
    if baselines is not None and picked:
        rows += _baseline_flags(scores, baselines, alpha)
    flags = pd.DataFrame(rows, columns=list(FLAGS))
    known = table["optimism"].dropna()
    optimism = float(known.median()) if len(known) else np.nan
    outcome = _outcome(optimism, flags)
    return Audit(table=table, flags=flags, outcome=outcome, answer=audit_answer(outcome, optimism, flags))


def joined_audits(audits: Mapping[str, Audit]) -> Audit:
    """Merge the audits of an experiment's splits, which are given by the splits' names."""
    if len(audits) == 1:
        return next(iter(audits.values()))
    found = list(audits.values())
    flagged = [one.outcome is AuditOutcome.SELECTED for one in found]
    return Audit(
        table=pd.concat([one.table for one in found], ignore_index=True),
        flags=pd.concat([one.flags for one in found], ignore_index=True),
        outcome=AuditOutcome.SELECTED if any(flagged) else found[0].outcome,
        answer="\n".join(f"{split}: {one.answer}" for split, one in audits.items()),
    )


TABLE = (
    *("configuration", "repeats", "diverged", "last", "best", "best_epoch", "optimism"),
    *("validation", "validation_epoch"),
)
FLAGS = ("configuration", "over", "baseline", "best_gap", "last_gap", "validation_gap", "words")


def pick(curve: Curves) -> Picked:
    """Score the repeats of one configuration three ways; a diverged repeat is infinite under each."""
    test = np.asarray(curve.test, dtype=np.float64)
    epochs = np.asarray(curve.epochs, dtype=np.float64)
    held_out = getattr(curve, "validation", None)
    finished = np.isfinite(test[:, -1])
    place = np.argmin(np.where(np.isfinite(test), test, np.inf), axis=1)
    unknown = np.full(len(test), np.nan)
    validation, validation_epoch = unknown, unknown
    if held_out is not None and np.isfinite(held_out).any():
        valid = np.asarray(held_out, dtype=np.float64)
        stop = np.argmin(np.where(np.isfinite(valid) & np.isfinite(test), valid, np.inf), axis=1)
        validation = _at(test, stop, finished)
        validation_epoch = np.where(finished, epochs[stop], np.nan)
    return Picked(
        repeats=np.asarray(curve.repeats, dtype=np.int64),
        last=_at(test, np.full(len(test), test.shape[1] - 1), finished),
        best=_at(test, place, finished),
        best_epoch=np.where(finished, epochs[place], np.nan),
        validation=validation,
        validation_epoch=validation_epoch,
    )


def _at(test: Floats, place: NDArray[np.intp], finished: NDArray[np.bool_]) -> Floats:
    return np.where(finished, test[np.arange(len(test)), place], np.inf)


def _row(label: str, found: Picked) -> dict[str, object]:
    """Return the row of one configuration."""

    def mean(scores: Floats) -> float:
        known = scores[np.isfinite(scores)]
        return float(known.mean()) if len(known) else np.nan

    def median(epochs: Floats) -> float:
        known = epochs[np.isfinite(epochs)]
        return float(np.median(known)) if len(known) else np.nan

    return {
        "configuration": label,
        "repeats": len(found.repeats),
        "diverged": int(np.isinf(found.last).sum()),
        "last": mean(found.last),
        "best": mean(found.best),
        "best_epoch": median(found.best_epoch),
        "optimism": mean(found.last) - mean(found.best),
        "validation": mean(found.validation),
        "validation_epoch": median(found.validation_epoch),
    }


def _scores(picked: Mapping[str, Picked], name: str, least: Floats, *, shared_seeds: bool) -> Scores:
    """Arrange one of the three scores by repeat and configuration."""
    rows = 1 + max((int(found.repeats.max(initial=-1)) for found in picked.values()), default=-1)
    values = np.full((rows, len(picked)), np.nan)
    for column, found in enumerate(picked.values()):
        values[found.repeats, column] = getattr(found, name)
    closed = ~np.isnan(values)
    largest = np.where(np.isfinite(values), np.abs(values), 0.0).max(axis=0, initial=0.0)
    return Scores(
        labels=tuple(picked),
        values=values,
        closed=closed,
        failed=np.zeros_like(closed),
        asked=closed,
        shared_seeds=shared_seeds,
        rounding=np.maximum(least, E32 * largest),
    )


def _pair_flags(scores: Mapping[str, Scores], alpha: float) -> list[dict[str, object]]:
    """Flag the pairs that are decided on the best epochs and on no others.

    Of very many configurations, the one that leads by its best epochs is compared with the others.
    """
    differences, winners = {}, {}
    against = leader_of_many(scores["best"].values)
    for name, found in scores.items():
        differences[name], winners[name] = _winners(found, alpha, against)
    best = winners.pop("best")
    suspect = best >= 0
    for honest in winners.values():
        suspect &= honest != best
    labels = scores["best"].labels
    a, b = pair_indices(len(labels), against)
    rows = []
    for place in np.flatnonzero(suspect):
        winner, loser = int(best[place]), int(a[place] + b[place] - best[place])
        sign = -1.0 if winner == b[place] else 1.0
        gaps = {name: sign * float(found[place]) for name, found in differences.items()}
        rows.append(_flag(labels[winner], labels[loser], baseline=False, best=gaps.pop("best"), honest=gaps))
    return rows


def _winners(scores: Scores, alpha: float, against: int | None) -> tuple[Floats, NDArray[np.intp]]:
    """Return the difference of each pair, b minus a, and the place of the better configuration or -1."""
    evidence = gather_evidence(
        scores.values,
        shared_seeds=scores.shared_seeds,
        ranks=False,
        against=against,
        rounding=scores.rounding,
    )
    a, b = evidence.places
    adjusted = holm(evidence.p, evidence.unseen)
    return evidence.contrast.difference, np.where(adjusted <= alpha, np.where(evidence.b_leads, b, a), -1)


def _baseline_flags(scores: Mapping[str, Scores], baselines: pd.DataFrame, alpha: float) -> list[dict[str, object]]:
    """Flag the configurations that beat a baseline by their best epochs and by no others."""
    tables = {name: compare_scores_with_baselines(found, baselines, alpha=alpha) for name, found in scores.items()}
    suspect = tables["best"]["outcome"] == BaselineOutcome.BEATS
    for name, table in tables.items():
        if name != "best":
            suspect &= table["outcome"] != BaselineOutcome.BEATS
    found = []
    for place in np.flatnonzero(suspect):
        gaps = {name: float(table["rmse"].iloc[place] - table["mean"].iloc[place]) for name, table in tables.items()}
        row = tables["best"].iloc[place]
        label, over = str(row["configuration"]), str(row["baseline"])
        found.append(_flag(label, over, baseline=True, best=gaps.pop("best"), honest=gaps))
    return found


def _flag(label: str, over: str, *, baseline: bool, best: float, honest: Mapping[str, float]) -> dict[str, object]:
    """Return the row of one flag."""
    return {
        "configuration": label,
        "over": over,
        "baseline": baseline,
        "best_gap": best,
        "last_gap": honest["last"],
        "validation_gap": honest.get("validation", np.nan),
        "words": selected_advantage(label, f"the baseline {over}" if baseline else over, best, honest),
    }


def _outcome(optimism: float, flags: pd.DataFrame) -> AuditOutcome:
    """Conclude whether scoring at the best epoch on the test rows makes any configuration look better."""
    if len(flags):
        return AuditOutcome.SELECTED
    return AuditOutcome.SOUND if np.isfinite(optimism) else AuditOutcome.NO_TRAJECTORIES
