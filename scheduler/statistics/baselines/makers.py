"""The baselines of a series: their names, and how each is built from the training part."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from scheduler.statistics.baselines import naive
from scheduler.statistics.baselines.arima import LONGEST_SEASON as LONGEST_OF_ARIMA
from scheduler.statistics.baselines.arima import Arima
from scheduler.statistics.baselines.decomposed import Decomposed
from scheduler.statistics.baselines.ets import LONGEST_SEASON as LONGEST_OF_ETS
from scheduler.statistics.baselines.ets import Ets
from scheduler.statistics.baselines.theta import Theta
from scheduler.statistics.baselines.walk import CannotFit, Floats, Forecasts, Model, is_constant, repeat


class Seasonal(Model, Protocol):
    """A model that may have a season."""

    def __init__(self, train: Floats, season: int = 1) -> None: ...

    @property
    def seasonal(self) -> bool:
        """Whether it has one."""


#: made from the training part
ModelMaker = Callable[[Floats], Model]

KINDS: Mapping[type[Seasonal], str] = {Ets: "ETS", Arima: "ARIMA", Theta: "Theta"}

#: observations that a model without a season needs
FEWEST = 10
#: periods that a seasonal model needs
PERIODS = 2


def rules(seasons: Sequence[int]) -> dict[str, tuple[Forecasts, int]]:
    """Return the baselines without parameters, and how many observations before the test part each needs."""
    return {
        "persistence": (repeat(1), 1),
        "lag-2 naive": (repeat(2), 2),
        **{f"seasonal naive ({season})": (repeat(season), season) for season in seasons},
        "drift": (naive.drift, 2),
        "AR(1) on differences": (naive.autoregression, 6),
    }


def models(seasons: Sequence[int]) -> dict[str, ModelMaker]:
    """Return the baselines that are fitted; the seasonal ones have the shortest season, and MSTL all of them."""
    found: dict[str, ModelMaker] = {name: _plain(kind) for kind, name in KINDS.items()}
    if seasons:
        season = seasons[0]
        found |= {
            f"seasonal ETS ({season})": _seasonal(Ets, season, LONGEST_OF_ETS),
            f"seasonal ARIMA ({season})": _seasonal(Arima, season, LONGEST_OF_ARIMA),
            f"seasonal Theta ({season})": _seasonal(Theta, season),
        }
    if len(seasons) > 1:
        found[f"MSTL with ETS ({', '.join(map(str, seasons))})"] = _decomposed(Ets, tuple(seasons))
    return found


def _plain(kind: Callable[[Floats], Model]) -> ModelMaker:
    def make(train: Floats) -> Model:
        return kind(_varied(train, FEWEST))

    return make


def _seasonal(kind: type[Seasonal], season: int, longest: float = math.inf) -> ModelMaker:
    """Return what makes a model with the season, or one that removes a season that is too long for it."""
    if season > longest:
        return _decomposed(kind, (season,))

    def make(train: Floats) -> Model:
        model = kind(_long_enough(train, season), season)
        if not model.seasonal:
            raise CannotFit(f"its best form has no season: see {KINDS[kind]}")
        return model

    return make


def _decomposed(kind: Callable[..., Model], seasons: tuple[int, ...]) -> ModelMaker:
    return lambda train: Decomposed(_long_enough(train, max(seasons)), seasons, kind)


def _long_enough(train: Floats, season: int) -> Floats:
    return _varied(train, max(FEWEST, PERIODS * season), f"a season of {season} ")


def _varied(train: Floats, needs: int, what: str = "") -> Floats:
    """Return the training part where a model can be fitted to it.

    Raises:
        CannotFit: it is too short, or constant.
    """
    check_length(train, needs, what)
    if is_constant(train):
        raise CannotFit("cannot be fitted: all observations before the test part are equal")
    return train


def check_length(train: Floats, needs: int, what: str = "") -> None:
    """Check that there are enough observations.

    Raises:
        CannotFit: there are not.
    """
    if len(train) < needs:
        observations = f"{needs} observation{'s' * (needs > 1)}"
        raise CannotFit(f"{what}needs {observations} before the test part, there are {len(train)}")


def names(seasons: Sequence[int]) -> Mapping[str, bool]:
    """List the baselines of a series with these seasons; True for those that are fitted."""
    return dict.fromkeys(rules(seasons), False) | dict.fromkeys(models(seasons), True)
