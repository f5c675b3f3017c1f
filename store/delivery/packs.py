"""Which waiting jobs train side by side: jobs of one program and queue, in even packs no larger than each allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from store.records import Waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """The jobs of one pack, and the queue whose workers may train it."""

    jobs: tuple[int, ...]
    queue: str = "default"


#: how the programs begin whose jobs are results of the same trainings: a pack of them is never cut for more workers
WHOLE = "together "


def is_whole(program: str) -> bool:
    """Return whether the jobs of a program are results of the same trainings."""
    return program.startswith(WHOLE)


def packs(waiting: Iterable[Waiting]) -> Iterator[Message]:
    """Cut waiting jobs into packs; every job is in exactly one.

    Jobs that may only go in small packs, since their last pack failed, are not mixed with the others.
    """
    ordered = sorted(waiting, key=lambda job: (job.queue, job.program, job.pack_limit, job.id))
    for (queue, _, limit), group in groupby(ordered, key=lambda job: (job.queue, job.program, job.pack_limit)):
        ids = [job.id for job in group]
        for first, last in even(len(ids), limit):
            yield Message(jobs=tuple(ids[first:last]), queue=queue)


def even(count: int, limit: int) -> Iterator[tuple[int, int]]:
    """Cut `count` into the fewest slices of at most `limit`, whose lengths differ by one at the most."""
    parts = _parts(count, limit)
    for part in range(parts):
        yield part * count // parts, (part + 1) * count // parts


def largest(count: int, limit: int, *, workers: int) -> int:
    """Return the length of the longest of even slices, cut so that each of the workers gets one."""
    return ceil(count / max(workers, _parts(count, limit)))


def _parts(count: int, limit: int) -> int:
    return ceil(count / limit)
