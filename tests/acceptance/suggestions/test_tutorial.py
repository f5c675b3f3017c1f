"""Whoever follows the tutorial gets through: its commands and its grid, with the stand-in for the engine."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from pathlib import Path

from tests.acceptance.command import ROOT
from tests.acceptance.conftest import Run

TEXT = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
]


def test_every_command_of_the_tutorial_works(standin: Run, tmp_path: Path) -> None:
    """In their order; the grid is the one that the page shows."""
    (grid,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "sales.yaml").write_text(grid, encoding="utf-8")
    followed = []
    for command in COMMANDS:
        program, *words = shlex.split(command)
        if program == "cp":
            shutil.copyfile(ROOT / words[0], tmp_path / words[1])
        elif program == "scheduler":
            more = ["--workers", "1"] if words[0] in {"run", "forecast"} else []
            done = standin(*words, *more)
            assert (command, done.returncode) == (command, 0), done.stderr
        else:
            assert program == "sqlite3"
            database = sqlite3.connect(tmp_path / words[0])
            assert len(database.execute(words[1]).fetchall()) == 2
            database.close()
        followed.append(words[0])
    assert followed[1:-1] == ["inspect", "plan", "run", "compare", "report", "forecast"]
    assert len((tmp_path / "forecast.csv").read_text(encoding="utf-8").splitlines()) == 7
