"""Writing the files that the user named: whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import UsageError


@contextmanager
def written(path: Path, option: str) -> Iterator[Path]:
    """Yield where to write: a file beside `path` that takes its place at the end, so that an older one is never lost.

    What is no ordinary file, such as /dev/stdout, is written itself; so is one beside which none can be made.

    Args:
        path: the file that is to be there.
        option: the option that named it, for the message.

    Raises:
        UsageError: it cannot be written.
        BrokenPipeError: it is a pipe whose reader has left.
    """
    part = _beside(path)
    try:
        yield part or path
        if part:
            _take_place(part, Path(os.path.realpath(path)))  # a link stays a link
    except BrokenPipeError:
        raise
    except OSError as problem:
        why = problem.strerror or problem
        raise UsageError(f"{option} {path}: {why}. Give a file that may be written.") from problem
    finally:
        if part:
            part.unlink(missing_ok=True)


def _beside(path: Path) -> Path | None:
    """Make an empty file beside an ordinary one, with its rights; None where that cannot be: writing says why."""
    with suppress(OSError):
        if (path.exists() and not path.is_file()) or _is_output(path):
            return None
        target = Path(os.path.realpath(path))
        part = target.with_name(f".{secrets.token_hex(6)}.part")
        part.touch(exist_ok=False)
        if target.exists():
            shutil.copymode(target, part)
        return part
    return None


def _is_output(path: Path) -> bool:
    """Tell whether it is what our stdout or stderr goes to, which others may write, too."""
    return path.exists() and any(os.path.samestat(path.stat(), os.fstat(number)) for number in (1, 2))


def _take_place(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:  # one that a container mounts by itself stays where it is
        shutil.copyfile(part, target)


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
