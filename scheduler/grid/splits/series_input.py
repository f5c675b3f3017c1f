"""How a model of several series sees which of them a row is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from scheduler.grid.messages import Found
from store.schema.configuration import Configuration
from store.schema.inputs import sizes

if TYPE_CHECKING:
    from scheduler.grid.series_choice import SeriesReader

#: the most numbers that say which series rows are of: 1 GB of memory
_MOST_NUMBERS = 1 << 28


class SeriesInput(NamedTuple):
    """What a configuration says of it."""

    #: the field `series_input`
    kind: str
    #: the field `series_embedding`; 0 where the number of series decides
    width: int

    def of_panel(self, trained: int) -> dict[str, int | str]:
        """Return what a panel has of it, given how many series are trained on."""
        width = {"width": self.width or width_for(trained)} if self.kind == "embedding" else {}
        return {"series_input": self.kind, **width}

    def mistakes_apart(self) -> Iterator[Found]:
        """Report what says nothing of series that are trained apart."""
        name, value = ("series_embedding", self.width) if self.kind == "none" else ("series_input", self.kind)
        if self != (SeriesInput("none", 0)):
            yield (
                (name,),
                f"{name} is {value}, and panel is apart: a model of its own sees one series; write panel: together, or "
                f"remove {name}",
            )

    def mistakes(self, series: Mapping[str, Configuration], reader: SeriesReader) -> Iterator[Found]:
        """Report a width of what has none, and one input a series where that is more than the memory holds."""
        if self.width and self.kind != "embedding":
            yield (
                ("series_embedding",),
                f"series_embedding is {self.width}, and series_input is {self.kind}, which learns no vectors; write "
                "series_input: embedding, or remove series_embedding",
            )
        rows = sum(len(reader.series[one.series.content_hash].values) for one in series.values())
        steps, _ = sizes(next(iter(series.values())))
        if self.kind == "one_hot" and rows * steps * len(series) > _MOST_NUMBERS:
            yield (
                ("series_input",),
                f"series_input is one_hot, which takes {len(series):,} inputs for each of {rows:,} rows; "
                "write series_input: embedding, or none, or keep fewer series",
            )


def width_for(series: int) -> int:
    """Return the fourth root of a number of series, rounded up: how wide vectors are unless the grid says it."""
    return next(width for width in count(1) if width**4 >= series)
