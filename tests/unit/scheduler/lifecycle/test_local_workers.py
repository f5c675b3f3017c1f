"""What the workers of one machine write: kept with WORKER_LOGS, forgotten without."""

import sys
from pathlib import Path

import pytest

from scheduler.lifecycle import local_workers
from store.settings import Settings


@pytest.fixture(autouse=True)
def _quick_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start something quick in place of a worker."""
    monkeypatch.setattr(local_workers, "worker_command", lambda *_: [sys.executable, "-c", "print('hello')"])


def ended(settings: Settings) -> str:
    """Start a worker, wait for its end, and return the end of its output."""
    child = local_workers.Child.start(settings, [], 1)
    child.process.wait(60)
    words = child.last_output()
    child.close()
    return words


def test_logs_are_kept_in_the_folder(tmp_path: Path) -> None:
    """One file a worker, with all that it wrote."""
    logs = tmp_path / "deep" / "logs"
    for _ in range(2):
        assert ended(Settings(worker_logs=str(logs))) == "hello"
    assert [log.read_text().strip() for log in logs.glob("worker-*.log")] == ["hello"] * 2


def test_without_a_folder_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are there while the worker is watched over."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert ended(Settings()) == "hello"
    assert list(tmp_path.iterdir()) == []
