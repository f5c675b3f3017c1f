"""The splits of a configuration, by which its errors are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store
    from store.experiments.cells import Cell
    from store.schema.configuration import Configuration


def splits_of(cells: Mapping[str, Cell], point: str) -> list[Cell]:
    """Return a configuration on each of its splits, the earliest window of a series first; none where it has one.

    Args:
        cells: all configurations on their splits, in the order of the grid.
        point: the label of the configuration.
    """
    return [cell for cell in cells.values() if cell.point == point != cell.label]


def newest_windows(splits: Iterable[Cell]) -> list[str]:
    """Return the labels of those splits whose windows end with their series."""
    return list({cell.of_series: cell.label for cell in splits}.values())


def windows_by_newest(cells: Mapping[str, Cell], labels: Iterable[str]) -> dict[str, list[str]]:
    """Return the windows of the same series by the same configuration, in order; itself where there is one.

    Args:
        cells: as for `splits_of`.
        labels: of some of them.
    """
    windows: dict[tuple[str, str], list[str]] = {}
    for cell in cells.values():
        windows.setdefault((cell.point, cell.of_series), []).append(cell.label)
    return {label: windows[cells[label].point, cells[label].of_series] for label in labels}


def is_held_out(store: Store, one: Configuration) -> bool:
    """Return whether a model of several series is not trained on that of a configuration."""
    from store.preparation.panels import Member

    if one.panel is None:
        return False
    mine = Member.of(one, trained=True, forecast=True)
    named = (member for member in store.panels.get(one.panel.content) if member.series.name == mine.series.name)
    return not any(member.trained for member in named if member.rows == mine.rows)
