"""Transforms of a column before it is differenced and scaled, and their inverses.

Each formula is here once. What training computes of it (how an error of transformed values becomes an error of the
series) is written for NumPy and TensorFlow alike. Inverses are plain: the median of a transformed forecast is that of
the series, and no correction is made for the mean. Where a forecast has left what the transform can give, it counts as
the nearest value that it can: 0 for `sqrt` and for `box_cox` with a power above 0. What is beyond the largest number
(`exp` of much, `box_cox` with a negative power) is infinite, and the repeat has diverged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from store.records import Float64s


NONE: Final = "none"
#: the transforms that need values above some number, or from it on, and that number
ABOVE: Final = {"log": 0.0, "log1p": -1.0, "box_cox": 0.0}
FROM: Final = {"sqrt": 0.0}

#: of the power of `box_cox`, either way: where the likelihood is highest beyond, the data say next to nothing of it
MOST_POWER = 5.0
#: in the place of a power of 0, which it equals to all digits
ZERO_POWER = 1e-8


def outside(word: str, values: Float64s) -> NDArray[np.bool_]:
    """Return which values a transform is not defined for."""
    if word in ABOVE:
        return np.asarray(values <= ABOVE[word])
    return np.asarray(values < FROM.get(word, -np.inf))


def domain(word: str) -> str:
    """Return the values that a transform is defined for, in words."""
    return f"values above {ABOVE[word]:g}" if word in ABOVE else f"values from {FROM[word]:g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transform:
    """A transform, fitted to training observations."""

    word: str = NONE
    #: of `box_cox`: the power, and the value in which others are counted
    power: float = 1.0
    center: float = 1.0

    @classmethod
    def fit(cls, word: str, training: Float64s, *, scaled: bool) -> Transform:
        """Fit a transform.

        Args:
            word: Which one.
            training: The observations before the test part.
            scaled: Whether a scale follows, to which the unit of the values is the same: values are then counted in
                their geometric mean, so that no unit loses digits.
        """
        if word != "box_cox":
            return cls(word=word)
        center = float(np.exp(np.log(training).mean()))
        return cls(word=word, power=_likeliest(training / center), center=center if scaled else 1.0)

    def apply(self, values: Float64s) -> Float64s:
        """Transform values of the series."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if self.word == "box_cox":
                return np.asarray(np.expm1(self.power * np.log(values / self.center)) / self.power)
            return np.asarray(_FORWARD[self.word](values))

    def undo(self, found: Float64s) -> Float64s:
        """Turn transformed values back into those of the series."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if self.word == "box_cox":
                moved = np.log1p(np.maximum(self.power * found, -1.0)) / self.power
                return np.asarray(self.center * np.exp(moved))
            return np.asarray(_BACK[self.word](found))

    def terms(self, observed: Float64s, unit: float) -> Float64s:
        """Return what `errors` needs to know of observed values: (3, *shape), in a unit of the series."""
        one = np.ones_like(observed)
        if self.word == "sqrt":
            return np.stack([np.sqrt(observed / unit), one / np.sqrt(unit), one])
        if self.word == "box_cox":
            rate = self.power * np.exp(-self.power * np.log(observed / self.center))
            return np.stack([observed / unit, rate, one / self.power])
        return np.stack([(observed + (self.word == "log1p")) / unit, one, one])


_FORWARD: Final[dict[str, Any]] = {NONE: np.asarray, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt}
_BACK: Final[dict[str, Any]] = {
    NONE: np.asarray,
    "log": np.exp,
    "log1p": np.expm1,
    "sqrt": lambda found: np.square(np.maximum(found, 0.0)),
}


def errors(word: str, moved: Any, terms: Any, math: Any) -> Any:
    """Return the errors of forecasts in the series' unit, from those of the transformed values.

    They are found without the forecasts themselves, whose differences would lose the digits that 32 bits lack.

    Args:
        word: Which transform.
        moved: How far transformed forecasts are from what was observed.
        terms: The three of the observed values, see `Transform.terms`.
        math: `numpy`, or `tf.math`.
    """
    size, rate, power = terms
    if word == NONE:
        return moved
    if word == "sqrt":
        step = math.maximum(rate * moved, -size)
        return step * (2.0 * size + step)
    if word == "box_cox":
        return size * math.expm1(math.log1p(math.maximum(rate * moved, -1.0)) * power)
    return size * math.expm1(rate * moved)


def _likeliest(values: Float64s) -> float:
    """Return the power of Box and Cox with the highest likelihood, as SciPy and scikit-learn find it."""
    from scipy.stats import boxcox_normmax

    if np.ptp(np.log(values)) == 0:
        return 1.0
    with np.errstate(all="ignore"):
        power = float(boxcox_normmax(values, method="mle", ymax=np.inf))
    return float(np.clip(power, -MOST_POWER, MOST_POWER)) or ZERO_POWER
