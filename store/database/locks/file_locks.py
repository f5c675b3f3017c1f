"""Whether the locks of a folder's file system work: SQLite relies on them, and many network shares have none."""

from __future__ import annotations

import errno
import tempfile
import threading
from pathlib import Path

from store.errors import StoreUnreachable

try:
    import fcntl
except ImportError:  # a system without them, whose locks SQLite knows
    fcntl = None  # type: ignore[assignment]

#: seconds after which a lock that nobody holds is taken to hang
PATIENCE = 3.0
#: errors of file systems without locks; SQLite takes some of them for a lock that another process holds, and waits
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EIO}


def check_locks(folder: Path) -> None:
    """Lock a temporary file in the folder, twice: the second lock has to be refused.

    Raises:
        StoreUnreachable: locks fail, hang, or lock nothing.
    """
    if fcntl is None:
        return
    found: list[str] = []
    trial = threading.Thread(target=lambda: found.append(_trouble(folder)), daemon=True)
    trial.start()
    trial.join(PATIENCE)
    if trouble := found[0] if found else f"a lock was not granted within {PATIENCE:g} seconds":
        raise StoreUnreachable(
            f"The file locks of {folder.absolute()} do not work ({trouble}), as on many network shares: SQLite "
            "would lose data or wait for ever. Keep the store on a disk of this machine "
            "(--store sqlite:////path/results.db), or use Postgres."
        )


def _trouble(folder: Path) -> str:
    """Return what is wrong with the locks of the folder; nothing where no file can be made in it."""
    try:
        with tempfile.NamedTemporaryFile(prefix=".locks-", dir=folder) as first, Path(first.name).open("r+b") as second:
            fcntl.lockf(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.lockf(first, fcntl.LOCK_UN)
            return _exclusive(first.fileno(), second.fileno())
    except OSError as problem:
        return str(problem.strerror) if problem.errno in NO_LOCKS else ""


def _exclusive(first: int, second: int) -> str:
    """Return what is wrong if both of two descriptors get a lock that only one may have."""
    command = getattr(fcntl, "F_OFD_SETLK", None)  # locks of a process would not exclude the process itself
    if command is None:
        return ""
    from struct import pack

    wanted = pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
    try:
        fcntl.fcntl(first, command, wanted)
        fcntl.fcntl(second, command, wanted)
    except OSError:  # the second is refused, or there are no such locks here
        return ""
    return "two processes may hold the same lock"
