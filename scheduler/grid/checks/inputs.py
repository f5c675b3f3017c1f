"""Checks of what a row sees against what it forecasts; pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.grid.messages import Found
from store.schema.configuration import Configuration
from store.schema.inputs import OFFSET, common_lags, is_known, lags_of
from store.schema.prepare import Prepare
from store.schema.spelling import listed

#: columns and lags that a message lists
SHOWN = 6


def by_columns(prepare: Prepare) -> Iterator[tuple[str, str]]:
    """Yield the fields that a grid sets column by column, each with its columns."""
    for name in ("transform", "difference", "scale"):
        value = getattr(prepare, name)
        yield from ((name, column) for column in (value if isinstance(value, dict) else ()))


def unused_columns(configuration: Configuration) -> Iterator[Found]:
    """Report columns that a configuration sets and does not have; others of the grid may have them."""
    columns = configuration.series.columns
    for name, column in by_columns(configuration.prepare):
        if column not in columns:
            yield (
                ("prepare", name, column),
                f"prepare.{name} names the column {column!r}, which the grid does not use; "
                f"the columns are {listed(columns, 'and')}",
            )


def lag_mistakes(configuration: Configuration) -> Iterator[Found]:
    """Report lags that cannot be time steps since columns have different ones."""
    if configuration.prepare.lags_as == "timesteps" and common_lags(configuration) is None:
        lags = {name: lags_of(configuration, name) for name in configuration.series.inputs}
        named = [f"{name} {_lags(found)}" for name, found in list(lags.items())[:SHOWN] if found]
        yield (
            ("prepare", "lags_as"),
            f"prepare.lags_as is timesteps, and the lags of columns differ ({', '.join(named)}), which are features of "
            "one time step: write prepare.lags_as: features, or the same lags for all of series.inputs",
        )


def described(configuration: Configuration, column: str) -> str:
    """Describe what a row sees of a column."""
    lags = lags_of(configuration, column)
    parts = [f"lag{'s' * (len(lags) > 1)} {_lags(lags)}"] if lags else []
    parts += ["known ahead"] if is_known(configuration, column) else []
    return f"{column} ({', '.join(parts)})"


def _lags(lags: Sequence[int]) -> str:
    if isinstance(lags, range) and len(lags) > 1:
        return f"1 to {len(lags)}"
    return listed([str(lag) for lag in sorted(lags)][:SHOWN], "and") + (", ..." if len(lags) > SHOWN else "")


def leak_mistakes(configuration: Configuration) -> Iterator[Found]:
    """Report targets that a row both sees and forecasts."""
    series, prepare = configuration.series, configuration.prepare
    start = OFFSET[prepare.target_at]
    asked = range(start, min(start + prepare.horizon, 1))  # no lag is of a later time
    shown = [
        column
        for column in series.targets
        if column in series.inputs and any(1 - time in lags_of(configuration, column) for time in asked)
    ]
    if shown:
        names, rest = listed(shown, "and"), [name for name in series.inputs if name not in shown]
        others = f", or leave {names} out of series.inputs" if rest else ""
        yield (
            ("prepare", "target_at"),
            f"prepare.target_at is {prepare.target_at}, and series.inputs has the target{'s' * (len(shown) > 1)} "
            f"{names}: with {longest_lag(configuration)} and prepare.horizon {prepare.horizon} the model would "
            f"see the values that it forecasts; use prepare.target_at: next{others}",
        )


def recursion_mistakes(configuration: Configuration) -> Iterator[Found]:
    """Report inputs whose values are not there when a model that is fed its own forecasts comes to a later step."""
    series, horizon = configuration.series, configuration.prepare.horizon
    if configuration.prepare.steps_at_once == horizon:
        return
    unknown = [
        column
        for column in series.inputs
        if column not in series.targets
        and not is_known(configuration, column)
        and (lags_of(configuration, column) or (horizon,))[-1] < horizon
    ]
    if unknown:
        more = f" (and {len(unknown) - SHOWN} more)" if len(unknown) > SHOWN else ""
        names = f"{listed(unknown[:SHOWN], 'and')}{more}"
        is_, it = ("is", "it") if len(unknown) == 1 else ("are", "them")
        yield (
            ("prepare", "strategy"),
            f"prepare.strategy is recursive, and {names} {is_} seen at lags below prepare.horizon {horizon}, but {is_} "
            f"neither forecast nor known ahead: with known: true in series.inputs a row sees {it} at the forecast "
            f"steps; or use lags from {horizon} for {it}, leave {it} out of series.inputs, or write prepare.strategy: "
            "direct",
        )


def longest_lag(configuration: Configuration, verb: str = "") -> str:
    """Describe the largest lag, and the field that it is from."""
    lags = {name: (lags_of(configuration, name) or (0,))[0] for name in configuration.series.inputs}
    name = max(lags, key=lambda one: lags[one], default="")
    own = configuration.series.seen.get(name)
    if own is None or own.lags is None:
        return f"prepare.lags{verb} {configuration.prepare.lags}"
    return f"the largest lag of series.inputs{verb} {lags[name]} (of {name})"
