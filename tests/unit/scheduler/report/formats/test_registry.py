"""The registry of formats: each loads, and one more needs a module and its registration."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from scheduler.report.formats import registry
from scheduler.report.formats.json_format import as_json
from scheduler.report.formats.markdown_format import as_markdown
from scheduler.report.formats.table_format import show
from scheduler.report.page.facts import provenance
from tests.reports import made_splits, small_report

COUNT_FORMAT = """
from scheduler.report.formats.registry import ReportFormat

FORMAT = ReportFormat(write=lambda data: f"{len(data.results)} repeats", compares=False)
"""


@pytest.mark.parametrize("name", registry.REPORTS)
def test_every_report_format_writes(name: str) -> None:
    """Text, or bytes that are no text."""
    report = small_report()
    report = replace(report, results=report.results.assign(finished_at=None))
    assert registry.report_format(name).write(report)


@pytest.mark.parametrize("name", registry.COMPARISONS)
def test_every_comparison_format_writes(name: str) -> None:
    """Also where there is nothing to compare."""
    assert registry.comparison_format(name).write(small_report(), None)


def test_a_new_format_needs_its_module_and_its_registration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The format is then written like any other, and `--format` offers it."""
    (tmp_path / "count_format.py").write_text(COUNT_FORMAT)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(registry.REPORTS, "count", "count_format:FORMAT")
    assert registry.report_format("count").write(small_report()) == "8 repeats"
    monkeypatch.delitem(sys.modules, "scheduler.cli.commands.results", raising=False)
    from scheduler.cli.commands.results import report

    assert "|count]" in CliRunner().invoke(report, ["--help"]).output.replace("\n", "").replace(" ", "")


def test_a_wrong_registration_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place and the type that belongs there."""
    monkeypatch.setitem(registry.REPORTS, "wrong", "json:dumps")
    with pytest.raises(TypeError, match="json:dumps is a function, and must be a ReportFormat"):
        registry.report_format("wrong")


def test_notes_on_the_files_of_series_are_in_every_form_that_has_warnings() -> None:
    """Once for all splits, also on the page."""
    told = ("data.csv: 3 of 40 rows filled by the previous value",)
    for data in (small_report(), made_splits()):
        noted = replace(data, series_notes=told)
        assert as_json(noted).count(told[0]) == 1
        assert as_markdown(noted).count(f"- {told[0]}") == 1
        printed = io.StringIO()
        show(noted, Console(file=printed, width=200))
        assert printed.getvalue().count(told[0]) == 1
        assert provenance(noted, []).series == told
