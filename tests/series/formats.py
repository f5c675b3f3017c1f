"""Files of public sources and of programs: the climate, shops, monitoring, markets, and exports of the web."""

from __future__ import annotations

from tests.series.files import DAY, ISO, VALUES, Wild, days, table

_PAIRS = list(zip(ISO, VALUES, strict=False))
_FIRST = float(VALUES[0])
_PARTED = [value.replace(".", ",") for value in VALUES]
_HOURS = days("%-m/%-d/%Y %-I:%M:%S %p", freq="h", start="2015-01-01")
_TWO_ZONES = "\n".join(
    f"{hour},{zone},{value}" for hour, value in zip(_HOURS, VALUES, strict=False) for zone in ("A", "B")
)
_HOLIDAYS = "\n".join(f"{day},{value},{'a' if row == 7 else row % 2}" for row, (day, value) in enumerate(_PAIRS))
_FIXED = "\n".join(
    f"{day} {value:>7} {'' if row % 5 == 3 else value:>7} {'' if row % 7 else 1:>5}"
    for row, (day, value) in enumerate(_PAIRS)
)
_NAMES = "DATE          TMAX    TMIN  RAIN\n"
_STARRED = "\n".join(
    f"{2000 + m // 12} {m % 12 + 1:02d}  {VALUES[m]:>6} {'*' if m > 44 else ''}".rstrip() for m in range(48)
)
_YEARS = "\n".join(f" {1980 + y}" + "".join(f"{v:>8}" for v in VALUES[12 * y : 12 * y + 12]) for y in range(4))
_EPOCHS = [int(1_420_070_400 + 3600 * hour) * (1000 if hour > 20 else 1) for hour in range(48)]
_LAKHS = [f'"\u20b91,{23 + row:02d},{456 + row}.50"' for row in range(48)]
_LOAD = "".join(f"1,2015,1,{day}," + ",".join(VALUES[24 * day - 24 : 24 * day]) + "\n" for day in (1, 2))

FORMATS = (
    Wild(
        "decimal commas without quotes",
        table(ISO, values=_PARTED),
        DAY,
        "the commas of the numbers, such as " + _PARTED[0] + " of y, are not in quotes",
        refused=True,
        value=_FIRST,
    ),
    Wild(
        "thousands without quotes",
        table(ISO, values=[f"1,{row + 234}" for row in range(48)]),
        DAY,
        "series.thousands puts them together",
        refused=True,
        value=1234,
    ),
    Wild(
        "row numbers from 0 are none of R",
        "t,y\n" + "".join(f"{row},{value}\n" for row, value in enumerate(_PARTED[:48])),
        "value: y",
        "have 3 cells under 2 names",
        refused=True,
        value=_FIRST,
    ),
    Wild("holes in columns by their places", _NAMES + _FIXED, "time: DATE, value: TMAX", "parted by their places"),
    Wild(
        "missing values in columns by their places",
        _NAMES + _FIXED,
        "time: DATE, value: TMIN",
        "of TMIN are missing (empty), on lines 5, 10",
        refused=True,
    ),
    Wild(
        "columns below a line of dashes",
        _NAMES + "---------- ------- ------- -----\n" + _FIXED,
        "time: DATE, value: TMAX",
        "parted by their places",
        value=_FIRST,
    ),
    Wild(
        "a mark in some rows of columns by their places",
        _STARRED,
        "value: column_3",
        "the first line holds values",
        refused=True,
        first="2000-01-01",
    ),
    Wild(
        "years of twelve months without names",
        f"  1980   1983\n{_YEARS.replace(VALUES[20], '-99.9')}\n  -99.9\n  an index of the sea\n",
        "time: [year, month], value: value",
        "of value is missing",
        refused=True,
        first="1980-01-01",
        value=_FIRST,
    ),
    Wild(
        "labels above the table",
        "Title:   Index\nUnits:   Percent\nSource:  Office\n\nDATE   VALUE\n"
        + "\n".join(f"{day}   {value}" for day, value in _PAIRS),
        "time: DATE, value: VALUE",
        "look like notes above the table",
    ),
    Wild(
        "orders by their numbers",
        table([f"#{1000 + row},{day}" for row, day in enumerate(ISO)], header="Name,day,y"),
        DAY,
    ),
    Wild(
        "another table below a comment",
        table([f"{row:04d}" for row in range(48)], header="nth,y")
        + "# by channel\nchannel,users\norganic,7\ndirect,9\n",
        "value: y",
        "another table below the first one, and left out: 2 rows under 'channel, users'",
    ),
    Wild(
        "codes of which one is a letter",
        f"day,y,holiday\n{_HOLIDAYS}\n",
        "time: day, targets: [y], inputs: {y: {lags: 2}, holiday: {lags: 0, known: true}}",
        "holiday is 'a' on line 9, and whole numbers of few values elsewhere, as codes are",
        refused=True,
    ),
    Wild("epochs in two units", table(list(map(str, _EPOCHS))), DAY, first="2015-01-01T00:00:00+00:00"),
    Wild(
        "epochs as powers of ten",
        table([f"{1_420_070_400 + 3600 * hour:.9e}" for hour in range(48)]),
        DAY,
        first="2015-01-01T00:00:00+00:00",
    ),
    Wild(
        "lakhs of rupees",
        table(ISO, values=_LAKHS),
        DAY,
        "thousands parted by a comma",
        refused=True,
        value=123456.5,
    ),
    Wild(
        "months first, told by two series of the same times",
        f"day,zone,y\n{_TWO_ZONES}\n",
        DAY,
        "2 series, told apart by zone",
        refused=True,
        first="2015-01-01T00:00:00",
    ),
    Wild(
        "hours across, beside a year, a month and a day",
        "zone,year,month,day," + ",".join(f"h{hour}" for hour in range(1, 25)) + "\n" + _LOAD,
        "time: [year, month, day, hour], value: value",
        "are times: they are read as a column hour",
        first="2015-01-01T01:00:00",
    ),
    Wild(
        "series told apart by three columns",
        "day,country,store,item,y\n"
        + "".join(
            f"{day},{c},{s},{i},{value}\n"
            for day, value in _PAIRS[:12]
            for c in "AB"
            for s in "12"
            for i in ("hat", "mug")
        ),
        DAY,
        "8 series, told apart by country, store and item",
        refused=True,
        rows=12,
    ),
    Wild(
        "years of the Buddhist era",
        table([f"{day[8:]}/{day[5:7]}/{int(day[:4]) + 543}" for day in days("%Y-%m-%d", start="2016-02-01")]),
        DAY,
        "has years of the Buddhist era: 01/02/2559 is read as 01/02/2016",
        first="2016-02-01",
    ),
    Wild(
        "a word below a blank line is no header of another table",
        "shop,y\n"
        + "".join(f"A,{value}\n" for value in VALUES[:24])
        + "\nB,closed\n"
        + "".join(f"B,{value}\n" for value in VALUES[24:48]),
        "value: y",
        "y is 'closed' on line 27",
        refused=True,
        rows=49,
    ),
)
