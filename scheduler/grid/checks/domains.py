"""Whether transforms are defined for all values of their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from scheduler.grid.messages import Found
from scheduler.grid.yaml_values import shown
from store.schema.configuration import Configuration
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store.records import Float64s, Series

#: what is proposed in the place of a transform, the nearest to it first
_INSTEAD = ("log1p", "sqrt", "none")
#: columns that a message describes
SHOWN = 3


def domain_mistakes(configuration: Configuration, series: Series) -> Iterator[Found]:
    """Report the columns of a configuration with other values, in the training part and the test part alike."""
    outside = {name: rows for name in configuration.series.columns if (rows := _outside(configuration, series, name))}
    if outside:
        one, several = next(iter(outside)), len(outside) > 1
        path = (
            ("prepare", "transform")
            if several or isinstance(configuration.prepare.transform, str)
            else ("prepare", "transform", one)
        )
        word = configuration.prepare.transform_of(one)
        named = [_named(configuration, series, name, rows) for name, rows in list(outside.items())[:SHOWN]]
        named += [f"and {len(outside) - SHOWN} more columns"] if len(outside) > SHOWN else []
        given = "prepare.transform" if several else f"prepare.transform is {word} for {one}"
        yield path, f"{given}: {'; '.join(named)}; allowed: {listed(_ways(configuration, series, outside))}"


def _outside(configuration: Configuration, series: Series, name: str) -> list[int]:
    """Return the rows of a column's values that its transform is not defined for."""
    import numpy as np

    from store.preparation.transforms import outside

    word = configuration.prepare.transform_of(name)
    return np.flatnonzero(outside(word, _values(series, name))).tolist() if word != "none" else []


def _values(series: Series, name: str) -> Float64s:
    values: Float64s = series.values[:, series.columns.index(name)]
    return values


def _named(configuration: Configuration, series: Series, name: str, rows: list[int]) -> str:
    """Describe the values of one column."""
    from store.preparation.transforms import domain

    word, row = configuration.prepare.transform_of(name), rows[0]
    when = f" ({series.times[row]})" if series.times else ""
    others = f", the first of {len(rows):,} such values" if len(rows) > 1 else ""
    value = f"{_values(series, name)[row]:.6g}"
    return f"{word} is for {domain(word)}, and {name} is {value} in row {row + 1:,}{when}{others}"


def _ways(configuration: Configuration, series: Series, names: Collection[str]) -> Iterator[str]:
    """Yield what may be written, with another transform of these columns; the others keep theirs."""
    from store.preparation.transforms import outside

    columns = configuration.series.columns
    for word in _INSTEAD:
        if any(outside(word, _values(series, name)).any() for name in names):
            continue
        words = {column: configuration.prepare.transform_of(column) for column in columns}
        kept = {column: one for column, one in (words | dict.fromkeys(names, word)).items() if one != "none"}
        same = len(kept) == len(columns) and len(set(kept.values())) == 1
        text = word if same or not kept else shown(kept)
        whole = not text.endswith(" ...")
        yield f"prepare.transform: {text}" if whole else f"a mapping that has {word} for {listed([*names][:SHOWN])}"
