"""The command line in this process, which trains by the stand-in; `tests/integration` has the workers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.command import QUICK, ROOT, write
from tests.remembered import remember_baselines
from tests.standin import train

#: `scheduler`, with the stand-in for the engine
TRAINER = """
import sys
from scheduler import command
from scheduler.lifecycle import local_workers

STANDIN = [sys.executable, "-m", "tests.standin", "forks"]
local_workers.worker_command = lambda _, ids, size: [*STANDIN, str(size), *map(str, ids)]
command.main()
"""
THREE = QUICK.replace("repeats: 3", "repeats: 10").replace("[1, 2]", "[1, 2, 30]")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """`standin("run", "grid.yaml", STANDIN_EFFECT="1")` in a folder of its own; returns what `subprocess.run` does."""
    from scheduler import command
    from tests.in_process import deliver_in_process

    def run(*args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["scheduler", *map(str, args)])
        capfd.readouterr()
        try:
            code = command.run_command()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        said = capfd.readouterr()
        return subprocess.CompletedProcess(args, code, said.out, said.err)

    deliver_in_process(monkeypatch, train)
    remember_baselines(monkeypatch)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("STANDIN_EFFECT", "0")
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture(scope="session")
def _three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
    subprocess.run(
        [sys.executable, "-c", TRAINER, "run", write(folder, THREE), "--workers", "1"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "STANDIN_EFFECT": "0.25"},
        check=True,
        capture_output=True,
    )
    return folder / "results.db"


@pytest.fixture
def three(standin: Run, _three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`standin`, in a folder with a finished experiment.

    Two configurations that differ by a quarter of their spread, and one that is far better, 10 repeats each.
    """
    shutil.copyfile(_three, tmp_path / "results.db")
    monkeypatch.setenv("STANDIN_EFFECT", "0.25")
    return standin
