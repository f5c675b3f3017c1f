"""What is known beyond the end: asked for with its times, matched by them, and made of the calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.future.extended import Extended, extend
from scheduler.future.known import Known
from scheduler.future.needs import needed
from scheduler.future.recipe import on_all_rows
from scheduler.future.source import Source
from scheduler.series.content import content_hash
from store import Series, UsageError
from store.schema.configuration import Configuration

COUNT = 30
TIMES = pd.date_range("2020-01-01", periods=COUNT + 6, freq="MS").strftime("%Y-%m").tolist()
COLUMNS = ("sales", "price", "promo=no", "promo=yes", "temp")
VALUES = np.random.default_rng(0).normal(size=(COUNT, 5))
SERIES = Series(
    name="shop",
    columns=COLUMNS,
    values=VALUES,
    times=tuple(TIMES[:COUNT]),
    content_hash=content_hash(COLUMNS, VALUES),
)


def chosen(seen: dict[str, Any], steps: int = 3, **prepare: Any) -> Configuration:
    """Return a configuration on all rows that sees these inputs."""
    series = {
        "name": "shop",
        "targets": ["sales"],
        "inputs": ["sales", *seen],
        "seen": {name: one for name, one in seen.items() if one},
        "made": [name for name in seen if "=" in name],
    }
    return on_all_rows(Configuration.model_validate({"series": series, "prepare": prepare}), steps=steps)


KNOWN = {"lags": 1, "known": True}
PLANNED = {"price": KNOWN, "promo=no": KNOWN, "promo=yes": KNOWN}


def extended(one: Configuration, known: Known | None, steps: int = 3) -> Extended:
    """Extend the series of the shop."""
    return extend(one, SERIES, known, steps=steps, source=Source(times=("month",)), experiment="shop")


def table(path: Path, text: str) -> Known:
    """Write and read a file."""
    path.write_text(text)
    return Known.read(path)


def test_values_are_matched_by_their_times(tmp_path: Path) -> None:
    """Whatever their order is, and rows of the past are left out; categories become columns."""
    text = "month,promo,price\n2022-09,no,3\n2022-07,yes,1\n2022-08,yes,2\n2022-06,no,0\n"
    found = extended(chosen(PLANNED), table(tmp_path / "known.csv", text))
    assert found.given == 3
    assert found.series.times[-3:] == ("2022-07", "2022-08", "2022-09")
    np.testing.assert_array_equal(found.series.values[-3:, 1:4], [[1, 0, 1], [2, 0, 1], [3, 1, 0]])
    assert np.isnan(found.series.values[-3:, [0, 4]]).all()


def test_what_is_needed_is_asked_for() -> None:
    """With the columns, the times and the command."""
    with pytest.raises(UsageError, match="needed for 3 times, 2022-07 to 2022-09") as problem:
        extended(chosen(PLANNED), None)
    assert "with the columns month, price and promo" in str(problem.value)
    assert "`scheduler forecast shop --steps 3 --future known.csv`" in str(problem.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("month,price\n2022-07,1\n", "no column 'promo'"),
        ("month,price,promo\n2022-07,1,no\n2022-08,2,no\n", "has no row for 2022-09: 1 time of 3 that are needed"),
        ("month,price,promo\n2022-07,1,no\n2022-08,x,no\n2022-09,2,no\n", "price at 2022-08: 'x' is no number"),
        ("month,price,promo\n2022-07,1,maybe\n2022-08,2,no\n2022-09,2,no\n", "is 'maybe', which the series has never"),
        ("price,promo\n1,no\n2,no\n3,no\n", "no column of times 'month'"),
    ],
)
def test_a_file_that_lacks_something_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """In one line that says where."""
    with pytest.raises(UsageError, match=words):
        extended(chosen(PLANNED), table(tmp_path / "known.csv", text))


def test_inputs_that_nobody_knows_reach_as_far_as_the_model() -> None:
    """No further, unless their values are assumed."""
    direct = chosen({"temp": {}}, steps=2, horizon=2)
    assert needed(direct) == {}
    assert extended(direct, None, steps=2).given == 0
    further = chosen({"temp": {}}, steps=4, horizon=2)
    with pytest.raises(UsageError, match="than the 2 steps that the model forecasts directly, and temp is neither"):
        extended(further, None, steps=4)
    assumed = pd.DataFrame({"temp": [1.0, 2.0]}, index=pd.to_datetime(["2022-07-01", "2022-08-01"]))
    np.testing.assert_array_equal(extended(further, Known.of(assumed), steps=4).series.values[-4:-2, 4], [1.0, 2.0])


def test_the_calendar_goes_on_by_itself() -> None:
    """In all columns that were made of it."""
    wave = np.sin(2 * np.pi * np.arange(COUNT) % 12 / 12)
    columns, times = ("sales", "month_sin", "month_cos"), tuple(TIMES[:COUNT])
    series = Series(name="s", columns=columns, values=np.stack([wave] * 3, 1), times=times, content_hash="s")
    seen = {"month_sin": {"lags": 0, "known": True}, "month_cos": {"lags": 0, "known": True}}
    given = {"name": "s", "targets": ["sales"], "inputs": ["sales", *seen], "seen": seen, "made": list(seen)}
    one = Configuration.model_validate({"series": given, "prepare": {"calendar": ["month"], "as_is": list(seen)}})
    found = extend(on_all_rows(one, steps=2), series, None, steps=2, source=Source(), experiment="s")
    np.testing.assert_allclose(found.series.values[-2:, 1], np.sin(2 * np.pi * np.array([6, 7]) / 12), atol=1e-9)
