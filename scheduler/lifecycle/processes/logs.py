"""The logs of local workers: files that are kept in a folder, or forgotten with the run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO

from scheduler.files import check_directory
from store.writable import temporary_file


def open_log(folder: str | None, prefix: str) -> IO[bytes]:
    """Open a file that keeps what a process writes: in the folder, or for as long as the process lives."""
    if folder is None:
        return temporary_file()
    check_directory(Path(folder), "WORKER_LOGS")
    return tempfile.NamedTemporaryFile(prefix=prefix, suffix=".log", dir=folder, delete=False)


def last_output(log: IO[bytes], most: int = 4000) -> str:
    """Return the end of what a process wrote."""
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - most))
    return log.read().decode(errors="replace").strip()
