"""Files that were tried one by one: offices of statistics, instruments, shops and spreadsheets of many kinds."""

from __future__ import annotations

from tests.series.files import DAY, ISO, VALUES, Wild, days, table

_PAIRS = list(zip(ISO, VALUES, strict=False))
_HALVES = "day,period,y\n" + "".join(f"2023-01-0{1 + p // 48},{p % 48 + 1},{VALUES[p]}\n" for p in range(56))
_MONTHS = [f"{2015 + m // 12},{m % 12 + 1}" for m in range(48)]
_BUOY = "#YY MM DD hh WSPD\n#yr mo dy hr m/s\n"
_TSV = "unit,geo\\TIME\t" + "\t".join(f"2012-{m:02d} " for m in range(1, 13)) + "\n"
_WIDE = [f"{day}," + ",".join(VALUES[row : row + 24]) for row, day in enumerate(ISO[:3])]
_LAST = "\n".join(f"{day},{value}" for day, value in _PAIRS[30:])

_FIRST = float(VALUES[0])
_TWELVES = "\n".join(f" {1980 + y} " + " ".join(VALUES[12 * y : 12 * y + 12]) for y in range(4))
INSTRUMENTS = (
    Wild(
        "a last day of a few half hours",
        _HALVES,
        "time: [day, period], value: y",
        rows=56,
        first="2023-01-01T00:00:00",
    ),
    Wild(
        "months beside years",
        table(_MONTHS, header="year,month,y"),
        "time: year, value: y",
        "month holds the rest of the times",
        refused=True,
        first="2015-01-01",
    ),
    Wild(
        "years in merged cells",
        table([one if one.endswith(",1") else one[4:] for one in _MONTHS], header="year,month,y"),
        "time: [year, month], value: y",
        "which have that of the row above",
        first="2015-01-01",
    ),
    Wild(
        "means of years as a month 13",
        "Year,Period,y\n" + "".join(f"{y},M{m:02d},{VALUES[m]}\n" for y in range(2000, 2004) for m in range(1, 14)),
        "time: [Year, Period], value: y",
        "are means of years, and left out",
        first="2000-01-01",
    ),
    Wild(
        "names and units as comments",
        _BUOY + "".join(f"{day.replace('-', ' ')} 00 {value}\n" for day, value in _PAIRS),
        "time: [YY, MM, DD, hh], value: WSPD",
        "line 2 is a comment",
        first="2022-06-01",
    ),
    Wild(
        "months across of several places",
        _TSV + "".join(f"I15,{geo}\t" + "\t".join(VALUES[:12]) + "\n" for geo in ("AT", "BE", "DE")),
        "time: time, value: value",
        "3 series, told apart by unit,geo",
        refused=True,
        rows=12,
    ),
    Wild(
        "hours across",
        "Date," + ",".join(f"HE{hour}" for hour in range(1, 25)) + "\n" + "\n".join(_WIDE) + "\n",
        "time: Date, value: value",
        "the column hour holds the clock",
        refused=True,
        rows=72,
        first="2022-06-01T01:00:00",
    ),
    Wild(
        "row numbers of R",
        "day,y\n" + "".join(f"{n},{day},{value}\n" for n, (day, value) in enumerate(_PAIRS, start=1)),
        DAY,
        "has no name, and can be called column_1",
        first="2022-06-01",
    ),
    Wild(
        "dates with a comma that is not in quotes",
        table(days("%b %-d, %Y")),
        DAY,
        "were put together, such as 'Jun 1, 2022'",
        first="2022-06-01",
    ),
    Wild(
        "a text with a comma that is not in quotes",
        table([f"{day},{'a, b' if n == 9 else 'a'}" for n, day in enumerate(ISO)], header="day,name,y"),
        DAY,
        "line 11 has a delimiter in a text",
    ),
    Wild("a short row", table(ISO).replace(f"{ISO[9]},{VALUES[9]}", ISO[9]), DAY, "is missing (empty)", refused=True),
    Wild("totals of months", table([*ISO[:20], "Subtotal", *ISO[20:47]]), DAY, "line 22 is a total", rows=47),
    Wild("titles of pages", table(ISO).replace(f"{ISO[9]},", f"Page 2\nDAY,Y\n{ISO[9]},"), DAY, "between the rows"),
    Wild("another table below", table(ISO) + f"\nday,z\n{_LAST}\n", DAY, "are another table below the first one"),
    Wild(
        "a slip in a number",
        table(ISO, values=[*VALUES[:5], "1o5.2", *VALUES[6:]]),
        DAY,
        "y is '1o5.2' on line 7",
        refused=True,
    ),
    Wild("a slip in a time", table([*ISO[:5], "2O22-06-06", *ISO[6:]]), DAY, "leave the row out", refused=True),
    Wild("blocks of NUL", b"day,y\n\0\0" + table(ISO)[6:].encode() + b"\0\0\0", DAY, "5 NUL characters"),
    Wild("minus behind", table(ISO, values=[f"{v}-" for v in VALUES]), DAY, "behind them", value=-_FIRST),
    Wild(
        "losses in dollars",
        table(ISO, values=[f"(${v})" for v in VALUES]),
        DAY,
        "are read as negative",
        value=-_FIRST,
    ),
    Wild(
        "thousands throughout",
        table(ISO, values=[f"{v}K" for v in VALUES]),
        DAY,
        "K as 1,000",
        value=1000 * _FIRST,
    ),
    Wild("kelvins", table(ISO, values=[f"{v} K" for v in VALUES]), DAY, "without their K", value=_FIRST),
    Wild("figures as text", table(ISO, values=[f'="{v}"' for v in VALUES]), DAY, value=_FIRST),
    Wild(
        "lakhs",
        table(ISO, mark=";", header="day;y", values=["1,05,300"] * 48),
        DAY,
        "a comma",
        refused=True,
        value=105300.0,
    ),
    Wild("carets", table(ISO, mark="^", header="day^y"), DAY),
    Wild("clocks alone", table(days("%H:%M", freq="h")), DAY, "clocks without a day", refused=True),
    Wild(
        "codes that are no parts of years",
        "shop,day,y\n" + "".join(f"Q0{1 + n // 12},{ISO[n % 12]},{value}\n" for n, value in enumerate(VALUES[:60])),
        f"{DAY}, id: shop, keep: Q05",
        rows=12,
    ),
    Wild(
        "hours beside what is forecast",
        table(ISO, header="day,y," + ",".join(f"h{n}" for n in range(1, 25)), values=[v + ",1" * 24 for v in VALUES]),
        DAY,
    ),
    Wild(
        "two years as names",
        "Month,2021,2022\n" + "".join(f"{'JFMAMJJASOND'[n]}{n},{VALUES[n]},{VALUES[n + 12]}\n" for n in range(12)),
        'value: "2021"',
        rows=12,
        value=_FIRST,
    ),
    Wild("Julian days", table([f"{2459000 + n}.5" for n in range(48)]), DAY, "has Julian days", first="2020-05-31"),
    Wild(
        "years of twelve months, of which the last one is not over",
        f"{_TWELVES}\n 1984 {VALUES[48]} -99.9 {VALUES[50]}\n-99.9\n",
        "time: [year, month], value: value",
        "of value is missing",
        refused=True,
        rows=51,
        first="1980-01-01",
    ),
    Wild(
        "notes with numbers around columns by their places",
        "Report 12 of the station in Rome\nstation  a   b\n------- -- ---\n"
        + "".join(f"Rome    {row % 7 if row % 5 else '':>2} {row:>3}\n" for row in range(48))
        + "# written in 2024 by an instrument\n",
        "value: b",
        "line 1 looks like a note",
    ),
    Wild("figures from 2500 on are no years", table([f"{2500 + n / 4:.2f}" for n in range(48)]), "value: y"),
    Wild(
        "a blank line and words between rows of one series",
        table(ISO[:24]) + "\npending,closed\n" + table(ISO[24:], header="", values=VALUES[24:]).lstrip(),
        DAY,
        "y is 'closed' on line 27",
        refused=True,
    ),
)
