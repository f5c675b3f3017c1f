"""The formats in which results are written, by the names that `--format` takes.

To add a format, write a module with a `FORMAT` and register it here. The modules are imported when they are used, since
they need pandas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFormat:
    """One format of `scheduler report`."""

    write: Callable[[ReportData], str | bytes]
    #: prints to a terminal, where that differs from printing what `write` returns
    show: Callable[[ReportData, Console], None] | None = None
    #: whether it contains the comparison of the configurations
    compares: bool = True
    #: whether it contains every column of the results, not only those of the tables
    every_column: bool = False
    #: whether it contains every score of the repeats, not only what they are judged by
    every_score: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonFormat:
    """One format of `scheduler compare`; the second argument is the maximum number of rows of a table, None for all."""

    write: Callable[[ReportData, int | None], str]
    show: Callable[[ReportData, Console, int | None], None] | None = None


#: name -> module and attribute
REPORTS = {
    "table": "scheduler.report.formats.table_format:FORMAT",
    "csv": "scheduler.report.formats.csv_format:FORMAT",
    "json": "scheduler.report.formats.json_format:FORMAT",
    "markdown": "scheduler.report.formats.markdown_format:FORMAT",
    "latex": "scheduler.report.formats.latex_format:FORMAT",
    "parquet": "scheduler.report.formats.parquet_format:FORMAT",
}
COMPARISONS = {
    "table": "scheduler.report.formats.comparisons:TABLE",
    "csv": "scheduler.report.formats.comparisons:CSV",
    "json": "scheduler.report.formats.comparisons:JSON",
    "markdown": "scheduler.report.formats.comparisons:MARKDOWN",
}


def report_format(name: str) -> ReportFormat:
    """Import one of `REPORTS`."""
    return _loaded(REPORTS[name], ReportFormat)


def comparison_format(name: str) -> ComparisonFormat:
    """Import one of `COMPARISONS`."""
    return _loaded(COMPARISONS[name], ComparisonFormat)


def _loaded(place: str, kind: type[Kind]) -> Kind:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, kind):
        raise TypeError(f"{place} is a {type(found).__name__}, and must be a {kind.__name__}.")
    return found
