"""What a worker sets up before its engine is loaded."""

from __future__ import annotations

import os

import pytest
from celery.signals import worker_shutting_down

import worker.command
from worker.command import main, note_interrupt, share_cores


@pytest.mark.parametrize(("processes", "threads"), [(1, "8"), (2, "4"), (3, "2"), (20, "1")])
def test_engines_share_the_cores(processes: int, threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a user has set stays."""
    monkeypatch.setattr(worker.command, "cores", lambda: 8)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "")
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS")
    share_cores(processes)
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == threads
    share_cores(1)
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == threads


def test_ctrl_c_is_told_from_other_ends() -> None:
    """As `scheduler` does; Celery's own exit code is that of a failure."""
    before = list(worker_shutting_down.receivers)
    try:
        noted = note_interrupt()
        worker_shutting_down.send(sender="w", sig="SIGTERM", how="Warm", exitcode=0)
        assert not noted
        worker_shutting_down.send(sender="w", sig="SIGINT", how="Warm", exitcode=1)
        assert noted
    finally:
        worker_shutting_down.receivers = before


def test_ctrl_c_before_it_serves(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code says it."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker.command, "log_to_stderr", interrupt)
    with pytest.raises(SystemExit) as ended:
        main(["--local"])
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""
