"""Writing the files that the user named: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import UsageError


@contextmanager
def written(path: Path, option: str) -> Iterator[Path]:
    """Yield where to write: a file beside `path` that takes its place at the end, so that an older one is never lost.

    What is no ordinary file, such as /dev/stdout, is written itself.

    Args:
        path: the file that is to be there.
        option: the option that named it, for the message.

    Raises:
        UsageError: it cannot be written; what was there is as it was.
    """
    try:
        part = _beside(path)
        try:
            yield part or path
            if part:
                part.replace(os.path.realpath(path))  # a link stays a link
        finally:
            if part:
                part.unlink(missing_ok=True)
    except OSError as problem:
        raise UsageError(f"{option} {path}: {problem.strerror}. Give a file that may be written.") from problem


def _beside(path: Path) -> Path | None:
    ordinary = path.is_file() or not path.exists()
    return Path(os.path.realpath(path)).with_name(f".{os.getpid()}.part") if ordinary else None


def check_directory(path: Path | None, option: str = "--plots") -> None:
    """Refuse a folder that cannot be made, before anything is trained.

    Raises:
        UsageError: the path is a file, or may not be written.
    """
    if path is None:
        return
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"{option} {path}: {problem.strerror}. Give a folder that may be written.") from problem
