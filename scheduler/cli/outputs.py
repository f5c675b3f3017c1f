"""Files that a command would write over although something is read from them: they are refused before any work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Experiment, Store


def refuse_read(
    store: Store,
    outputs: Mapping[str, Path | None],
    *experiments: Experiment,
    also: Mapping[str, Path | None] | None = None,
) -> None:
    """Refuse to write over files that are read: the store, grids, and the files of their series.

    Args:
        store: the results store.
        outputs: the files to write, by the options that name them.
        experiments: whose grids are looked at.
        also: other files that are read, by what they are.

    Raises:
        UsageError: a file to write is one of them.
    """
    from store.errors import UsageError

    read = [*_read(store, experiments), *((what, path) for what, path in (also or {}).items() if path)]
    for option, path in outputs.items():
        what = next((what for what, one in read if path is not None and _same(one, path)), "")
        if what:
            raise UsageError(f"{option} {path} is {what}; name another one.")


def _same(one: Path, other: Path) -> bool:
    """Return whether both are the same file; not where one is not there, or in a folder of somebody else."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _read(store: Store, experiments: tuple[Experiment, ...]) -> Iterator[tuple[str, Path]]:
    from scheduler.future.source import files_of

    address, _, file = store.url.partition(":///")
    if address == "sqlite" and file:
        yield "the store itself", Path(file)
    for one in experiments:
        yield "the grid itself", Path(one.grid_file)
        yield from (("the file of the series itself", path) for path in files_of(one.grid_text, one.grid_file))
