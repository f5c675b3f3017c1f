"""The local worker: claims packs from the store itself, with no server, until none is left.

`scheduler run` starts it as a child process. It ends with its parent, and hands its pack back on SIGTERM.
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
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from store import Job, Store, open_store
from store.jobs.owners import new_owner, worker_name
from store.settings import REPLACE_ME, Settings
from worker.delivery.closer import Closer
from worker.delivery.hand_back import HandBack
from worker.delivery.lease_keeper import LeaseKeeper
from worker.delivery.pack import PackRunner, Train
from worker.delivery.retry import retry
from worker.delivery.stop_flag import on_signal
from worker.delivery.until_empty import nothing_waits

logger = logging.getLogger(__name__)

#: seconds between two claims while other workers train all that is left
PAUSE = 0.1


def work(
    settings: Settings, experiments: Sequence[int] | None, *, workers: int, train: Train, queues: Sequence[str] = ()
) -> int:
    """Train packs of the experiments, with `workers` processes like this one, until none is queued or running.

    Args:
        settings: name the store.
        experiments: ids of the experiments; None for all jobs that wait in `queues`, until none waits.
        workers: how many processes share the jobs.
        train: trains a pack.
        queues: whose jobs are trained where no experiment is named.

    Returns:
        The exit code: 0, or `REPLACE_ME` if this process has grown too large for another pack.
    """
    stop = stop_event(with_parent=experiments is not None)
    worker = worker_name()
    with (
        open_store(settings.database_url) as store,
        LeaseKeeper(store, settings) as lease_keeper,
        Closer(store) as closer,
    ):
        HandBack(store, lease_keeper, stopping=stop.is_set)
        runner = PackRunner(
            store=store, lease_keeper=lease_keeper, closer=closer, train=train, stopping=stop.is_set, worker=worker
        )
        while not stop.is_set():
            owner = new_owner(worker)
            claim = partial(store.jobs.claim_next, owner=owner, lease=settings.lease, workers=workers)
            if jobs := _claim(claim, experiments, queues):
                runner.run(jobs, owner=owner)
                if memory_kib() > settings.most_memory:
                    return REPLACE_ME
            elif retry(lambda: _more(store, experiments, queues)):
                time.sleep(PAUSE)  # another worker may die and leave its pack
            else:
                break
    return 0


def _claim(
    claim_next: Callable[..., Sequence[Job]], experiments: Sequence[int] | None, queues: Sequence[str]
) -> Sequence[Job]:
    if experiments is not None:
        return retry(lambda: claim_next(experiments=experiments))
    return next((jobs for queue in queues if (jobs := retry(partial(claim_next, queue=queue)))), ())


def _more(store: Store, experiments: Sequence[int] | None, queues: Sequence[str]) -> bool:
    if experiments is None:
        return not nothing_waits(store, queues)
    return store.jobs.unfinished(experiments) > 0


def memory_kib() -> int:
    """Return the memory of this process in KiB: the current size, or the peak where the system does not tell it."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak
    return pages * resource.getpagesize() // 1024


def stop_event(*, with_parent: bool = True) -> threading.Event:
    """Return an event that is set by SIGTERM and, `with_parent`, by the end of the parent process.

    Ctrl-C reaches every process of the terminal; only the parent acts on it.
    """
    stop = threading.Event()
    on_signal(signal.SIGTERM, stop.set)
    if not with_parent:
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        return stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_parent, args=(stop,), name="parent", daemon=True).start()
    return stop


def _wait_for_parent(stop: threading.Event) -> None:
    """Set the event when standard input, a pipe from the parent, closes: it does so however the parent ends."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):  # sys.stdin has a lock that would hold up the interpreter's exit
            pass
    stop.set()
