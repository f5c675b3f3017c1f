"""Files whose numbers have marks, units or factors, as statistical offices and stock exchanges write them."""

from __future__ import annotations

from tests.series.files import DAY, ISO, VALUES, Wild, table


def _marked(*marks: str) -> list[str]:
    """Write numbers of which some have marks: `{}` stands for the number."""
    return [marks[place % len(marks)].format(value) for place, value in enumerate(VALUES)]


FIRST = float(VALUES[0])
MARKS = (
    Wild(
        "provisional and revised values",
        table(ISO, values=_marked("{} p", "{}", "{}r", "{}")),
        DAY,
        "24 of 48 values of y have marks at their numbers",
        refused=True,
        value=FIRST,
    ),
    Wild("asterisks", table(ISO, values=_marked("{}*", "{}", "{}")), DAY, "have marks", refused=True, value=FIRST),
    Wild(
        "many marks, one of them at a missing value",
        table(ISO, values=[*_marked("{} b", "{} (p)", "{}[1]", "{}\u00b9", "<{}")[:20], ": c", *VALUES[21:]]),
        DAY,
        "have marks",
        refused=True,
        value=FIRST,
    ),
    Wild(
        "marks and decimal commas",
        table(ISO, header="day;y", mark=";", values=[v.replace(".", ",") for v in _marked("{}", "{} r")]),
        DAY,
        "a decimal comma",
        refused=True,
        value=FIRST,
    ),
    Wild(
        "uncertain values in parentheses",
        table(ISO, values=_marked("({})", "{}")),
        f'{DAY}, flags: ["()"]',
        "have a mark, such as (",
        value=FIRST,
    ),
    Wild("a unit behind each number", table(ISO, values=_marked("{} kWh")), DAY, "without their kWh", value=FIRST),
    Wild(
        "factors",
        table(ISO, values=["1.5K", "2M", "950", *_marked("{}K")]),
        DAY,
        "K as 1,000 and M as 1,000,000",
        value=1500.0,
    ),
    Wild(
        "names between a title and units",
        table(ISO, header="Energy,,Weather\nday,load,temp\n,MWh,C", values=[f"{one},{one}" for one in VALUES]),
        "time: Energy day, value: Energy load",
        "named by the first 2, such as 'Weather temp'",
        value=FIRST,
    ),
    Wild(
        "a comment as wide as the rows, which spaces part",
        "# gnuplot\n" + "".join(f"{n}  {value}\n" for n, value in enumerate(VALUES[:48])),
        "header: false, value: column_2",
        "line 1 is a comment",
        value=FIRST,
    ),
    Wild(
        "year, month and day without names",
        table([day.replace("-", ",") for day in ISO], header="").lstrip(),
        "value: column_4",
        "the first line holds values",
        refused=True,
        first="2022-06-01",
    ),
)
