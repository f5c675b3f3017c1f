"""Where the test rows of each configuration lie in its series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.report.report_data import TestPart
from store.schema.framing import frame, same_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store import Series
    from store.schema.configuration import Configuration


def find_test_parts(asked: Mapping[str, Configuration], series: Series) -> dict[str, TestPart | None]:
    """Return where the test rows of each configuration lie, computed once for all that cut the same rows."""
    keys = {label: same_rows(one) for label, one in asked.items()}
    distinct = {key: asked[label] for label, key in keys.items()}
    found = {key: _part_of(one, series) for key, one in distinct.items()}
    return {label: found[key] for label, key in keys.items()}


def _part_of(configuration: Configuration, series: Series) -> TestPart | None:
    """Return where the test rows of a configuration lie in a series, or None if it forecasts another series."""
    if not _forecasts(configuration, series):
        return None
    cut = frame(configuration, len(series.values))
    if not len(cut.test):
        return None
    columns = tuple(series.columns.index(name) for name in configuration.series.targets)
    return TestPart(cut.target_times(cut.test[0]).start, columns)


def _forecasts(configuration: Configuration, series: Series) -> bool:
    """Return whether a configuration forecasts columns of a series; it may see others than that has."""
    from scheduler.series.content import hash_of

    asked = configuration.series
    if asked.content_hash == series.content_hash:
        return True
    there = set(asked.targets) <= set(series.columns)
    return there and hash_of(series, asked.targets) == (asked.target_hash or asked.content_hash)
