"""What the workers of one machine write: kept with WORKER_LOGS, forgotten without."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.lifecycle.processes.logs import last_output, open_log


def test_logs_are_kept_in_the_folder(tmp_path: Path) -> None:
    """One file a process, with all that it wrote."""
    logs = tmp_path / "deep" / "logs"
    for number in range(2):
        with open_log(str(logs), "worker-") as log:
            log.write(b"hello\n" * number)
            assert last_output(log, 6) == "hello" * number
    assert sorted(log.read_text() for log in logs.glob("worker-*.log")) == ["", "hello\n"]


def test_without_a_folder_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are there while the process is watched over."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with open_log(None, "worker-") as log:
        log.write("hellö".encode())
        assert last_output(log) == "hellö"
    assert list(tmp_path.iterdir()) == []
