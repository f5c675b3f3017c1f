"""Warnings: said once by `plan`, `run`, `report`, the page and Python; with `--strict` they are errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler import open_study
from store import open_store
from tests.acceptance.command import write
from tests.acceptance.conftest import Run

VALUES = [300 + (number * 7 % 11) / 10 for number in range(40)]
LINE = "data: 1 value of gas is far outside the rest (300.0 to 301.0): -99.99 in row 18"
GRID = """
name: quick
series: {path: data.csv, value: gas}
test: 6
prepare: {pad: true}
model: {stateful: false}
training: {epochs: 5}
repeats: 2
"""


def written(folder: Path, wrong: float = -99.99) -> Path:
    """Write a grid file of a series with one value that is no observation."""
    values = [*VALUES[:17], wrong, *VALUES[18:]]
    (folder / "data.csv").write_text("gas\n" + "".join(f"{value}\n" for value in values))
    return write(folder, GRID)


def test_each_place_says_it_once(standin: Run, tmp_path: Path) -> None:
    """A run says it before it trains, and its report not again."""
    path = written(tmp_path)
    assert standin("plan", path).stdout.count(LINE) == 1
    (plan,) = json.loads(standin("plan", path, "--format", "json").stdout)["plans"]
    done = standin("run", path, "--workers", "1")
    assert (done.returncode, done.stdout.count(LINE), done.stderr.count(f"warning: {LINE}")) == (0, 0, 1)
    assert standin("report", "quick").stdout.count(LINE) == 1
    assert standin("report", "quick", "--format", "markdown").stdout.count(f"- {LINE}") == 1
    report = json.loads(standin("report", "quick", "--format", "json", "--html", "page.html").stdout)
    page = (tmp_path / "page.html").read_text()
    assert page.count(LINE) == page.count('<section id="warnings"') == 1
    with open_store("sqlite:///results.db") as store:
        found = open_study("quick", store).warnings
    assert list(found) == plan["warnings"] == report["warnings"]
    assert found[0].startswith(LINE)


@pytest.mark.parametrize("command", ["run", "plan", "submit"])
def test_strict_refuses_before_anything_is_stored(standin: Run, tmp_path: Path, command: str) -> None:
    """Exit code 2, and the line in the error."""
    done = standin(command, written(tmp_path), "--strict")
    assert (done.returncode, done.stdout) == (2, "")
    assert LINE in done.stderr
    assert not (tmp_path / "results.db").exists()


def test_a_corrected_series_passes_strict(standin: Run, tmp_path: Path) -> None:
    """The advice is one."""
    done = standin("plan", written(tmp_path, 300.5), "--strict")
    assert done.returncode == 0
    assert "warning" not in done.stdout


def test_a_report_without_warnings_has_no_section(standin: Run, tmp_path: Path) -> None:
    """Neither the table nor the page."""
    standin("run", written(tmp_path, 300.5), "--workers", "1")
    assert "warnings:" not in standin("report", "quick", "--html", "page.html").stdout
    assert 'id="warnings"' not in (tmp_path / "page.html").read_text()


def test_rows_out_of_order_are_still_known_to_the_report(standin: Run, tmp_path: Path) -> None:
    """The store keeps no column that the grid does not use, only that its times fall."""
    rows = [f"2022-07-{31 - number:02d},{VALUES[number]}\n" for number in range(30)]
    (tmp_path / "data.csv").write_text("day,gas\n" + "".join(rows))
    standin("run", write(tmp_path, GRID), "--workers", "1")
    (line,) = json.loads(standin("report", "quick", "--format", "json").stdout)["warnings"]
    assert "the column day looks like times and falls (2022-07-31, then 2022-07-30)" in line


def test_several_splits_have_one_list(standin: Run, tmp_path: Path) -> None:
    """It is above the blocks of the splits."""
    path = written(tmp_path)
    path.write_text(GRID + "grid:\n  test: [6, 8]\n")
    standin("run", path, "--workers", "1")
    for form in ("table", "markdown"):
        shown = standin("report", "quick", "--format", form).stdout
        assert shown.count(LINE) == 1
