"""Files of offices and archives with a form of their own: years, quarters and months below each other, for example."""

from __future__ import annotations

from tests.series.files import DAY, ISO, VALUES, Wild, table

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_LABELS = (
    '"Title","CPI"\n"CDID","D7BT"\n"PreUnit",""\n"Unit","Index, 2015=100"\n"Release date","15-11-2023"\n'
    '"Next release","20 December 2023"\n"Important notes",""\n'
)
_YEARS = "".join(f'"{1990 + row}","{VALUES[row]}"\n' for row in range(4))
_QUARTERS = "".join(f'"{1990 + row // 4} Q{row % 4 + 1}","{VALUES[row]}"\n' for row in range(16))
_OF_MONTHS = "".join(f'"{1990 + row // 12} {_MONTHS[row % 12]}","{VALUES[row]}"\n' for row in range(48))
_ROWS = "".join(f"  {1850 + row // 12}   {row % 12 + 1:2d}   {VALUES[row]}  0.3\n" for row in range(48))
_ARCHIVE = (
    "# made up\n@relation sales\n@attribute series_name string\n@attribute start_timestamp date\n@frequency {}\n"
    "@horizon 4\n@missing {}\n@equallength false\n@data\nT1:{}:{}\nT2:{}:{}\n"
)
_START = "1979-01-01 00-00-00"
OFFICES = (
    Wild(
        "years, quarters and months below each other",
        _LABELS + _YEARS + _QUARTERS + _OF_MONTHS,
        "time: Title, value: CPI",
        "yearly on lines 8 to 11, quarterly on lines 12 to 27 and monthly on lines 28 to 75; choose one",
        refused=True,
        first="1990-01-01",
    ),
    Wild(
        "the quarters of them",
        _LABELS + _YEARS + _QUARTERS + _OF_MONTHS,
        "time: Title, frequency: quarterly, value: CPI",
        "52 rows of Title are not quarterly and left out",
        rows=16,
        first="1990-01-01",
    ),
    Wild(
        "a frequency that is not there",
        "period,y\n" + (_YEARS + _OF_MONTHS).replace('"', ""),
        "time: period, frequency: quarterly, value: y",
        "series.frequency is quarterly, and no time of period is so: they are yearly and monthly",
        refused=True,
    ),
    Wild(
        "a frequency of a file of one",
        "day,y\n" + table(ISO, header="").lstrip(),
        "time: day, frequency: monthly, value: y",
        "series.frequency is monthly, and day has no periods of several lengths to choose from; leave it out",
        refused=True,
    ),
    Wild(
        "a column of the time of a release above",
        "Title,Rate\nFrequency,Daily\nPublication date,05-Jan-2024\nSeries ID,RATE\n" + table(ISO, header="").lstrip(),
        "time: Title, value: Rate",
        "the header has 4 lines",
        first="2022-06-01",
    ),
    Wild(
        "a header with commas as the last comment above columns of spaces",
        "% A long preamble, with commas\n%\n%           Monthly\n% Year, Month,  Anomaly, Unc.\n \n" + _ROWS,
        "time: [Year, Month], value: Anomaly",
        "lines 1 to 3 are comments",
        first="1850-01-01",
        value=float(VALUES[0]),
    ),
    Wild(
        "the same with spaces and another mark",
        "! a note\n! year month anomaly unc\n!\n" + _ROWS,
        "time: [year, month], value: anomaly",
        "are comments",
        first="1850-01-01",
    ),
    Wild("a first column named after per cent", table(ISO, header="% day,y"), 'time: "% day", value: y'),
    Wild(
        "the archive of Monash",
        _ARCHIVE.format("monthly", "false", _START, ",".join(VALUES[:48]), _START, ",".join(VALUES[8:])),
        "time: time, value: value",
        "2 series, told apart by series_name (T1 and T2)",
        refused=True,
        first="1979-01-01",
        value=float(VALUES[0]),
    ),
    Wild(
        "the archive of Monash with missing values",
        _ARCHIVE.format("half_hourly", "true", _START, "?,1,?," + ",".join(VALUES[:45]), _START, "1,2,3"),
        "time: time, value: value, id: series_name, keep: T1, missing: previous",
        "2 series, half hourly, told apart by series_name",
        rows=47,
        first="1979-01-01T00:30:00",
        value=1.0,
    ),
    Wild(
        "the archive of Monash with one series after the other",
        _ARCHIVE.format("daily", "false", "2022-01-01", ",".join(VALUES[:31]), "2022-02-01", ",".join(VALUES[31:])),
        "time: time, value: value",
        "2 series, told apart by series_name (T1 and T2)",
        refused=True,
        rows=31,
    ),
    Wild(
        "a sentence with commas above a header of comments",
        "# stations: A, B, C, D\n# year month anomaly unc\n" + _ROWS,
        "time: [year, month], value: anomaly",
        "line 1 is a comment",
        first="1850-01-01",
    ),
    Wild(
        "decimal commas behind a column that counts rows",
        "t,y\n" + "".join(f"{row + 1},{VALUES[row].replace('.', ',')}\n" for row in range(48)),
        "value: y",
        "are not in quotes and part the cells, too",
        refused=True,
        value=float(VALUES[0]),
    ),
    Wild(
        "row numbers of R before a column that counts",
        "t,y\n" + "".join(f"{row + 1},{row * row % 11},{row % 7}\n" for row in range(48)),
        "value: y, decimal: '.'",
        "has no name, and can be called column_1",
        value=0.0,
    ),
    Wild(
        "months of the Buddhist era",
        table([f"{row % 12 + 1:02d}/{2560 + row // 12}" for row in range(48)]),
        DAY,
        "01/2560 is read as 01/2017",
        first="2017-01-01",
    ),
    Wild(
        "years and months of the Buddhist era",
        "year,month,y\n" + "".join(f"{2560 + row // 12},{row % 12 + 1},{VALUES[row]}\n" for row in range(48)),
        "time: [year, month], value: y",
        "2560 is read as 2017",
        first="2017-01-01",
    ),
    Wild("months behind a slash", table([f"{row % 12 + 1}/{2010 + row // 12}" for row in range(48)]), DAY),
    Wild(
        "decimals under a name of times",
        "price_per_day,y\n"
        + "".join(f"{row * 7 % 12 + 1}.{2500 + row * row % 97},{VALUES[row]}\n" for row in range(48)),
        "time: price_per_day, value: y",
        "holds numbers such as 1.2500, which are no times",
        refused=True,
        value=float(VALUES[0]),
    ),
    Wild(
        "GBK",
        table(ISO, header="日期,销量,城市", values=[f"{value},北京" for value in VALUES]).encode("gbk"),
        "time: 日期, value: 销量",
        "was read as gb18030",
        first="2022-06-01",
    ),
)
