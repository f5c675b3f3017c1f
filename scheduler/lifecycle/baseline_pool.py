"""The baselines of many splits, computed side by side in processes of their own."""

from __future__ import annotations

import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from store.cores import cores

if TYPE_CHECKING:
    import pandas as pd

#: fewer splits are computed sooner than processes have started
FEWEST = 6
#: seconds between two calls of `tick`
PAUSE = 0.25

#: a place in the sequence of what was asked for, and its table; None where a process died of it
_Answer = tuple[int, "pd.DataFrame | None"]


def compute_many(
    asked: Sequence[dict[str, Any]], tick: Callable[[int], None], *, processes: int | None = None
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield the table of each, with its place in the sequence, as soon as it is there.

    Args:
        asked: the arguments of `compute_baselines` for each split.
        tick: told a few times a second how many are done; what it raises ends the computation.
        processes: how many [default: the number of cores].
    """
    from scheduler.statistics.baselines.table import compute_baselines

    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for place in range(len(asked)):
        waiting.put(place)
    answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
    children = [_start() for _ in range(min(processes or cores(), len(asked)))]
    feeders = [threading.Thread(target=_feed, args=(one, asked, waiting, answers), daemon=True) for one in children]
    try:
        for feeder in feeders:
            feeder.start()
        for done in range(len(asked)):
            place, table = _next(answers, waiting, feeders, partial(tick, done))
            yield place, compute_baselines(**asked[place]) if table is None else table
    finally:
        for child in children:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scheduler.statistics.baselines"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _feed(
    child: subprocess.Popen[bytes],
    asked: Sequence[dict[str, Any]],
    waiting: queue.SimpleQueue[int],
    answers: queue.SimpleQueue[_Answer],
) -> None:
    """Ask a process for one table after the other until it dies; the caller computes the one that it owes then."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("The process has no pipes.")
    with suppress(queue.Empty):
        while True:
            place = waiting.get_nowait()
            try:
                pickle.dump(asked[place], child.stdin)
                child.stdin.flush()
                answers.put((place, pickle.load(child.stdout)))
            except Exception:  # whatever is left of an answer: the others may get on
                answers.put((place, None))
                return


def _next(
    answers: queue.SimpleQueue[_Answer],
    waiting: queue.SimpleQueue[int],
    feeders: Sequence[threading.Thread],
    tick: Callable[[], None],
) -> _Answer:
    """Wait for an answer; when no process is left, take what still waits for one."""
    while True:
        tick()
        with suppress(queue.Empty):
            return answers.get(timeout=PAUSE)
        if not any(one.is_alive() for one in feeders) and answers.empty():
            return waiting.get_nowait(), None
