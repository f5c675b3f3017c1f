"""The page on series of one's own: each block of YAML on it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from tests.series.files import HOURS, ISO, LOCAL, LONG, VALUES, days, table
from tests.series.offices import OFFICES as WILD

PAGE = Path(__file__).parents[2] / "docs/series.md"
GERMAN = [f"1.0{value[:4].replace('.', ',')}" for value in ["50.0", *["61.5"] * 60]]
OFFICES = {wild.name: str(wild.content) for wild in WILD}
FILES = {
    "sales.csv": table(ISO, header="day,boxes"),
    "umsatz.csv": table(days("%d.%m.%Y"), header="Tag;Strom, MWh", mark=";", values=GERMAN),
    "bare.csv": table(ISO, header="").lstrip(),
    "clock.csv": table([hour.replace(" ", ",") for hour in HOURS], header="Day,Clock,kw"),
    "local.csv": table(LOCAL, header="hour,kw"),
    "holes.csv": table(ISO, header="day,boxes", values=[*VALUES[:5], "closed", "-999", "", *VALUES[8:]]),
    "twice.csv": table(sorted([*ISO, ISO[3]]), header="day,boxes"),
    "energy.csv": table(HOURS, header="hour,load,temperature", values=[f"{one},{one}" for one in VALUES]),
    "promo.csv": table(
        ISO, header="day,boxes,promo,type", values=[f"{one},{'ab'[len(one) % 2]},{len(one)}" for one in VALUES]
    ),
    "prices.csv": table(ISO, header="month,index", values=["12.3 p", "4.2*", "(4.2)", *VALUES]),
    "gdp.csv": "Country," + ",".join(map(str, range(1970, 2020))) + "\nGermany," + ",".join(VALUES[:50]) + "\n",
    "sales_wide.csv": "item,"
    + ",".join(f"d_{day}" for day in range(1, 41))
    + "\nbeans,"
    + ",".join(VALUES[:40])
    + "\n",
    "monthly.csv": "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec\n"
    + "".join(f"{2015 + row},{','.join(VALUES[12 * row : 12 * row + 12])}\n" for row in range(4)),
    "halves.csv": table([f"2022-06-0{1 + p // 48},{p % 48 + 1}" for p in range(60)], header="day,period,kw"),
    "unquoted.csv": table(ISO, header="day,kw", values=[value.replace(".", ",") for value in VALUES]),
    "sales.tsf": OFFICES["the archive of Monash"],
    "sections.csv": OFFICES["years, quarters and months below each other"],
    "shops.csv": "\n".join(["shop,day,boxes", *LONG]) + "\n",
}


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL))
def test_the_examples_are_right(tmp_path: Path, block: str) -> None:
    """Each is the series of a grid."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    rest = {"test": "4", "prepare": "{pad: true}", "model": "{stateful: false}"}
    more = "".join(f"{field}: {value}\n" for field, value in rest.items() if f"\n{field}:" not in block)
    grid = Grid.parse(block + more, file=str(tmp_path / "g.yaml"))
    assert len(grid) == 1
