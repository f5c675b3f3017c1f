"""The order of the configurations, and letters for the groups that cannot be distinguished."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from string import ascii_lowercase

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.pairs import Moments, moments, pair_indices
from scheduler.statistics.scores import Bools, Floats, Scores

#: with more groups than this for each configuration, letters mark neighbours in the ranking only
MOST_GROUPS = 2
#: and with more steps than this to find them, too
MOST_STEPS = 100


#: with more configurations than this in a split, only the best is compared with the others
MOST_COMPARED = 500


def leader_of_many(values: Floats) -> int | None:
    """Return the first of the ranking, to be compared with the others; None where all pairs are compared.

    Args:
        values: `(repeats, configurations)`.
    """
    return int(np.argmin(_sort_keys(values, moments(values)))) if values.shape[-1] > MOST_COMPARED else None


def rank_configurations(
    scores: Scores, m: Moments, better: Bools, b_leads: Bools, *, alpha: float, against: int | None = None
) -> pd.DataFrame:
    """Order the configurations, best first, and group those that cannot be distinguished.

    The order is by the mean score, in which a diverged repeat counts as the worst score that any repeat of the
    experiment finished with; a configuration without any finished repeat comes last.

    Args:
        scores: the scores.
        m: their moments, `(configurations,)`.
        better: `(pairs,)`, where one is better than the other.
        b_leads: `(pairs,)`, where it is b.
        alpha: error of the interval of the mean.
        against: the configuration that the pairs are with; None where they are all. Then the groups are a, those that
            are not distinguished from it, and b, the others.

    Returns:
        A row a configuration: rank, configuration, group (letters: two configurations share one unless they are
        distinguished), mean, low, high (Student's interval of the mean of the finished repeats), std, finished,
        diverged, failed, waiting, better_than and worse_than (numbers of configurations).
    """
    k = len(scores.labels)
    a, b = pair_indices(k, against)
    winners, losers = (np.where(b_leads == side, b, a)[better] for side in (True, False))
    order = np.argsort(_sort_keys(scores.values, m), kind="stable")
    table = _table(scores, m, alpha).assign(
        better_than=np.bincount(winners, minlength=k), worse_than=np.bincount(losers, minlength=k)
    )
    table = table.iloc[order]
    place = np.argsort(order)
    pairs = place[a[better]], place[b[better]]
    table.insert(0, "rank", np.arange(1, k + 1))
    table.insert(
        2, "group", group_letters(_matrix(*pairs, k)) if against is None else _two_groups(*pairs, k, place[against])
    )
    return table.reset_index(drop=True)


def _table(scores: Scores, m: Moments, alpha: float) -> pd.DataFrame:
    """Describe the scores of each configuration, in the order of the grid."""
    with np.errstate(divide="ignore", invalid="ignore"):
        half = special.stdtrit(m.finished - 1, 1 - alpha / 2) * np.sqrt(m.variance / m.finished)
    return pd.DataFrame(
        {
            "configuration": scores.labels,
            "mean": m.mean,
            "low": m.mean - half,
            "high": m.mean + half,
            "std": np.sqrt(m.variance),
            "finished": m.finished,
            "diverged": m.diverged,
            "failed": scores.failed.sum(axis=0),
            "waiting": scores.waiting,
        }
    )


def _matrix(a: NDArray[np.intp], b: NDArray[np.intp], k: int) -> Bools:
    """Return whether the configurations of the row and of the column are one of the pairs."""
    found = np.zeros((k, k), dtype=np.bool_)
    found[a, b] = found[b, a] = True
    return found


def _two_groups(a: NDArray[np.intp], b: NDArray[np.intp], k: int, against: int) -> list[str]:
    """Return b for the configurations that are in a pair with another one, a for the rest."""
    found = np.full(k, "a", dtype=object)
    found[a] = found[b] = "b"
    found[against] = "a"
    return list(found)


def _sort_keys(values: Floats, m: Moments) -> Floats:
    """Return the number by which configurations are ordered; infinity where there is none."""
    finite = np.isfinite(values)
    worst = values[finite].max(initial=0.0)
    filled = np.where(m.finished > 0, m.mean, 0.0) * m.finished + worst * m.diverged
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(m.finished > 0, filled / (m.finished + m.diverged), np.inf)


def group_letters(distinguished: Bools) -> list[str]:
    """Return letters so that two configurations share one exactly if they cannot be distinguished.

    The letters of Piepho (2004), "An algorithm for a letter-based representation of all-pairwise comparisons": each
    stands for a largest group, found as Tomita, Tanaka and Takahashi (2006) find cliques. Where that needs very many
    letters, a letter stands for a run of neighbours that cannot be distinguished.

    Args:
        distinguished: `(configurations, configurations)`, symmetric, best configuration first.
    """
    k = len(distinguished)
    groups = _cliques(distinguished)
    if groups is None:
        groups = _runs(distinguished)
    members = sorted([place for place in range(k) if group >> place & 1] for group in groups)
    owned: list[list[int]] = [[] for _ in range(k)]
    for number, group in enumerate(members):
        for place in group:
            owned[place].append(number)
    if len(members) <= len(ascii_lowercase):
        return ["".join(map(_letter, numbers)) for numbers in owned]
    return [" ".join(_spans(numbers)) for numbers in owned]


def _cliques(distinguished: Bools) -> list[int] | None:
    """Return the largest groups without a distinguished pair, as bit masks, or None if there are too many."""
    k = len(distinguished)
    alike = [_mask(~row) & ~(1 << place) for place, row in enumerate(distinguished)]
    groups: list[int] = []
    waiting = [((1 << k) - 1, 0, 0)] if k else []  # who may still join, who was tried already, the group so far
    steps = 0
    while waiting:
        free, tried, group = waiting.pop()
        if not free:
            groups += [group] if not tried else []
            continue
        steps += 1
        if len(groups) > MOST_GROUPS * k or steps > MOST_STEPS * k:
            return None
        for place in _places(free & ~_pivot(free, tried, alike)):
            waiting.append((free & alike[place], tried & alike[place], group | 1 << place))
            free, tried = free & ~(1 << place), tried | 1 << place
    return groups if len(groups) <= MOST_GROUPS * k else None


def _pivot(free: int, tried: int, alike: list[int]) -> int:
    """Return the neighbours of the place that has the most among those that may still join."""
    found, most = 0, -1
    left = free | tried
    while left:  # as `_places` does, but this is where the time goes
        lowest = left & -left
        left ^= lowest
        near = alike[lowest.bit_length() - 1]
        count = (free & near).bit_count()
        if count > most:
            found, most = near, count
    return found


def _mask(chosen: Bools) -> int:
    """Return the places that are chosen as bits."""
    return int.from_bytes(np.packbits(chosen, bitorder="little").tobytes(), "little")


def _places(mask: int) -> Iterator[int]:
    """Return the places of the bits that are set."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _runs(distinguished: Bools) -> list[int]:
    """Return the longest runs of neighbours without a distinguished pair, as bit masks."""
    k = len(distinguished)
    ends = [0] * k
    end = k
    for start in range(k - 1, -1, -1):
        apart = np.flatnonzero(distinguished[start, start + 1 : end])
        end = start + 1 + int(apart[0]) if len(apart) else end
        ends[start] = end
    starts = [0, *(after for (_, before), (after, now) in pairwise(enumerate(ends)) if now > before)]
    return [(1 << ends[start]) - (1 << start) for start in starts]


def _spans(numbers: list[int]) -> list[str]:
    """Write consecutive groups as one span: b-dg."""
    breaks = [0, *(place + 1 for place, (one, two) in enumerate(pairwise(numbers)) if two != one + 1), len(numbers)]
    parts = [numbers[start:end] for start, end in pairwise(breaks)]
    return [_letter(part[0]) + f"-{_letter(part[-1])}" * (len(part) > 1) for part in parts]


def _letter(number: int) -> str:
    """Write the letters of a group: a to z, then ba, bb, ... as digits of base 26."""
    text = ""
    while True:
        number, digit = divmod(number, len(ascii_lowercase))
        text = ascii_lowercase[digit] + text
        if not number:
            return text
