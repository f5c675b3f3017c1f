"""The levels of prediction intervals, in percent, and how many residuals each needs."""

from __future__ import annotations

import math
from collections.abc import Iterable

from store.errors import UsageError

#: the level where none is asked for
DEFAULT = 80.0
#: decimals of a share beyond which it is rounding: (n + 1) * 0.55 is 11.000000000000002 for n = 19
_DECIMALS = 9


class TooFewResiduals(UsageError):
    """A level needs more residuals than there are."""

    def __init__(self, level: float, found: int, *, rows: int | None = None, where: str = "") -> None:
        """Write the message.

        Args:
            level: in percent.
            found: residuals that there are.
            rows: test rows of the study, of which later steps have fewer residuals [default: as many as residuals].
            where: which step or target has so few.
        """
        self.level, self.found, self.needed = level, found, fewest_residuals(level)
        self.rows_needed = (found if rows is None else rows) + self.needed - found
        lower = highest_level(found)
        instead = f", or for a level of at most {lower}" if lower else ""
        super().__init__(
            f"an interval of level {written(level)} needs {self.needed} residuals from the test rows, and there are "
            f"{found}{where and f' for {where}'}: "
            f"ask for more test rows in the grid (`test: {self.rows_needed}`){instead}"
        )


def place_of(level: float, count: int) -> int:
    """Return which of the residuals in rising order, from 1, bounds an interval; above `count` none does.

    The finite-sample correction of split conformal prediction: ceil((n + 1) * level). With it, an interval holds the
    next value with a chance of at least its level, if errors are exchangeable (Vovk, Gammerman and Shafer 2005;
    Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, theorem 2.1).
    """
    return math.ceil(round((count + 1) * level / 100, _DECIMALS))


def fewest_residuals(level: float) -> int:
    """Return how many residuals a level needs: 4 for 80%, 19 for 95%, 99 for 99%."""
    return math.ceil(round(level / (100 - level), _DECIMALS))


def highest_level(count: int) -> int:
    """Return the highest level, in whole percent, that so many residuals carry; 0 for none."""
    return math.floor(round(100 * count / (count + 1), _DECIMALS))


def written(level: float) -> str:
    """Write a level without needless decimals: 80, 97.5."""
    return f"{level:g}"


def read_levels(given: Iterable[float]) -> tuple[float, ...]:
    """Return levels in rising order, each once; the default where none is given.

    Raises:
        UsageError: a level is not between 0 and 100.
    """
    levels = tuple(sorted(set(map(float, given))))
    wrong = [written(level) for level in levels if not 1 <= level < 100]
    if wrong:
        raise UsageError(
            f"level {', '.join(wrong)} is no percentage from 1 to below 100; "
            "80 asks for intervals that hold 80% of the values"
        )
    return levels or (DEFAULT,)
