"""Scripts of exported models, run on the user's files."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from scheduler.lifecycle.over_splits.exporting import write_names
from scheduler.lifecycle.over_splits.predicting import forecast_next
from store import PipelineError, UsageError


def test_a_folder_without_a_script(tmp_path: Path) -> None:
    """The command that writes one."""
    with pytest.raises(UsageError, match=r"has no forecast\.py; `scheduler export EXPERIMENT"):
        forecast_next(tmp_path, [tmp_path / "new.csv"])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """One line, and not the script's traceback."""
    (tmp_path / "forecast.py").write_text("")
    with pytest.raises(UsageError, match=r"new\.csv is no file; name a CSV file with the columns of .*series\.csv$"):
        forecast_next(tmp_path, [tmp_path / "new.csv"])


def test_no_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a read-only root: said before the script fails with an error of Python's."""
    (tmp_path / "forecast.py").write_text("raise FileNotFoundError(2, 'No usable temporary directory found')")
    (tmp_path / "new.csv").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/proc/none", "/sys"])
    with pytest.raises(PipelineError, match=r"tried /proc/none, /sys\. Mount one at /tmp .* or set TMPDIR"):
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
    (tmp_path / "a" / "a.csv").write_text("a,2\n")
    with pytest.raises(UsageError, match=r"^a: .*a\.csv and .*a/a\.csv are both called as the series; name one"):
        forecast_next(tmp_path, [tmp_path / "a.csv", tmp_path / "a" / "a.csv"])
