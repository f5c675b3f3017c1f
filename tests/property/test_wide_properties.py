"""Tables with a row for each series give the same rows in whichever way these are made, and wherever columns stand."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.series.tables import wide
from scheduler.series.tables.cells import Kind
from scheduler.series.tables.melted import Melted
from scheduler.series.tables.table import Table
from scheduler.series.tables.wide import lengthened

#: what the columns of values are called, by what they are then
CALLED = {
    "": [f"d_{number}" for number in range(5, 20)],
    "time": [f"2024-01-{day:02d}" for day in range(1, 16)],
    "year": [f"{year}.0" for year in range(1990, 2005)],
}
OTHERS = {"remark": Kind.NUMBER, "shop": Kind.TEXT, "total": Kind.NUMBER}
CELLS = st.sampled_from(["", " ", "1", " 2 ", "3.5", "?"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, str, list[int]]:
    """Return a table, what its columns of values are, and where; others stand before, between and behind them."""
    kind = draw(st.sampled_from(list(CALLED)))
    values = CALLED[kind][: draw(st.integers(9, 15))]
    names = list(values)
    for other in draw(st.permutations(list(OTHERS)))[: draw(st.integers(0, 3))]:
        names.insert(draw(st.integers(0, len(names))), other)
    names.insert(0, "item")
    places = [names.index(name) for name in values]
    rows = draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), min_size=1, max_size=6))
    cells = [[f"i{number}", *row[1:]] for number, row in enumerate(rows)]
    kinds = [Kind.TEXT, *(OTHERS.get(name, Kind.NUMBER) for name in names[1:])]
    return Table("w.csv", tuple(names), 1, list(range(2, 2 + len(cells))), cells, tuple(kinds)), kind, places


def _expected(table: Table, kind: str, places: list[int]) -> list[tuple[int, list[str]]]:
    """Return the line and the cells of each value between the first and the last one of each row."""
    kept = [
        place
        for place, name in enumerate(table.header)
        if place not in places and not (name == "total" and place > places[0])
    ]
    found = []
    for line, row in zip(table.lines, table.cells, strict=True):
        full = [place for place in places if row[place].strip()]
        for place in places:
            if full and full[0] <= place <= full[-1]:
                time = [table.header[place].removesuffix(".0")] if kind else []
                found.append((line, [*(row[one] for one in kept), *time, row[place]]))
    return found


def _rows(table: Table) -> list[tuple[int, list[str]]]:
    return list(zip(table.lines, table.cells, strict=True))


@given(tables())
@settings(max_examples=200, deadline=None)
def test_rows_are_the_same_in_whichever_way_they_are_made(given_: tuple[Table, str, list[int]]) -> None:
    """One by one when they are looked at, or all at once, as beside a row of another number of cells."""
    table, kind, places = given_
    expected = _expected(table, kind, places)
    with mock.patch.object(wide, "MANY", 1):
        melted = lengthened(table, ())
    assert isinstance(melted.cells, Melted)
    assert _rows(melted) == expected
    assert [melted.cells[row] for row in range(len(expected))] == [row for _, row in expected]
    for place in range(len(melted.header)):
        assert melted.texts(place) == [row[place].strip() for _, row in expected]
    others = [lengthened(table, ())]
    long = ["long", *"x" * len(table.header)]
    beside = lengthened(replace(table, lines=[1, *table.lines], cells=[long, *table.cells]), ())
    assert _rows(beside)[0] == (1, long)
    others.append(replace(beside, lines=beside.lines[1:], cells=beside.cells[1:]))
    for other in others:
        assert _rows(other) == expected
        assert (other.header, other.kinds, other.notes) == (melted.header, melted.kinds, melted.notes)
    assert isinstance(others[0].cells, Melted) == (not kind)
