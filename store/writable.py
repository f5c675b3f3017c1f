"""Places that a process must be able to write: temporary files and heartbeats, where the root may be read-only."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO

from store.errors import PipelineError


def temporary_folder() -> str:
    """Return the folder of temporary files.

    Raises:
        PipelineError: no folder can be written.
    """
    try:
        return tempfile.gettempdir()
    except FileNotFoundError as problem:
        tried = str(problem.strerror).partition(" in ")[2].strip("[]").replace("'", "")
        raise PipelineError(
            f"No folder for temporary files can be written; tried {tried}. Mount one at /tmp (an emptyDir, a tmpfs), "
            "or set TMPDIR to a folder that can be written."
        ) from problem


def temporary_file() -> IO[bytes]:
    """Open a file that lasts until it is closed.

    Raises:
        PipelineError: no folder can be written.
    """
    return tempfile.TemporaryFile(dir=temporary_folder())


def touch(path: Path, variable: str) -> None:
    """Touch a file whose place an environment variable may name.

    Raises:
        PipelineError: it cannot be written.
    """
    try:
        path.touch()
    except OSError as problem:
        raise PipelineError(
            f"{path} cannot be written: {problem.strerror}. Set {variable} to a file in a folder that can, or mount "
            f"one at {path.parent} (an emptyDir, a tmpfs)."
        ) from problem
