"""Whether transforms are defined for all values of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.grid.messages import Found
from scheduler.grid.yaml_values import shown
from store.schema.configuration import Configuration
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store.records import Float64s, Series

#: what is proposed in the place of a transform, the nearest to it first
_INSTEAD = ("log1p", "sqrt", "none")


def domain_mistakes(configuration: Configuration, series: Series) -> Iterator[Found]:
    """Check the columns of a configuration, in the training part and the test part alike."""
    import numpy as np

    from store.preparation.transforms import outside

    for name in configuration.series.columns:
        word = configuration.prepare.transform_of(name)
        values = series.values[:, series.columns.index(name)]
        if (rows := np.flatnonzero(outside(word, values))).size:
            path = ("prepare", "transform", name)
            yield (
                path if isinstance(configuration.prepare.transform, dict) else path[:2],
                _mistake(configuration, series, name, values, rows.tolist()),
            )


def _mistake(configuration: Configuration, series: Series, name: str, values: Float64s, rows: list[int]) -> str:
    """Describe values of a column that its transform is not defined for, and what to write."""
    from store.preparation.transforms import domain, outside

    word, row = configuration.prepare.transform_of(name), rows[0]
    when = f" ({series.times[row]})" if series.times else ""
    others = f", the first of {len(rows):,} such values" if len(rows) > 1 else ""
    ways = [_written(configuration, name, one) for one in _INSTEAD if one != word and not outside(one, values).any()]
    return (
        f"prepare.transform is {word} for {name}, which is for {domain(word)}, and {name} is {values[row]:.6g} in "
        f"row {row + 1:,}{when}{others}; allowed: {listed(ways)}"
    )


def _written(configuration: Configuration, name: str, word: str) -> str:
    """Return the field with another transform of one column; the others keep theirs."""
    columns = configuration.series.columns
    words = {column: configuration.prepare.transform_of(column) for column in columns} | {name: word}
    kept = shown({column: one for column, one in words.items() if one != "none"})
    if kept.endswith(" ..."):
        return f"{word} for {name}"
    return f"prepare.transform: {kept if len(columns) > 1 and kept != '{}' else word}"
