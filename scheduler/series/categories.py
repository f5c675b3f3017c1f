"""Columns of text as columns of 0 and 1, one for each category, in order of the alphabet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.input_columns import with_names
from store.schema.spelling import listed

if TYPE_CHECKING:
    from scheduler.series.fields import SeriesSource
    from store.records import Float64s

#: categories of one column
MOST = 50
#: that are named
SHOWN = 3


def column_of(name: str, category: str) -> str:
    """Return what the column of a category is called."""
    return f"{name}={''.join(letter if letter.isprintable() else '?' for letter in category)}"


def too_many(name: str, different: Collection[str]) -> str:
    """Describe a column of text with too many different values; empty for others."""
    if len(different) <= MOST:
        return ""
    shown = ", ".join(repr(text[:20]) for text in sorted(different)[:SHOWN])
    return (
        f"{name} is text with {len(different):,} different values, such as {shown}; at most {MOST} become columns of 0 "
        f"and 1: leave {name} out of series.inputs, or make fewer categories of it"
    )


def became(name: str, categories: Sequence[str], what: str = "text") -> str:
    """Say what became of a column of text, or of codes."""
    columns = [column_of(name, one) for one in categories[:SHOWN]]
    more = [f"{len(categories) - SHOWN} more"] if len(categories) > SHOWN else []
    ends = "a column" if len(categories) == 1 else f"{len(categories)} columns"
    return f"{name} is {what}, and became {ends} of 0 and 1: {listed([*columns, *more], 'and')}"


def spread(
    columns: Sequence[str], values: Float64s, categories: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], Float64s, dict[str, str]]:
    """Put columns of 0 and 1 in the place of those with the numbers of categories.

    Returns:
        The names, the values, and of each new column that which it was made of.
    """
    names: list[str] = []
    parts: list[Float64s] = []
    made: dict[str, str] = {}
    for place, name in enumerate(columns):
        if name not in categories:
            names.append(name)
            parts.append(values[:, place])
            continue
        for number, category in enumerate(categories[name]):
            made[column_of(name, category)] = name
            names.append(column_of(name, category))
            parts.append((values[:, place] == number).astype(np.float64))
    return tuple(names), np.column_stack(parts), made


def with_categories(source: SeriesSource, made: dict[str, str]) -> SeriesSource:
    """Return the fields with the columns of 0 and 1 among the inputs, in the place of those of text."""
    if not made or source.inputs is None:
        return source
    columns = {
        new: old for old in source.inputs for new in ([one for one, origin in made.items() if origin == old] or [old])
    }
    return source.model_copy(update={"inputs": with_names(source.inputs, columns)})
