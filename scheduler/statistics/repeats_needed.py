"""How many more repeats would settle a pair, one way or the other.

The true difference is as likely anywhere (flat prior), so after more repeats the difference D' is normal about the
present D with variance se^2 - se'^2 (predictive power: Spiegelhalter, Freedman and Blackburn 1986). The answer is the
smallest number by which D' has become significant, or its interval has entered the margin, with chance `SETTLED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from scheduler.statistics.scores import Floats

#: the maximum number of repeats that is suggested
MOST_REPEATS = 10_000
#: required chance that a pair is settled; slightly above 50%, which makes the median right in simulations
SETTLED = 0.53


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPairs:
    """Pairs that are not settled yet. Every field is `(pairs,)`; variances are those of one repeat."""

    difference: Floats
    own: Floats
    other: Floats
    n_own: Floats
    n_other: Floats
    df: Floats
    margin: Floats

    def repeats_to_settle(self, level: Floats) -> Floats:
        """Return the repeats of each side that settle the pairs, if scores are looked at after every one of them.

        Bisects on a logarithmic scale.

        Args:
            level: `(pairs,)`, the error of one pair.

        Returns:
            `(pairs,)`; `MOST_REPEATS` stands for that many or more.
        """
        low, high = np.zeros(len(self.own)), np.full(len(self.own), np.log(MOST_REPEATS))
        for _ in range(24):
            middle = (low + high) / 2
            enough = self._chance_within(np.exp(middle), level) >= SETTLED
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(np.ceil(np.exp(high)), dtype=np.float64)

    def repeats_until_look(self, ahead: Sequence[tuple[int, Floats]]) -> Floats:
        """Return about how many repeats of each side it takes until a planned look settles the pairs.

        A look stands for the numbers around it, halfway to its neighbours on a logarithmic scale, so that the answer
        is near both looks where either may be the one.

        Args:
            ahead: for each look to come, the repeats until then, and the error of one pair there, `(pairs,)`. The last
                look is there also if it is over.

        Returns:
            `(pairs,)`; where no look is that late, what it would take at the last one's error.
        """
        needed, before = np.full(len(self.own), np.nan), np.zeros(len(self.own))
        sizes = [repeats for repeats, _ in ahead]
        edges = np.log([sizes[0], *(np.sqrt(one * two) for one, two in pairwise(sizes)), sizes[-1]]) if sizes[0] else ()
        for (repeats, level), (low, high) in zip(ahead, pairwise(edges), strict=False):
            chance = np.maximum(before, self._chance_after(np.full(len(self.own), float(repeats)), level))
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.clip((SETTLED - before) / (chance - before), 0.0, 1.0)
            place = np.round(np.exp(low + (high - low) * share))
            needed = np.where(np.isnan(needed) & (chance >= SETTLED), place, needed)
            before = chance
        last, level = ahead[-1]
        return np.where(np.isnan(needed), np.maximum(self.repeats_to_settle(level), last), needed)

    def _chance_within(self, more: Floats, level: Floats) -> Floats:
        """Return the approximate chance to be settled at some look within `more` repeats of each side.

        A path that may stop at every repeat stops by then more often than it is beyond the edge then: nearly twice as
        often a little ahead (reflection principle), hardly more often far ahead.
        """
        grown = 1 + 2 * more / (self.n_own + self.n_other)
        return np.asarray((1 + np.exp(1 - grown)) * self._chance_after(more, level))

    def _chance_after(self, more: Floats, level: Floats) -> Floats:
        """Return the chance to be beyond the edge, or surely within the margin, after `more` repeats of each side."""
        now = self.own / self.n_own + self.other / self.n_other
        then = self.own / (self.n_own + more) + self.other / (self.n_other + more)
        moved = np.sqrt(now - then)
        grown = 1 + 2 * more / (self.n_own + self.n_other)
        reach = _student_quantile(level, self.df * grown) * np.sqrt(then)
        better = special.ndtr((self.difference - reach) / moved) + special.ndtr((-self.difference - reach) / moved)
        room = self.margin - reach
        alike = special.ndtr((room - self.difference) / moved) - special.ndtr((-room - self.difference) / moved)
        return np.asarray(better + np.where(room > 0, alike, 0.0))


def _student_quantile(level: Floats, df: Floats) -> Floats:
    """Approximate the two-sided quantile of Student's t (Abramowitz and Stegun 1964, 26.7.5, two terms)."""
    z = -special.ndtri(level / 2)
    return np.asarray(z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2))
