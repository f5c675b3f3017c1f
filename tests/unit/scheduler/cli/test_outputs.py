"""Files that are read are not written over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.cli.outputs import refuse_read
from scheduler.grid.grid import Grid
from scheduler.lifecycle.submission import record
from store import UsageError, open_store

GRID = "name: a\nseries: {path: sales.csv, time: month, value: sales}\ntest: 2\ntraining: {batch_size: 1}\n"


def test_files_that_are_read_are_not_written_over(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the series, beside the grid wherever the command runs; the grid; the store; what else is named."""
    rows = "".join(f"{2000 + row // 12}-{row % 12 + 1:02d},{row % 7}\n" for row in range(30))
    (tmp_path / "sales.csv").write_text(f"month,sales\n{rows}")
    (tmp_path / "grid.yaml").write_text(GRID)
    monkeypatch.chdir("/")
    with open_store(sqlite_url) as store:
        study = record(store, Grid.load(tmp_path / "grid.yaml")).experiment
        for name, what in (
            ("sales.csv", "the file of the series itself"),
            ("grid.yaml", "the grid itself"),
            (Path(sqlite_url.removeprefix("sqlite:///")).name, "the store itself"),
        ):
            with pytest.raises(UsageError, match=rf"--output {tmp_path / name} is {what}; name another one\."):
                refuse_read(store, {"--html": None, "--output": tmp_path / name}, study)
        (tmp_path / "known.csv").write_text("month\n")
        refuse_read(store, {"--output": tmp_path / "known.csv", "--html": tmp_path / "new.html"}, study)
        elsewhere = replace(study, grid_file=f"/{'x' * 300}/grid.yaml")  # cannot be looked at, as those of others
        refuse_read(store, {"--output": tmp_path / "known.csv"}, elsewhere)
        also = {"the file of --future": tmp_path / "known.csv"}
        with pytest.raises(UsageError, match=r"known\.csv is the file of --future"):
            refuse_read(store, {"--output": tmp_path / "known.csv"}, study, also=also)
