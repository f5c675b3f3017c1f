"""Read-only roots: what cannot be written is one line that names the folder and the variable."""

import tempfile
from pathlib import Path

import pytest

from store import PipelineError
from store.writable import temporary_file, temporary_folder, touch
from tests.messages import one_line


def test_no_folder_for_temporary_files(monkeypatch):
    """All places that were tried are named."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/proc/none", "/sys"])
    for ask in (temporary_folder, temporary_file):
        with pytest.raises(PipelineError, match=r"tried /proc/none, /sys\. Mount one at /tmp .* or set TMPDIR") as e:
            ask()
        one_line(e)


def test_a_heartbeat_that_cannot_be_written():
    """The file, the reason and the variable are named."""
    with pytest.raises(
        PipelineError, match=r"/proc/none/beat cannot be written: .*Set WORKER_HEARTBEAT to a file"
    ) as e:
        touch(Path("/proc/none/beat"), "WORKER_HEARTBEAT")
    one_line(e)
