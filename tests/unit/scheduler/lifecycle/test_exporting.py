"""Finding the repeat that is exported, and what offers its model: one line where there is none."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from scheduler.lifecycle import exporting
from scheduler.lifecycle.exporting import GROUP, Repeat, _others, export_median, export_repeats, forecast_next
from scheduler.lifecycle.over_splits.exporting import folders, write_names
from store import NotFound, UsageError, open_store
from tests.examples import experiment, submit

PROJECT = Path(__file__).parents[4] / "pyproject.toml"


def test_a_repeat_without_a_result(tmp_path: Path) -> None:
    """The repeats that have one are named."""
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        one = submit(store, experiment("one", ["units=1"])).experiment
        with pytest.raises(NotFound, match=r"^units=1 of one has no result of a repeat 0$"):
            Repeat.of(store, one, None, 0)
        with pytest.raises(NotFound, match=r"^units=1 of one has no repeat that forecasts anything yet$"):
            next(export_repeats(store, one, None, None, tmp_path))
        with pytest.raises(NotFound, match=r"^units=1 of one has no repeat that forecasts anything yet$"):
            export_median(store, one, None, tmp_path)
    assert _others([1, 4]) == "; repeats to take: 1, 4"
    assert _others(list(range(9))) == "; repeats to take: 0, 1, 2, 3, 4, 5, ..."


def test_what_is_offered_is_in_the_package() -> None:
    """The names of the entry points lead to functions that are there; no module is loaded that is not asked for."""
    points = tomllib.loads(PROJECT.read_text())["project"]["entry-points"][GROUP]
    assert set(points) == {"model", "export"}
    for target in points.values():
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_without_the_workers_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the project was updated and not installed again."""
    monkeypatch.setattr(exporting, "entry_points", lambda **_: ())
    with pytest.raises(UsageError, match="make setup"):
        exporting._offered("model")


def test_a_folder_without_a_script(tmp_path: Path) -> None:
    """The command that writes one."""
    with pytest.raises(UsageError, match=r"has no forecast\.py; `scheduler export EXPERIMENT"):
        forecast_next(tmp_path, [tmp_path / "new.csv"])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """One line, and not the script's traceback."""
    (tmp_path / "forecast.py").write_text("")
    with pytest.raises(UsageError, match=r"new\.csv is no file; name a CSV file with the columns of .*series\.csv$"):
        forecast_next(tmp_path, [tmp_path / "new.csv"])


def test_no_more_steps_than_the_model_forecasts(tmp_path: Path) -> None:
    """Fewer may be asked for; names of columns may have commas."""
    lines = ["time,step,target,forecast", '2024,1,"a, b",1', '2025,2,"a, b",2']
    (tmp_path / "forecast.py").write_text(f"print('\\n'.join({lines}))")
    (tmp_path / "new.csv").write_text("")
    assert forecast_next(tmp_path, [tmp_path / "new.csv"], 1).splitlines() == lines[:2]
    says = r"^the model forecasts 2 steps at once, and --steps is 3: leave it out, or .* EXPERIMENT --steps 3`, which"
    with pytest.raises(UsageError, match=says):
        forecast_next(tmp_path, [tmp_path / "new.csv"], 3)


SAYS = """import sys
rows = [line.split(",") for line in open(sys.argv[1]).read().splitlines() if line.startswith("{name},")]
if not rows:
    sys.exit("no row of {name}")
print("time,step,target,forecast")
print(f"2024,1,sales,{{len(rows)}}")
"""


def exported(folder: Path) -> None:
    """Write scripts that count the rows of their series."""
    names = {"a": "a", "B-C": "B, C"}
    for place, name in names.items():
        (folder / place).mkdir()
        (folder / place / "forecast.py").write_text(SAYS.format(name=name))
    write_names(folder, names)


def test_several_series_are_forecast_as_one_table(tmp_path: Path) -> None:
    """Under their own names, whatever their folders are called; one that refuses the file is named."""
    exported(tmp_path)
    file = tmp_path / "new.csv"
    file.write_text("a,1\na,2\nB, C,3\n")
    assert forecast_next(tmp_path, [file]).splitlines() == [
        "series,time,step,target,forecast",
        "a,2024,1,sales,2",
        '"B, C",2024,1,sales,1',
    ]
    file.write_text("a,1\n")
    with pytest.raises(UsageError, match=r"^B, C: no row of B, C$"):
        forecast_next(tmp_path, [file])
    with pytest.raises(UsageError, match=r"name a CSV file with the columns of .*a/series\.csv$"):
        forecast_next(tmp_path, [tmp_path / "other.csv"])


def test_series_have_folders_that_file_systems_take() -> None:
    """Names that differ in nothing else, or in case alone, are numbered."""
    found = folders({"1": "Shop A/B", "2": "shop a b", "3": "Ö", "4": "..", "5": "shop-a-b-2"})
    assert list(found.values()) == ["Shop-A-B", "shop-a-b-2", "Ö", "series", "shop-a-b-2-2"]


def test_a_file_for_each_series(tmp_path: Path) -> None:
    """They are called as the series; notes of the scripts are passed on."""
    exported(tmp_path)
    (tmp_path / "a.csv").write_text("a,1\n")
    (tmp_path / "B, C.csv").write_text("B, C,1\n")
    with (tmp_path / "a" / "forecast.py").open("a") as script:
        script.write('print("Note: a note.\\nand no note", file=sys.stderr)\n')
    notes: list[str] = []
    assert len(forecast_next(tmp_path, [tmp_path / "B, C.csv", tmp_path / "a.csv"], say=notes.append).splitlines()) == 3
    assert notes == ["a note."]
    (tmp_path / "b.csv").write_text("")
    with pytest.raises(UsageError, match=r"^a: none of the 2 files is called as the series, such as a\.csv$"):
        forecast_next(tmp_path, [tmp_path / "B, C.csv", tmp_path / "b.csv"])
