"""Mutated files: each is read, or refused by one short message; no row is lost without a word."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.series.fields import SeriesSource
from scheduler.series.source import Loaded, load
from store.errors import SeriesError

#: SERIES_EXAMPLES=500 tries as many
EXAMPLES = int(os.environ.get("SERIES_EXAMPLES", "50"))
ROWS = 40
FORMS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y %H:%M", "%b %Y", "%Y%m%d", "%Y-W%V", "%H:%M"),
    *("%Y-%m-%dT%H:%M:%SZ", "%d-%b-%y", "%I:%M %p", "%s", "%Y"),
)
FREQUENCIES = ("h", "D", "B", "W", "MS", "ME", "QS", "15min", "YS")
JUNK = st.sampled_from(
    ["", "NA", "?", "-999", "1,5", "1.234,5", "nan", "1e400", "text", '"', "2020-01-01", ";", "\u20ac5", "#"]
)
LINES = st.sampled_from(
    ["", "# comment", "Source: made up", "total,5", "a,b,c,d", ",,,", "day,y", "1", "\ufeff", "\t\t"]
)


SOME_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "time": st.sampled_from(["day", "y", "column_1", "nothing"]),
        "value": st.sampled_from(["y", "day", "column_2"]),
        "missing": st.sampled_from(["previous", "refuse"]),
        "header": st.booleans(),
        "delimiter": st.sampled_from([";", ","]),
        "decimal": st.sampled_from([",", "."]),
        "format": st.sampled_from(["%Y-%m-%d", "%d/%m/%Y"]),
    },
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Write a table, and spoil it a few times."""
    times = pd.date_range("2021-02-03 05:00", periods=ROWS, freq=draw(st.sampled_from(FREQUENCIES)))
    form, mark = draw(st.sampled_from(FORMS)), draw(st.sampled_from([",", ";", "\t", "|", " ", "   "]))
    values = draw(st.lists(st.floats(-1e6, 1e6), min_size=ROWS, max_size=ROWS))
    decimal = draw(st.sampled_from([".", ".", ","]))
    cells = [
        [time.strftime(form), f"{value:.2f}".replace(".", decimal)] for time, value in zip(times, values, strict=True)
    ]
    for place in draw(st.lists(st.integers(0, ROWS - 1), max_size=4)):
        cells[place][draw(st.integers(0, 1))] = draw(JUNK)
    lines = [mark.join(["day", "y"]), *(mark.join(row) for row in cells)]
    if draw(st.booleans()):
        del lines[draw(st.integers(0, 5))]
    for place in draw(st.lists(st.integers(0, ROWS), max_size=3)):
        lines.insert(place, draw(LINES))
    for start in draw(st.lists(st.integers(1, ROWS - 8), max_size=2)):
        lines[start : start + draw(st.integers(0, 6))] = []
    if draw(st.booleans()):
        lines = lines[:1] + lines[:0:-1]
    if draw(st.booleans()):
        lines += lines[draw(st.integers(0, 20)) : draw(st.integers(0, 30))]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])), errors="replace")


def _read(source: SeriesSource, folder: Path) -> Loaded | None:
    """Read a file, or read it as the message proposes; None where it proposes nothing that would do by itself."""
    try:
        return load(source, folder)
    except SeriesError as refused:
        mistakes = refused.mistakes
    assert 0 < len(mistakes) < 12
    assert all("\n" not in line for line in mistakes)
    wholly = [line for line in mistakes if ": write series: {" in line and line.endswith("}")]
    if not wholly:
        return None
    fields = yaml.safe_load(wholly[0].partition(": write series: ")[2])
    return load(SeriesSource.model_validate(fields), folder)


def told(notes: Sequence[str]) -> int:
    """Count the lines that notes name as left out, or as put together with others."""
    count = 0
    for note in notes:
        if found := re.search(r"\blines? (\d[\d,toand more]*?),?(?: which)? (?:is|are|looks?) .*left out", note):
            count += _lines(found[1])
        elif found := re.search(r"\b(\d+) rows? (?:\(.*copy|\(.*copies|of a time)", note):
            count += int(found[1])
        elif found := re.search(r"the first (\d+ )?rows? (?:is|are) left out", note):
            count += int(found[1] or 1)
        elif found := re.search(r"the header has (\d+) lines", note):
            count += int(found[1]) - 1
    return count


def _lines(text: str) -> int:
    """Count lines as they are written: `2 to 5, 9 and 3 more`."""
    more = re.search(r" and (\d+) more", text)
    runs = re.findall(r"(\d+)(?: to (\d+))?", text.replace(more[0], "") if more else text)
    return sum(int(end or start) - int(start) + 1 for start, end in runs) + (int(more[1]) if more else 0)


def put_in(notes: Sequence[str]) -> int:
    """Count the rows that were put in."""
    return sum(int(found[1]) for note in notes if (found := re.search(r"of which (\d+) rows? put in", note)))


@given(
    content=files(),
    cut=st.tuples(st.integers(0, 200), st.binary(max_size=3)),
    fields=st.one_of(
        st.just({"time": "day", "value": "y"}),
        st.just({"time": "day", "value": "y", "missing": "previous"}),
        st.just({}),
        SOME_FIELDS,
    ),
)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_spoilt_file_is_read_or_refused(content: bytes, cut: tuple[int, bytes], fields: dict[str, object]) -> None:
    """A series, or a short message; never a traceback, and rows that are no observation are told."""
    place, more = cut
    content = content[:place] + more + content[place:]
    if "time" not in fields:
        fields = {name: value for name, value in fields.items() if name != "format"}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "s.csv").write_bytes(content)
        source = SeriesSource.model_validate({"path": "s.csv"} | fields)
        loaded = _read(source, Path(folder))
    if loaded is None:
        return
    assert len(loaded.series.values) > 1
    text = content.decode(
        "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", errors="replace"
    ).replace("\0", "")
    lines = sum(bool(line.strip(" \t,;|\ufeff")) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if '"' not in text:  # a quoted cell may have several lines
        assert len(loaded.series.values) - put_in(loaded.notes) + told(loaded.notes) >= lines - 1
