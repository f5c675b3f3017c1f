"""The field `series.inputs`: columns, or what the model sees of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from store.schema.fields import LARGEST
from store.schema.keras_objects import wrong
from store.schema.prepare import InputColumn
from store.schema.spelling import did_you_mean

LAGS = "a whole number from 1, a list of such numbers, or 0 with known: true"
Inputs = tuple[str, ...] | dict[str, InputColumn]
_FIELDS = tuple(InputColumn.model_fields)


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
            yield f"{name} has no field {key!r}: its fields are lags and known{did_you_mean(str(key), _FIELDS)}"
        yield from () if unknown else _wrong_values(name, given)
    elif given is not None and not isinstance(given, InputColumn):
        yield f"{name} is {_shown(given)}; allowed: {{lags: ..., known: ...}}"


def _wrong_values(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    lags, known = given.get("lags"), given.get("known")
    if known is not None and not isinstance(known, bool):
        yield f"{name}.known is {_shown(known)}; allowed: true or false"
    elif isinstance(lags, list | tuple):
        twice = next((lag for lag in lags if lags.count(lag) > 1), None)
        if not lags or not all(_is_count(lag) and lag for lag in lags):
            yield f"{name}.lags is {_shown(lags)}; allowed: {LAGS}"
        elif twice is not None:
            yield f"{name}.lags has {twice} twice; keep one of them"
    elif lags is not None and not _is_count(lags):
        yield f"{name}.lags is {_shown(lags)}; allowed: {LAGS}"
    elif lags == 0 and not known:
        yield (
            f"{name}.lags is 0, with which the model sees nothing of {name}; write lags: 1, or add known: true if its "
            "values at the forecast steps are known beforehand"
        )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"[:80]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)[:80]
