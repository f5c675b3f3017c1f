"""The cells of a grid, a configuration on a split each, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from store.schema.configuration import Configuration
from store.schema.splits import Split, split_names


@dataclass(frozen=True, slots=True)
class Cell:
    """A configuration on one split."""

    #: that of the configuration where it has one split; unique in a grid
    label: str
    #: the label of its configuration
    point: str
    configuration: Configuration


def cells_of_points(points: Iterable[tuple[str, tuple[Configuration, ...]]]) -> Iterator[Cell]:
    """Yield the cells of points, each given by its label and its configuration on each split."""
    kept = list(points)
    if all(len(cells) == 1 for _, cells in kept):
        yield from (Cell(label, label, cells[0]) for label, cells in kept)
        return
    names = split_names({(label, place): Split.of(cell) for label, cells in kept for place, cell in enumerate(cells)})
    for label, cells in kept:
        for place, cell in enumerate(cells):
            own = label if len(cells) == 1 else f"{label} @ {names[label, place]}"
            yield Cell(own, label, cell)
