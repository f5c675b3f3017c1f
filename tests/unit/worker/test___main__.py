"""What a worker sets up before its engine is loaded."""

from __future__ import annotations

import os

import pytest

import worker.__main__
from worker.__main__ import share_cores


@pytest.mark.parametrize(("processes", "threads"), [(1, "8"), (2, "4"), (3, "2"), (20, "1")])
def test_engines_share_the_cores(processes: int, threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a user has set stays."""
    monkeypatch.setattr(worker.__main__, "cores", lambda: 8)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "")
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS")
    share_cores(processes)
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == threads
    share_cores(1)
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == threads
