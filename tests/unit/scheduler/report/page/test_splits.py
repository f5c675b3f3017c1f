"""Many splits on the page: a picture, tables, and a field that searches them."""

from __future__ import annotations

from scheduler.report import page
from scheduler.report.page.splits import _name, splits
from tests.page_reader import Reader
from tests.reports import HOSTILE, made_report
from tests.statistics.split_reports import over_splits


def test_one_split_has_no_section():
    assert splits(made_report()) is None


def test_the_section_has_a_picture_and_all_splits():
    report = over_splits(40)
    found = splits(report)
    assert found is not None
    assert [bar.name for bar in found.picture.bars] == ["units=8", "Theta (baseline)", "units=4"]
    assert all(list(bar.edges) == sorted(bar.edges) for bar in found.picture.bars)
    assert [table.identity for table in found.tables] == ["over-table", "beyond-table", "variance-table"]
    assert len(found.every.rows) == 40


def test_names_that_differ_at_their_ends_are_told_apart():
    """As those of configurations with a whole model as an axis do."""
    labels = [f"model=encoder_decoder(units=[3, 2], attention={value}, stateful=false)" for value in ("true", "false")]
    report = over_splits(12)
    assert report.splits is not None
    rows = [{"name": one, "kind": "configuration", "count": 12} for one in labels]
    assert [_name(row, report.splits) for row in rows] == labels


def test_the_page_can_be_searched():
    read = Reader(page.render(over_splits(40)))
    fields = [attributes for tag, attributes in read.elements if tag == "input" and "data-searches" in attributes]
    tables = {attributes.get("id") for tag, attributes in read.elements if tag == "table"}
    assert [field["data-searches"] for field in fields] == ["every-split-table"]
    assert "every-split-table" in tables


def test_names_are_escaped():
    assert "<img src=x" not in page.render(over_splits(12, name=HOSTILE))
