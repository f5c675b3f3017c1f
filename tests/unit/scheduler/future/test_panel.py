"""The table of a forecast of several series."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from scheduler.future.panel import Future, PanelFuture
from store import Series
from tests.unit.scheduler.future.made import made_future


def named(name: str, future: Future) -> Future:
    """Return the same forecast of another series."""
    fields = {field: getattr(future.series, field) for field in Series.__slots__}
    return replace(future, series=Series(**fields | {"name": name}))


def panel(*each: Future) -> PanelFuture:
    """Return a forecast of several series."""
    return PanelFuture(experiment="tune", configuration="units=2", each=each, notes=())


def test_the_table_has_the_rows_and_bounds_of_each_series() -> None:
    """Also where the levels differ, a series has none, and one has observed values."""
    each = [
        named(name, made_future(levels=levels)) for name, levels in (("a", (80.0, 95.0)), ("b", (80.0,)), ("c", ()))
    ]
    each[1] = replace(each[1], rows=each[1].rows.assign(observed=[1.0, 2.0, math.nan]))
    found = panel(*each).frame
    assert found["series"].tolist() == [name for name in "abc" for _ in range(3)]
    for one in each:
        mine = found[found["series"] == one.series.name].drop(columns="series").reset_index(drop=True)
        own = one.frame.reindex(columns=mine.columns)
        pd.testing.assert_frame_equal(mine, own, check_dtype=False)
    assert "observed" not in panel(each[0], each[2]).frame


def test_bounds_are_put_beside_all_series_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """To merge those of each of thousands takes most of the time of writing them."""
    merges = []
    merge = pd.DataFrame.merge

    def counted(*given: Any, **how: Any) -> pd.DataFrame:
        merges.append(given)
        made: pd.DataFrame = merge(*given, **how)
        return made

    monkeypatch.setattr(pd.DataFrame, "merge", counted)
    assert len(panel(*(named(str(number), made_future()) for number in range(20))).frame) == 60
    assert len(merges) == 1
