"""The field `series.inputs`: columns, or what the model sees of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from store.schema.fields import LARGEST
from store.schema.keras_objects import wrong
from store.schema.prepare import InputColumn
from store.schema.spelling import did_you_mean

LAGS = "a whole number from 1, a list of such numbers, or 0 with known: true"
Inputs = tuple[str, ...] | dict[str, InputColumn]
_FIELDS = tuple(InputColumn.model_fields)
#: what other tools call them
_ALSO = {
    "lags": ("lag", "shift", "shifts", "window", "lookback", "n_lags"),
    "known": ("known_ahead", "known_future", "future", "is_known", "known_in_advance"),
}
#: lags from here on are places
PLACES = 1_000_000_000
#: the largest lag that is written for ranges
MOST_WRITTEN = 10_000
_WHOLE = re.compile(r"-?\d{1,6}\Z")
_CALL = re.compile(r"range\((?:(\d{1,6}), *)?(\d{1,6})\)\Z")
_SPAN = re.compile(r"(\d{1,6}) *(?:-|:|\.\.|to) *(\d{1,6})\Z")


def read_inputs(given: Any) -> Any:
    """Read a mapping of columns; anything else is left to the schema.

    Raises:
        PydanticCustomError: Columns have wrong fields; each is named.
    """
    if isinstance(given, list | tuple) and any(isinstance(one, dict) for one in given):
        given = as_mapping(given)
    if not isinstance(given, dict):
        return given
    mistakes = [(name, text) for name, column in given.items() for text in _mistakes(name, column)]
    if mistakes:
        raise wrong(*mistakes)
    return {name: _column(column) for name, column in given.items()}


def as_mapping(given: Sequence[Any]) -> dict[Any, Any]:
    """Return a list of columns, some with what the model sees of them, as one mapping."""
    parts = [one if isinstance(one, dict) else {one: None} for one in given if not isinstance(one, list | tuple)]
    return {name: column for part in parts for name, column in part.items()}


def with_names(given: Inputs, columns: Mapping[str, str]) -> Inputs:
    """Return inputs under other names: new name -> the one that the grid has."""
    return {new: given[old] for new, old in columns.items()} if isinstance(given, dict) else tuple(columns)


def by_place(given: Inputs | None) -> tuple[Inputs | None, tuple[InputColumn, ...]]:
    """Return inputs with their places for lags, and the columns as the grid has them.

    What is read of a file does not depend on lags: one reading serves all of them, and `in_place` puts them in.
    """
    if not isinstance(given, dict):
        return given, ()
    placed = {
        name: InputColumn(lags=PLACES + place, known=one.known) for place, (name, one) in enumerate(given.items())
    }
    return placed, tuple(given.values())


def in_place(seen: Mapping[str, InputColumn], columns: Sequence[InputColumn]) -> dict[str, InputColumn]:
    """Return what a row sees of columns that have the places of others for lags."""
    found = {name: columns[int(str(one.lags)) - PLACES] for name, one in seen.items()}
    return {name: one for name, one in found.items() if one != InputColumn()}


def _column(given: Any) -> InputColumn:
    if isinstance(given, InputColumn) or given is None:
        return given or InputColumn()
    lags = given.get("lags")
    return InputColumn(lags=_plain(lags) if isinstance(lags, Sequence) else lags, known=given.get("known") or False)


def _plain(lags: Sequence[int]) -> int | tuple[int, ...]:
    """Return lags in order; all lags up to one as their number."""
    ordered = tuple(sorted(lags))
    return len(ordered) if ordered == tuple(range(1, len(ordered) + 1)) else ordered


def _mistakes(name: Any, given: Any) -> Iterator[str]:
    if isinstance(given, int | list | tuple) and not isinstance(given, bool):
        yield f"{name} is {_shown(given)}; write {name}: {{lags: {_shown(given)}}}"
    elif isinstance(given, dict):
        unknown = [key for key in given if key not in _FIELDS]
        for key in unknown:
            meant = next((field for field, words in _ALSO.items() if str(key).lower() in words), "")
            hint = f"; did you mean {meant}?" if meant else did_you_mean(str(key), _FIELDS)
            yield f"{name} has no field {key!r}: its fields are lags and known{hint}"
        yield from () if unknown else _wrong_values(name, given)
    elif given is not None and not isinstance(given, InputColumn):
        hint = f"; write {name}: {{known: true}}" if "known" in str(given) else ""
        yield f"{name} is {_shown(given)}; allowed: {{lags: ..., known: ...}}{hint}"


def _wrong_values(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    lags, known = given.get("lags"), given.get("known")
    if known is not None and not isinstance(known, bool):
        yield f"{name}.known is {_shown(known)}; allowed: true or false"
    elif isinstance(lags, list | tuple):
        twice = next((lag for lag in lags if lags.count(lag) > 1), None)
        if not lags or not all(_is_count(lag) and lag for lag in lags):
            yield f"{name}.lags is {_shown(lags)}; allowed: {LAGS}{_written(lags)}"
        elif twice is not None:
            yield f"{name}.lags has {twice} twice; keep one of them"
    elif lags is not None and not _is_count(lags):
        yield f"{name}.lags is {_shown(lags)}; allowed: {LAGS}{_written(lags)}"
    elif lags == 0 and not known:
        yield (
            f"{name}.lags is 0, with which the model sees nothing of {name}; write lags: 1, or add known: true if its "
            "values at the forecast steps are known beforehand"
        )


def _written(given: Any) -> str:
    """Return `; ` and lags that other tools write otherwise: as negative numbers, as text or as a range."""
    if isinstance(given, str) and _WHOLE.match(given) and int(given) > 0:
        return f"; write lags: {int(given)}"
    found = _range(given)
    if found is None:
        numbers = [abs(int(one)) for one in _several(given) if _WHOLE.match(str(one))]
        found = [] if len(numbers) < len(_several(given)) else sorted(set(numbers))
    if not found or not found[0] or found[-1] > MOST_WRITTEN:
        return ""
    return f"; write lags: {_shown(_plain(found))}"


def _several(given: Any) -> Sequence[Any]:
    return given if isinstance(given, list | tuple) else (given,)


def _range(given: Any) -> list[int] | None:
    """Read `range(1, 25)`, `1-24`, `1..24` and `{min: 1, max: 24}`; None for what is no range."""
    if isinstance(given, Mapping):
        ends = [str(one) for one in given.values()]
        text = "-".join(ends) if len(ends) == 2 else ""
    else:
        text = str(given).strip()
    if found := _CALL.match(text):
        return list(range(int(found[1] or 1), int(found[2])))
    found = _SPAN.match(text)
    return None if found is None else list(range(int(found[1]), int(found[2]) + 1))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"[:80]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)[:80]
