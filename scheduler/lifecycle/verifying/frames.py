"""Stored frames against computed ones, row by row, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def differing(stored: pd.DataFrame, computed: pd.DataFrame, keys: list[str], *, close: float) -> list[str]:
    """Return in one line where two frames differ: rows that only one has, and values in the columns that both have.

    Args:
        stored: what the store has.
        computed: what it should have.
        keys: the columns that name a row.
        close: how far numbers may be apart, as a share.
    """
    if not len(stored) or not len(computed):
        return [] if len(stored) == len(computed) else [f"{len(stored)} rows are stored, and {len(computed)} computed"]
    theirs, ours = _rows(stored, keys), _rows(computed, keys)
    columns = [name for name in computed.columns if name in stored.columns and name not in keys]
    found = [f"{_named(key)} is not stored" for key in ours if key not in theirs]
    found += [f"{_named(key)} is stored, and the results do not give it" for key in theirs if key not in ours]
    for key in (key for key in ours if key in theirs):
        found += [
            f"{name} of {_named(key)} is stored as {theirs[key][name]}, and is {ours[key][name]}"
            for name in columns
            if not same(theirs[key][name], ours[key][name], close)
        ]
    return first_of(found)


def first_of(found: list[str]) -> list[str]:
    """Return the first of several differences with their number, as a list of one line; an empty list where none is."""
    more = f"; so {'is 1 other' if len(found) == 2 else f'are {len(found) - 1:,} others'}" if len(found) > 1 else ""
    return [found[0] + more] if found else []


def _rows(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], dict[Any, Any]]:
    return {tuple(row[name] for name in keys): row for row in frame.to_dict("records")}


def _named(key: tuple[Any, ...]) -> str:
    return " and ".join(str(part) for part in key if part != "")


def same(a: Any, b: Any, close: float) -> bool:
    """Return whether a stored value is a computed one; what is missing, infinite or no number is stored as nothing."""
    if isinstance(a, list | tuple) or isinstance(b, list | tuple):
        return _listed(a, b, close)
    if _nothing(a) or _nothing(b):
        return _nothing(a) and _nothing(b)
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    return math.isclose(float(a), float(b), rel_tol=close, abs_tol=0.0)


def _listed(a: Any, b: Any, close: float) -> bool:
    if _nothing(a) or _nothing(b):
        return _nothing(a) and _nothing(b)
    return len(a) == len(b) and all(same(one, other, close) for one, other in zip(a, b, strict=True))


def _nothing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))
