"""The worker of one machine with no server: claims packs from the store itself until nothing waits.

`scheduler run` starts it as a child process. It ends when its parent does, and hands its pack back on SIGTERM.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from store import open_store
from store.settings import REPLACE_ME, Settings
from worker.delivery.closer import Closer
from worker.delivery.lease_keeper import Keeper
from worker.delivery.pack import Train, new_owner, run_pack, worker_name
from worker.delivery.provenance import provenance
from worker.delivery.retry import patiently

logger = logging.getLogger(__name__)

#: seconds between two looks at a store where all that is left is being trained by others
PAUSE = 0.1


def work(settings: Settings, experiments: Sequence[int], *, workers: int, train: Train) -> int:
    """Train packs of the experiments, with `workers` processes like this one, until none is queued or running.

    Returns:
        The exit code: 0, or `REPLACE_ME` where this process has grown too large for another pack.
    """
    stop = stop_signal()
    worker = worker_name()
    with open_store(settings.database_url) as store, Keeper(store, settings.lease) as keeper, Closer(store) as closer:
        while not stop.is_set():
            owner = new_owner(worker)
            claim = partial(store.jobs.claim_next, owner=owner, lease=settings.lease, workers=workers)
            jobs = patiently(partial(claim, experiments=experiments))
            if jobs:
                run_pack(
                    store,
                    jobs,
                    owner=owner,
                    keeper=keeper,
                    closer=closer,
                    train=train,
                    provenance=lambda: provenance(worker),
                    stopping=stop.is_set,
                )
                if memory() > settings.most_memory:
                    return REPLACE_ME
            elif patiently(lambda: store.jobs.unfinished(experiments)):
                time.sleep(PAUSE)  # another worker may yet die and leave its pack
            else:
                break
    return 0


def memory() -> int:
    """Return the memory that this process has now, in KiB; the most that it ever had where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // 1024 if sys.platform == "darwin" else most
    return pages * resource.getpagesize() // 1024


def stop_signal() -> threading.Event:
    """Return an event that SIGTERM, or the end of the parent process, sets.

    Ctrl-C reaches every process of the terminal; the parent decides what to do of it, so it is ignored here.
    """
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_wait_for_parent, args=(stop,), name="parent", daemon=True).start()
    return stop


def _wait_for_parent(stop: threading.Event) -> None:
    """Standard input is a pipe from the parent: it closes when the parent is gone, however it went."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):  # not sys.stdin: its lock would stand in the way of the interpreter's end
            pass
    stop.set()
