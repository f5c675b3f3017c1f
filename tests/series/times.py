"""Files with times as people write them."""

from __future__ import annotations

from tests.series.files import DAY, EPOCH, ISO, LOCAL, SPRING, VALUES, Wild, days, table

GERMAN = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
TIMES = (
    Wild("Z", table(days("%Y-%m-%dT%H:%M:%SZ", freq="h")), DAY, first="2022-06-01T00:00:00Z"),
    Wild("UTC", table(days("%Y-%m-%d %H:%M:%S UTC", freq="h")), DAY, first="2022-06-01T00:00:00+00:00"),
    Wild("German months", table([f"{m} {y}" for y in range(2018, 2022) for m in GERMAN]), DAY, first="2018-01-01"),
    Wild("spans", table(days("%d.%m.%Y %H:%M - bis", freq="h")), DAY, first="2022-06-01T00:00:00"),
    Wild("a.m.", table([f"1/{d}/2022 12:00 p.m." for d in range(1, 29)]), DAY, rows=28, first="2022-01-01T12:00:00"),
    Wild(
        "the clock put back, newest first",
        table(LOCAL[::-1], values=VALUES[47::-1]),
        DAY + ", timezone: Europe/Berlin",
        "in falling order of time",
        first="2022-10-29T12:00:00+02:00",
        value=float(VALUES[0]),
    ),
    Wild("offsets", table(days("%Y-%m-%d %H:%M:%S+02:00", freq="h")), DAY),
    Wild("days with a zone", table(days("%Y-%m-%d+02:00")), DAY, first="2022-06-01+02:00"),
    Wild("epoch seconds", table([str(one) for one in EPOCH]), DAY, first="2022-06-01T00:00:00+00:00"),
    Wild("epoch milliseconds", table([str(one * 1000) for one in EPOCH]), DAY, first="2022-06-01T00:00:00+00:00"),
    Wild("epoch nanoseconds", table([str(one * 10**9) for one in EPOCH]), DAY, first="2022-06-01T00:00:00+00:00"),
    Wild("quarters", table([f"{2010 + q // 4}-Q{q % 4 + 1}" for q in range(48)]), DAY, first="2010-01-01"),
    Wild(
        "quarters without a mark", table([f"{2010 + q // 4}Q{q % 4 + 1}" for q in range(48)]), DAY, first="2010-01-01"
    ),
    Wild(
        "months as 2012M03", table([f"{2010 + m // 12}M{m % 12 + 1:02d}" for m in range(48)]), DAY, first="2010-01-01"
    ),
    Wild("ISO weeks", table([f"2022-W{w:02d}" for w in range(1, 49)]), DAY),
    Wild("months of numbered years", table([f"{1 + m // 12}-{m % 12 + 1:02d}" for m in range(48)]), DAY),
    Wild("names of months", table(days("%b %Y", freq="MS")), DAY, first="2022-06-01"),
    Wild("names of months before the year", table(days("%d-%b-%y")), DAY, first="2022-06-01"),
    Wild(
        "AM and PM",
        table(days("%m/%d/%Y %I:%M %p", freq="h")),
        DAY,
        "are even if read as %m/%d/%Y",
        first="2022-06-01T00:00:00",
    ),
    Wild("day first", table(days("%d/%m/%Y")), DAY, first="2022-06-01"),
    Wild("month first", table(days("%m/%d/%Y")), DAY, first="2022-06-01"),
    Wild(
        "day first, shown by what is even",
        table(days("%d/%m/%Y", start="2015-01-01", freq="MS")),
        DAY,
        "are even if read as %d/%m/%Y",
        first="2015-01-01",
    ),
    Wild(
        "day or month first",
        table(days("%d/%m/%Y", count=12, start="2022-01-01")),
        DAY,
        "may be 2022-01-02 or 2022-02-01",
        refused=True,
        rows=12,
    ),
    Wild("dates without marks", table(days("%Y%m%d")), DAY, first="2022-06-01"),
    Wild(
        "a date and a clock",
        table(days("%d/%m/%Y;%H:%M", freq="h"), header="Day;Clock;y", mark=";"),
        "time: [Day, Clock], value: y",
        "are even if read as %d/%m/%Y",
        first="2022-06-01T00:00:00",
    ),
    Wild(
        "a clock that is not named",
        table(days("%d/%m/%Y;%H:%M:%S", freq="h"), header="Day;Clock;y", mark=";"),
        "time: Day, value: y",
        "the column Clock holds the clock",
        refused=True,
        first="2022-06-01T00:00:00",
    ),
    Wild(
        "year, month, day and hour",
        table(days("%Y,%-m,%-d,%-H", freq="h"), header="year,month,day,hour,y"),
        "time: [year, month, day, hour], value: y",
        first="2022-06-01T00:00:00",
    ),
    Wild(
        "hours to 24",
        table([f"2022-06-{1 + h // 24:02d},{h % 24 + 1}" for h in range(48)], header="day,hour,y"),
        "time: [day, hour], value: y",
        first="2022-06-01T01:00:00",
    ),
    Wild("newest first", table(ISO[::-1]), DAY, "falling order of time", first="2022-06-01"),
    Wild("no order", table([*ISO[30:], *ISO[:30]]), DAY, "in no order of time", first="2022-06-01"),
    Wild(
        "the clock put back",
        table(LOCAL),
        DAY,
        "the change of the clock in Europe/Berlin",
        first="2022-10-29T12:00:00+02:00",
    ),
    Wild(
        "the clock put forward",
        table(SPRING),
        DAY,
        "the change of the clock in Europe/Berlin",
        first="2022-03-26T12:00:00+01:00",
    ),
    Wild(
        "the clock put back in a zone",
        table(LOCAL),
        DAY + ", timezone: Europe/Berlin",
        "both rows stay",
        first="2022-10-29T12:00:00+02:00",
    ),
    Wild(
        "decimal years in the middle of months",
        table([f"{1990 + (m + 0.5) / 12:.4f}" for m in range(48)]),
        DAY,
        "decimal years: 1990.0417 is 1990-01-01",
        first="1990-01-01",
    ),
    Wild("decimal years at months", table([f"{1990 + m / 12:.3f}" for m in range(48)]), DAY, "decimal years"),
    Wild("decimal quarters", table([f"{2000 + q / 4:.2f}" for q in range(48)]), DAY, "decimal years"),
    Wild("decimal days", table([f"{2004 + d / 366:.4f}" for d in range(48)]), DAY, "decimal years", first="2004-01-01"),
    Wild(
        "October as .1",
        table([f"{1871 + m // 12}.{m % 12 + 1:02d}".replace(".10", ".1") for m in range(48)]),
        DAY,
        "with .1 for October",
        first="1871-01-01",
    ),
    Wild(
        "two forms of dates",
        table([*days("%d/%m/%Y")[:20], *days("%Y-%m-%d")[20:]]),
        DAY,
        "day has times of 2 forms ('01/06/2022' in 20 rows and '2022-06-21' in 28 rows), which are in order together",
        first="2022-06-01",
    ),
    Wild(
        "day and month swapped by a spreadsheet",
        table([a if int(a[:2]) <= 12 else b for a, b in zip(days("%d/%m/%Y"), days("%m/%d/%Y"), strict=True)]),
        DAY,
        "day and month are swapped in",
        first="2022-06-01",
    ),
    *(
        Wild(
            f"half hours by number, {end} on one day",
            "day,period,y\n"
            + "".join(
                f"2023-{month}-{day},{period},{VALUES[period]}\n"
                for day in range(last - 2, last + 2)
                for period in range(1, (end if day == last else 48) + 1)
            ),
            "time: [day, period], value: y",
            f"has {end} half hours",
            rows=144 + end,
        )
        for end, month, last in ((50, "10", 29), (46, "03", 26))
    ),
    Wild("fiscal years", table([f"{1960 + n}/{(61 + n) % 100:02d}" for n in range(48)]), DAY, first="1960-01-01"),
    Wild("fiscal years like months", table([f"20{n:02d}-{n + 1:02d}" for n in range(48)]), DAY, first="2000-01-01"),
    Wild("FY", table([f"FY{1970 + n}" for n in range(48)]), DAY, first="1970-01-01"),
    Wild("quarters of FY", table([f"Q{n % 4 + 1} FY{10 + n // 4}" for n in range(48)]), DAY, first="2010-01-01"),
    Wild("days of the week before dates", table(days("%a %d.%m.%y")), DAY, "even if read", first="2022-06-01"),
)
