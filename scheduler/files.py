"""The files that the user names: read as text within limits, and written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from store.errors import UsageError


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a file that cannot be read."""

    missing: str
    directory: str
    unreadable: str
    too_large: str


class Unreadable(Exception):
    """A file cannot be read; the text says which, why, and what to do."""


def read_text(path: Path, *, largest: int, advice: Advice, shown: str = "") -> str:
    """Read a file of at most `largest` bytes as UTF-8; `shown` is how messages name it, by default its path.

    Raises:
        Unreadable: The file is missing, a directory, unreadable, too large, or not UTF-8.
    """
    name = shown or str(path)
    content = read_bytes(path, largest=largest, advice=advice, shown=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        byte = content[problem.start]
        raise Unreadable(f"{name}:{line}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8") from None


def read_bytes(path: Path, *, largest: int, advice: Advice, shown: str = "") -> bytes:
    """Read a file of at most `largest` bytes; `shown` is how messages name it, by default its path.

    Raises:
        Unreadable: The file is missing, a directory, unreadable or too large.
    """
    name = shown or str(path)
    content = _content(path, name, largest, advice)
    if len(content) > largest:
        raise Unreadable(f"{name}: the file is larger than {largest:,} bytes; {advice.too_large}")
    return content


def _content(path: Path, name: str, largest: int, advice: Advice) -> bytes:
    """Read one byte more than the limit, to recognize a file that is too large."""
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except FileNotFoundError:
        raise Unreadable(f"{name}: no such file; {advice.missing}") from None
    except IsADirectoryError:
        raise Unreadable(f"{name}: this is a directory; {advice.directory}") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        shown = name if name.isprintable() else repr(name)
        raise Unreadable(f"{shown}: the file cannot be read ({reason}); {advice.unreadable}") from None


@contextmanager
def written(path: Path, option: str) -> Iterator[Path]:
    """Yield a temporary file beside `path` that replaces it at the end, so that a failure keeps the older file.

    Special files such as /dev/stdout, and files in a folder where none can be created, are written directly.

    Args:
        path: the file to write.
        option: the option that named it, for the message.

    Raises:
        UsageError: the file cannot be written.
        BrokenPipeError: the file is a pipe whose reader has left.
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
        raise UsageError(f"{option} {path}: {why}. Name a file that can be written.") from problem
    finally:
        if part:
            part.unlink(missing_ok=True)


def _beside(path: Path) -> Path | None:
    """Create an empty file beside a regular one, with its permissions; return None if that is impossible."""
    with suppress(OSError):
        if (path.exists() and not path.is_file()) or _is_output(path):
            return None
        target = Path(os.path.realpath(path))
        part = target.with_name(_new_name())
        part.touch(exist_ok=False)
        if target.exists():
            shutil.copymode(target, part)
        return part
    return None


def _new_name() -> str:
    """Return a hidden name that no file has."""
    return f".{os.urandom(6).hex()}.part"


def _is_output(path: Path) -> bool:
    """Return whether stdout or stderr goes to this file, which other processes may write, too."""
    return path.exists() and any(os.path.samestat(path.stat(), os.fstat(number)) for number in (1, 2))


def _take_place(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:  # a file that is a mount of its own cannot be replaced
        shutil.copyfile(part, target)


@contextmanager
def replacing(folder: Path, option: str = "DIR") -> Iterator[Path]:
    """Yield an empty folder beside `folder` whose files take their places there at the end; a failure leaves none.

    Other files of a folder that is there already stay as they are.

    Args:
        folder: where the files are to be.
        option: the option that named it, for the message.

    Raises:
        UsageError: the folder is a file, or cannot be written.
    """
    part = folder.with_name(_new_name())
    try:
        if folder.exists():
            _check_writable(folder)
        part.mkdir(parents=True)
        yield part
        if not folder.exists():
            part.rename(folder)
        else:
            for file in part.iterdir():
                file.replace(folder / file.name)
    except OSError as problem:
        raise UsageError(f"{option} {folder}: {problem.strerror}. Name a folder that can be written.") from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _check_writable(folder: Path) -> None:
    """Raise OSError unless files can be written into a folder, before work for them is done."""
    probe = folder / _new_name()
    probe.touch()
    probe.unlink()


def check_directory(path: Path | None, option: str = "--plots") -> None:
    """Create a folder, or refuse it before anything is trained.

    Raises:
        UsageError: the path is a file, or cannot be written.
    """
    if path is None:
        return
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"{option} {path}: {problem.strerror}. Name a folder that can be written.") from problem
