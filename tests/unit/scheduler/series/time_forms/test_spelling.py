"""Times in words of several languages, with ordinals, prepositions and zones behind them."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.series.time_forms.spelling import is_month, of_our_era, plain_figures
from scheduler.series.time_forms.times import possible_times


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["1er janvier 2021", "2 janvier 2021", "3 janvier 2021"], "2021-01-01"),
        (["1 de enero de 2021", "2 de enero de 2021"], "2021-01-01"),
        (["January 1st, 2021", "January 2nd, 2021", "January 3rd, 2021", "January 4th, 2021"], "2021-01-01"),
        (["1st of March 2021", "2nd of March 2021"], "2021-03-01"),
        (["Fri Jan 01 13:00:00 2021", "Fri Jan 01 14:00:00 2021"], "2021-01-01T13:00"),
        (["Fri Jan 01 13:00:00 UTC 2021", "Fri Jan 01 14:00:00 UTC 2021"], "2021-01-01T13:00"),
        (["Fri Jan 01 2021 13:00:00 GMT+0100 (CET)"] * 2, "2021-01-01T13:00"),
        (["2021-01-01T13:00:00+01:00[Europe/Paris]"] * 2, "2021-01-01T13:00"),
        (["13.01.2021 7 Uhr", "13.01.2021 8 Uhr"], "2021-01-13T07:00"),
        (["13.01.2021 07:30 Uhr", "13.01.2021 08:30 Uhr"], "2021-01-13T07:30"),
        (["13/01/2021 07h30", "13/01/2021 08h30"], "2021-01-13T07:30"),
        (["13/01/2021 7h", "13/01/2021 8h"], "2021-01-13T07:00"),
    ],
)
def test_words_around_times_are_understood(texts: list[str], first: str) -> None:
    """Also where only one of them is written otherwise, as the first day of a month in French."""
    found = possible_times(texts)
    assert found is not None
    assert found.wall[0] == np.datetime64(first, "us")


@pytest.mark.parametrize(("power", "decimals"), [(9, 9), (12, 12), (15, 15)])
def test_powers_of_ten_keep_seconds(power: int, decimals: int) -> None:
    """With fewer decimals, what is left of epochs is rounded."""
    epochs = [(1_420_070_400 + 3600 * hour) * 10 ** (power - 9) for hour in range(9)]
    whole, rounded = ([f"{one:.{places}e}" for one in epochs] for places in (decimals, decimals - 1))
    assert plain_figures(whole, whole) == list(map(str, epochs))
    assert plain_figures(rounded, rounded) is None


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("31/01/2559", "31/01/2016"),
        ("1.2.2559", "1.2.2016"),
        ("2559-01-31", "2016-01-31"),
        ("2500.25", None),
        ("1.2560", None),
    ],
)
def test_a_date_of_the_buddhist_era_has_two_marks(text: str, ours: str | None) -> None:
    """With one it may be a number."""
    assert of_our_era([text]) == (None if ours is None else [ours])


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        *(
            (name, "1957")
            for name in (
                "Year",
                "date",
                "Jahr",
                "\u0e1b\u0e35",
                "\u0e1e.\u0e28.",
                "\u0e27\u0e31\u0e19\u0e17\u0e35\u0e48",
                "año",
            )
        ),
        *((name, None) for name in ("t", "time", "step", "load", "column_1", "")),
    ],
)
def test_years_alone_are_of_the_buddhist_era_under_names_of_years(name: str, ours: str | None) -> None:
    """Others are counters; beside a month, a year is one whatever the name."""
    assert of_our_era(["2500", "2501"], name) == (None if ours is None else [ours, "1958"])
    assert of_our_era(["01/2500", "02/2500"], name) == ["01/1957", "02/1957"]


@pytest.mark.parametrize("word", ["March", "mar", "MRZ", "Sept", "août", "października", "янв", "Ağu", "joulukuu"])
def test_names_of_months_and_their_beginnings(word: str) -> None:
    """In any case and language."""
    assert is_month(word)


@pytest.mark.parametrize("word", ["Marathon", "Maison", "Decade", "Augsburg", "Octane", "Junior", "kW", "Setup"])
def test_words_that_begin_like_months(word: str) -> None:
    """Are none."""
    assert not is_month(word)
