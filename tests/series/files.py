"""Files as people have them: each with the two lines of a grid that use it, for the page and for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

VALUES = [f"{value:.1f}" for value in 100 + np.random.default_rng(12).normal(size=60).cumsum()]


@dataclass(frozen=True, slots=True)
class Wild:
    """One kind of file."""

    name: str
    #: of the file
    content: str | bytes
    #: the fields of `series` but its path
    fields: str
    #: a part of the message that refuses it, or of the note with which it is read; empty for neither
    says: str = ""
    #: whether the message proposes a line of YAML that is to be followed
    refused: bool = False
    #: rows of the series in the end
    rows: int = 48
    #: first time in the end, and first value
    first: str = ""
    value: float | None = None


def table(times: Sequence[str], *, header: str = "day,y", mark: str = ",", values: Sequence[str] = VALUES) -> str:
    """Write times and values, one pair a line."""
    lines = [header, *(f"{time}{mark}{value}" for time, value in zip(times, values, strict=False))]
    return "\n".join(lines) + "\n"


def days(
    form: str, *, start: str = "2022-06-01", count: int = 48, freq: str = "D", zone: str | None = None
) -> list[str]:
    """Write times in a form."""
    return [day.strftime(form) for day in pd.date_range(start, periods=count, freq=freq, tz=zone)]


def without(items: Sequence[str], left_out: Iterable[int]) -> list[str]:
    """Leave some items out."""
    out = set(left_out)
    return [item for place, item in enumerate(items) if place not in out]


ISO, HOURS = days("%Y-%m-%d"), days("%Y-%m-%d %H:%M", freq="h")
LONG = [
    f"{shop},{day},{float(value) + 10 * number:.1f}"
    for number, shop in enumerate("ABC")
    for day, value in zip(ISO[:20], VALUES, strict=False)
]
LOCAL = days("%Y-%m-%d %H:%M", start="2022-10-29 12:00", freq="h", zone="Europe/Berlin")
SPRING = days("%Y-%m-%d %H:%M", start="2022-03-26 12:00", freq="h", zone="Europe/Berlin")
EPOCH = [int(time.timestamp()) for time in pd.date_range("2022-06-01", periods=48, freq="h", tz="UTC")]
DAY = "time: day, value: y"

STRUCTURE = (
    Wild(
        "a note below the table", table(ISO) + "\nBoxes per day, in thousands\n", DAY, "line 51 looks like a note below"
    ),
    Wild(
        "notes above", "Report of boxes\nprinted on Monday\n\n" + table(ISO), DAY, "lines 1 to 2 look like notes above"
    ),
    Wild("a total below", table(ISO) + "Total,4800\n", DAY, "line 50 looks like a note below"),
    Wild("comment lines", "# station: made up\n# unit: ppm\n" + table(ISO), DAY, "lines 1 to 2 are comments"),
    Wild("a header that is a comment", table(ISO, header="# day,y"), DAY),
    Wild(
        "three header lines",
        "Price,Close\nTicker,ZZ\nDate,\n" + table(ISO, header="").lstrip(),
        "time: Date, value: Close",
        "the header has 3 lines",
    ),
    Wild("a line of units", table(ISO, header="day,y\n,kW"), DAY, "the header has 2 lines"),
    Wild("no header", table(ISO, header="").lstrip(), 'value: "99.9"', "the first line holds values", refused=True),
    Wild("an index of pandas", table(ISO, header=",0"), 'time: column_1, value: "0"', "a column has no name"),
    Wild(
        "a comma in the header",
        table(days("%d.%m.%Y"), header="Tag;Strom, MWh", mark=";"),
        'time: Tag, value: "Strom, MWh"',
    ),
    Wild("sep=", "sep=;\n" + table(ISO, header="day;y", mark=";"), DAY),
    Wild("spaces", table(ISO, header="day     y", mark="   "), DAY),
    Wild(
        "empty columns at the end",
        table([f"{day}" for day in ISO], header="day,y,,", values=[f"{v},," for v in VALUES]),
        DAY,
    ),
    Wild(
        "a column twice",
        table(ISO, header="day,y,y", values=[f"{v},{v}" for v in VALUES]),
        DAY,
        "2 columns are called 'y'",
        refused=True,
    ),
    Wild(
        "a table of the place above",
        "latitude,longitude,height\n52.5,13.4,38.0\n\n" + table(ISO),
        DAY,
        "lines 1 to 2 look like notes above",
    ),
    Wild("per cent", table(ISO, values=[f"{v}%" for v in VALUES]), DAY, "without their %", value=float(VALUES[0])),
    Wild("carriage returns", table(ISO).replace("\n", "\r"), DAY),
    Wild("cp1252", table(ISO, header="day,größe").encode("cp1252"), "time: day, value: größe", "was read as cp1252"),
    Wild("UTF-16", table(ISO, header="day;größe", mark=";").encode("utf-16"), "time: day, value: größe"),
    Wild(
        "decimal commas",
        table(ISO, header="day;y", mark=";", values=[v.replace(".", ",") for v in VALUES]),
        DAY,
        "a decimal comma",
        refused=True,
        value=float(VALUES[0]),
    ),
    Wild(
        "thousands and decimal commas",
        table(
            ISO,
            header="day;y",
            mark=";",
            values=[f"1.{50 + n:03},{n % 10}" for n in range(48)],
        ),
        DAY,
        "thousands parted by a point",
        refused=True,
        value=1050.0,
    ),
)

GAPS = (
    Wild(
        "a day missing among offsets",
        table(
            without(
                [f"{day}T00:00:00+0{2 - (day > '2022-10-30')}:00" for day in days("%Y-%m-%d", start="2022-10-01")], [9]
            )
        ),
        DAY,
        "daily, and 1 row is missing: 2022-10-10",
        refused=True,
    ),
    Wild(
        "ends of months missing",
        table(without(days("%Y-%m-%d", start="2015-01-31", freq="ME"), [20, 21])),
        DAY,
        "last days of months, and 2 rows are missing: 2016-09-30 to 2016-10-31",
        refused=True,
    ),
    Wild(
        "hours missing", table(without(HOURS, [5, 11, 12, 17, 30])), DAY, "hourly, and 5 rows are missing", refused=True
    ),
    Wild(
        "missing values",
        table(ISO, values=[*VALUES[:5], *["NA"] * 3, *VALUES[8:]]),
        DAY,
        "3 of 48 values of y are missing ('NA'), on lines 7 to 9",
        refused=True,
    ),
    Wild(
        "missing values at the start",
        table(ISO, values=[*["NA"] * 8, *VALUES[8:]]),
        DAY,
        "8 of 48 values",
        refused=True,
        rows=40,
    ),
    Wild(
        "empty cells",
        table(ISO, values=[*VALUES[:5], "", *VALUES[6:]]),
        DAY,
        "missing (empty), on line 7",
        refused=True,
    ),
    Wild(
        "a sentinel",
        table(ISO, values=[*VALUES[:5], "-999", *VALUES[6:]]),
        DAY + ", na: [-999], missing: previous",
        "1 of 48 rows filled",
    ),
    Wild(
        "a text of their own",
        table(ISO, values=[*VALUES[:5], "closed", *VALUES[6:]]),
        DAY,
        "y is 'closed' on line 7",
        refused=True,
    ),
    Wild(
        "copies of rows",
        table(sorted([*ISO[:24]] * 2), values=[v for v in VALUES for _ in range(2)]),
        DAY,
        "24 rows",
        rows=24,
    ),
    Wild(
        "times that are there twice", table(sorted([*ISO, ISO[3]])), DAY, "and no column tells them apart", refused=True
    ),
    Wild(
        "several series",
        "shop,day,y\n" + "\n".join(LONG) + "\n",
        DAY,
        "3 series, told apart by shop (A, B and C)",
        refused=True,
        rows=20,
    ),
    Wild(
        "several series as columns",
        "shop,day,y\n" + "\n".join(LONG) + "\n",
        DAY + ", id: shop, keep: [A, B], as: columns",
        rows=20,
    ),
)
