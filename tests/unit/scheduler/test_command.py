"""How the command line ends."""

from __future__ import annotations

import errno
import os
import sys
from unittest.mock import Mock

import pytest

from scheduler.command import flushed


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (None, 0, ""),
        (errno.EPIPE, 141, ""),
        (errno.ENOSPC, 1, "scheduler: No space left on device. The output may be incomplete.\n"),
    ],
)
def test_output_that_cannot_be_written_is_no_success(
    failure: int | None, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the process ends at once since a thread still works; another failure stays what it was."""
    raised = None if failure is None else OSError(failure, os.strerror(failure))
    monkeypatch.setattr(sys, "stdout", Mock(flush=Mock(side_effect=raised)))
    assert (flushed(0), capsys.readouterr().err) == (code, said)
    assert flushed(2) == 2
