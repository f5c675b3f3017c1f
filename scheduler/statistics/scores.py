"""The scores of an experiment as one array: finished, diverged, failed and missing repeats."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from store.records import JobState

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What rank tests compare in place of scores over several splits, where repeats diverged on some of them."""

    #: (repeats, configurations); the mean rank over the splits; NaN where there is no score
    values: Floats
    #: (repeats, configurations); the repeat diverged on at least one split
    diverged: Bools

    def first(self, repeats: int) -> Orders:
        """Return those of the repeats numbered below `repeats`."""
        return Orders(values=self.values[:repeats], diverged=self.diverged[:repeats])


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """One score a repeat and configuration; lower is better."""

    #: in the order of the frame, one a configuration
    labels: tuple[str, ...]
    #: (repeats, configurations); infinity where the repeat diverged, NaN where there is no score
    values: Floats
    #: (repeats, configurations); the repeat is done or failed: nothing more will come
    closed: Bools
    #: (repeats, configurations); the repeat failed and has no score
    failed: Bools
    #: (repeats, configurations); the repeat belongs to the experiment
    asked: Bools
    #: a repeat number stands for the same seed in every configuration
    shared_seeds: bool
    #: the split of each configuration: only those of one are compared; empty where there is but one
    splits: tuple[str, ...] = ()
    #: how much of a score of each configuration may be rounding: `(configurations,)`; None where that is unknown
    rounding: Floats | None = None
    #: where a score is over several splits and repeats diverged on some of them
    orders: Orders | None = None

    def first(self, repeats: int) -> Scores:
        """Return the same scores as if only the repeats numbered below `repeats` had been asked for."""
        return replace(
            self,
            values=self.values[:repeats],
            closed=self.closed[:repeats],
            failed=self.failed[:repeats],
            asked=self.asked[:repeats],
            orders=None if self.orders is None else self.orders.first(repeats),
        )

    def by_split(self) -> dict[str, Scores]:
        """Return the scores of each split by themselves, in the order of the frame."""
        if len(set(self.splits)) < 2:
            return {"".join(self.splits[:1]): self}
        return {name: self._of(name) for name in dict.fromkeys(self.splits)}

    def _of(self, split: str) -> Scores:
        chosen = [place for place, one in enumerate(self.splits) if one == split]
        return replace(
            self,
            labels=tuple(self.labels[place] for place in chosen),
            splits=(split,) * len(chosen),
            values=self.values[:, chosen],
            closed=self.closed[:, chosen],
            failed=self.failed[:, chosen],
            asked=self.asked[:, chosen],
            rounding=None if self.rounding is None else self.rounding[chosen],
            orders=None
            if self.orders is None
            else Orders(values=self.orders.values[:, chosen], diverged=self.orders.diverged[:, chosen]),
        )

    @property
    def waiting(self) -> Ints:
        """Count the repeats that may still come: queued, running or cancelled; `(configurations,)`."""
        return np.asarray((self.asked & ~self.closed).sum(axis=0), dtype=np.int64)

    def reached(self, repeats: int) -> Bools:
        """Return which configurations have had at least `repeats` repeats: `(configurations,)`."""
        if len(self.closed) < repeats:
            return np.zeros(len(self.labels), dtype=np.bool_)
        return np.asarray(self.closed[:repeats].all(axis=0), dtype=np.bool_)


def read_scores(frame: pd.DataFrame, score: str = "test_rmse") -> Scores:
    """Arrange the rows of an experiment by repeat and configuration.

    A repeat that is done counts as diverged when it says so or when its score is not a finite number. A repeat that
    failed, waits or was cancelled has no score.

    Args:
        frame: one row a repeat, with the columns `configuration`, `repeat`, `seed`, `state`, `diverged` and `score`;
            and `split` where configurations may answer different questions, and `rounding` where it is known how
            much of a score may be rounding.
        score: the column that is compared.
    """
    codes, labels = pd.factorize(frame["configuration"])
    repeats = frame["repeat"].to_numpy(dtype=np.int64)
    state = frame["state"].astype(str).to_numpy()
    shape = (int(repeats.max()) + 1 if len(repeats) else 0, len(labels))
    done = state == JobState.DONE.value
    number = frame[score].to_numpy(dtype=np.float64, na_value=np.nan)
    diverged = frame["diverged"].astype("boolean").fillna(False).to_numpy(dtype=np.bool_) | ~np.isfinite(number)
    values = np.full(shape, np.nan)
    values[repeats[done], codes[done]] = np.where(diverged, np.inf, number)[done]
    failed, asked = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    asked[repeats, codes] = True
    failed[repeats, codes] = state == JobState.FAILED.value
    return Scores(
        labels=tuple(str(label) for label in labels),
        values=values,
        closed=failed | ~np.isnan(values),
        failed=failed,
        asked=asked,
        splits=_splits(frame, codes, len(labels)),
        rounding=_rounding(frame, codes, len(labels)),
        shared_seeds=bool((frame.groupby("repeat")["seed"].nunique() <= 1).all()),
    )


def _splits(frame: pd.DataFrame, codes: NDArray[np.int64], configurations: int) -> tuple[str, ...]:
    """Return the split of each configuration; nothing where the frame does not say."""
    if "split" not in frame:
        return ()
    found = np.empty(configurations, dtype=object)
    found[codes] = frame["split"].astype(str).to_numpy()
    return tuple(found)


def _rounding(frame: pd.DataFrame, codes: NDArray[np.int64], configurations: int) -> Floats | None:
    """Return how much of a score of each configuration may be rounding; None where the frame does not say."""
    if "rounding" not in frame:
        return None
    found = np.zeros(configurations)
    found[codes] = frame["rounding"].to_numpy(dtype=np.float64, na_value=0.0)
    return found
