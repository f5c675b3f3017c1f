"""Files whose columns are times, whose clock is a number, and others that were read otherwise than they are meant."""

from __future__ import annotations

import pandas as pd

from tests.series.files import DAY, ISO, VALUES, Wild, days, table, without

_YEARS = range(1985, 2005)
_BANK = [
    '"Source","Made up",',
    "",
    '"Country","Code",' + ",".join(f'"{year}"' for year in _YEARS) + ",",
    *(f'"{name}","{name[:3]}",,' + ",".join(f'"{value}"' for value in VALUES[:19]) + "," for name in ("Aland", "Beta")),
]
_POLISH = ("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień")
_MONTHS = ["Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Annual"]
_MONTHS += [f"{2010 + row},{','.join(VALUES[12 * row : 12 * row + 12])},1.0" for row in range(4)]
_BUSINESS = [f"{day:%Y-%m-%d}" for day in pd.bdate_range("2022-01-03", periods=48)]

WIDE = (
    Wild(
        "years as columns",
        "\n".join(_BANK),
        "time: year, value: value, id: Country, keep: Beta",
        "are times",
        rows=19,
        first="1986",
    ),
    Wild("years as columns, and no fields", "\n".join(_BANK), "", "the columns are Country", refused=True, rows=19),
    Wild("months as columns", "\n".join(_MONTHS), "time: [Year, month], value: value", "are times", first="2010-01-01"),
    Wild(
        "half hours by their number",
        table([f"2022-06-{1 + p // 48:02d},{p % 48 + 1}" for p in range(60)], header="date,period,y"),
        "time: date, value: y",
        "the column period holds the clock",
        refused=True,
        rows=60,
        first="2022-06-01T00:00:00",
    ),
    Wild(
        "a business week missing",
        table(without(_BUSINESS, range(20, 25))),
        DAY,
        "business daily, and 5 rows are missing: 2022-01-31 to 2022-02-04 (5 rows)",
        refused=True,
    ),
    Wild("holidays", table(without(_BUSINESS, [20, 21])), DAY, rows=46),
    Wild(
        "Polish months",
        table([f"{m} {y}" for y in range(2016, 2022) for m in _POLISH]),
        DAY,
        "4 rows",
        refused=True,
        rows=68,
        first="2016-01-01",
    ),
    Wild(
        "a comma between thousands",
        table(ISO, values=[f'"1,{50 + n:03}"' for n in range(48)]),
        DAY,
        "thousands parted by a comma",
        refused=True,
        value=1050.0,
    ),
    Wild(
        "24:00 by a format",
        table([f"{day[:10]} {hour:02d}:00" for day in ISO[:2] for hour in range(1, 25)]),
        DAY + ', format: "%Y-%m-%d %H:%M"',
        first="2022-06-01T01:00:00",
    ),
    Wild(
        "two clocks",
        table(
            [f"{day[:10]},{day[11:]},{day[11:]}" for day in days("%Y-%m-%d %H:%M", freq="h")], header="Day,From,To,y"
        ),
        "time: [Day, From], value: y",
    ),
    Wild(
        "weeks as KW",
        table([f"KW {week:02d}/2022" for week in range(1, 49)], header="day;y", mark=";"),
        DAY,
        first="2022-01-03",
    ),
    Wild(
        "Japanese months",
        table([f"{2018 + m // 12}\u5e74{m % 12 + 1}\u6708" for m in range(48)]),
        DAY,
        first="2018-01-01",
    ),
    Wild(
        "clocks as 0030",
        table([f"{d[:10]},{d[11:13]}{d[14:]}" for d in days("%Y-%m-%d %H:%M", freq="30min")], header="day,time,y"),
        "time: [day, time], value: y",
        first="2022-06-01T00:00:00",
    ),
    Wild(
        "losses in parentheses",
        table(ISO, values=[f"({n})" if n % 3 else str(n) for n in range(1, 49)]),
        DAY,
        "are read as negative",
        value=-1.0,
    ),
    Wild(
        "what spreadsheets write for errors",
        table(ISO, values=[*VALUES[:5], "#DIV/0!", *VALUES[6:]]),
        DAY,
        "missing ('#DIV/0!'), on line 7",
        refused=True,
    ),
    Wild(
        "apostrophes",
        table(days("%d.%m.%Y"), header="day;y", mark=";", values=[f"1'{200 + n}.5" for n in range(48)]),
        DAY,
        "parted by an apostrophe",
        refused=True,
        value=1200.5,
    ),
    Wild(
        "spaces in the header",
        "Station   Date        Temp (C)\n"
        + "".join(f"ABC       {d}  {v}\n" for d, v in zip(ISO, VALUES, strict=False)),
        "time: Date, value: Temp (C)",
    ),
    Wild(
        "last business days of months missing",
        table(without([f"{day:%Y-%m-%d}" for day in pd.date_range("2015-01-30", periods=48, freq="BME")], [20, 21])),
        DAY,
        "last business days of months, and 2 rows are missing: 2016-09-30 to 2016-10-31",
        refused=True,
    ),
    Wild(
        "zones in letters",
        table(days("%Y-%m-%d %H:%M %Z", start="2022-10-29 12:00", freq="h", zone="Europe/Berlin")),
        DAY,
        first="2022-10-29T12:00:00+02:00",
    ),
    Wild(
        "names over several columns",
        "Report\n,2021,,2022,\n"
        + table([f"{n:02d},{n},{n + 1},{n + 2}" for n in range(1, 49)], header="No,kW,EUR,kW,EUR")
        + "Total,1,2,3,4\n",
        'value: "2022 EUR"',
        "the header has 2 lines",
        value=float(VALUES[0]),
    ),
    Wild(
        "a row for each series, and numbered columns",
        "item,store,"
        + ",".join(f"d_{day}" for day in range(1, 49))
        + "\n"
        + "".join(f"{item},S1,{','.join(VALUES[:48])}\n" for item in ("beans", "rice")),
        "",
        "the columns are item, store and value",
        refused=True,
        rows=48,
    ),
    Wild(
        "series of different lengths in rows",
        "V1,"
        + ",".join(f"V{place}" for place in range(2, 50))
        + "\n"
        + f"H1,{','.join(VALUES[:48])}\nH2,{','.join(VALUES[:40])}{',' * 8}\n",
        "value: value, id: V1, keep: H2",
        "each row is a series, whose values are in V2 to V49",
        rows=40,
    ),
    Wild(
        "series below each other without times",
        "shop,y\n" + "".join(f"{shop},{value}\n" for shop in "ABC" for value in VALUES[:48]),
        "value: y",
        "the file holds 3 series, told apart by shop (A, B and C), one below the other",
        refused=True,
    ),
    Wild(
        "two blocks without times",
        "phase,y\n" + "".join(f"{phase},{value}\n" for phase in ("before", "after") for value in VALUES[:24]),
        "value: y",
        "if these are two series, write id: phase",
    ),
    Wild(
        "hours with 3A and 3B",
        table(
            [f"{27 + p // 24}.10.2012;{p % 24 + 1}" for p in range(24)]
            + [f"28.10.2012;{hour}" for hour in ("1", "2", "3A", "3B", *range(4, 25))],
            header="Tag;Stunde;y",
            mark=";",
        ),
        "time: [Tag, Stunde], value: y",
        "2012-10-28 03:00 is there twice: that is the change of the clock",
        rows=49,
    ),
)
