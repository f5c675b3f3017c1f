"""The reports of the live page: made in a process of their own, and kept while their results are the same.

A report of 100,000 repeats takes seconds of computing. Here it holds up neither the other readers nor the workers: its
process gives way to theirs, and while an experiment trains it rests for much longer than it works.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from scheduler.web.rendering import Rendered, render_report
from scheduler.web.report_process import ReportProcess, ServerEnds
from store import PipelineError

if TYPE_CHECKING:
    from store.activity.records import ReportVersion

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

#: reports that are kept
KEPT = 16
#: seconds between two reports of an experiment in training at least
PAUSE = 4.0
#: and so many times as long as the last one took
REST = 25.0
#: seconds until a report that could not be made is tried again, unless its results have changed
AGAIN = 60.0


@dataclass(slots=True)
class Made:
    """The latest report of an experiment."""

    version: ReportVersion
    rendered: Rendered
    #: when it was made
    ended: float

    @property
    def token(self) -> str:
        """What tells this report from an earlier one."""
        return hashlib.blake2b(repr(self.version).encode(), digest_size=8).hexdigest()


class Reports:
    """Makes reports in the background."""

    def __init__(self, address: str, ready: Callable[[], Awaitable[None]]) -> None:
        """Start nothing yet.

        Args:
            address: the URL of the store, with its password.
            ready: called when a report is ready.
        """
        self._address = address
        self._ready = ready
        self._made: OrderedDict[int, Made] = OrderedDict()
        self._others: OrderedDict[Hashable, asyncio.Future[Rendered]] = OrderedDict()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._process = ReportProcess()
        #: waits for the process
        self._thread = ThreadPoolExecutor(1, "reports")
        #: why the last report of an experiment could not be made
        self.problems: dict[int, str] = {}
        #: and of which results, until when it is not tried again
        self._failed: dict[int, tuple[ReportVersion, float]] = {}

    def latest(self, experiment_id: int) -> Made | None:
        """Return the latest report of an experiment, which may be of earlier results."""
        return self._made.get(experiment_id)

    def want(self, experiment_id: int, version: ReportVersion, *, going: bool) -> None:
        """Make the report of these results, unless it is there, is being made, or was made or failed a moment ago.

        Args:
            experiment_id: whose.
            version: of its results.
            going: whether more results are to come: then it can wait.
        """
        made = self._made.get(experiment_id)
        if experiment_id in self._tasks or (made is not None and made.version == version):
            return
        failed, until = self._failed.get(experiment_id, (None, 0.0))
        if failed == version and time.monotonic() < until:
            return
        if made is not None and going and time.monotonic() < made.ended + max(PAUSE, REST * made.rendered.seconds):
            return
        self._tasks[experiment_id] = asyncio.create_task(self._make(experiment_id, version))

    async def _make(self, experiment_id: int, version: ReportVersion) -> None:
        try:
            rendered = await self.call(render_report, self._address, experiment_id)
            self._made[experiment_id] = Made(version, rendered, time.monotonic())
            self._made.move_to_end(experiment_id)
            self.problems.pop(experiment_id, None)
            self._failed.pop(experiment_id, None)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        except ServerEnds:
            pass
        except Exception as problem:  # shown on the page, where the counts go on
            expected = isinstance(problem, PipelineError)
            logger.warning("no report of experiment %d: %s", experiment_id, problem, exc_info=not expected)
            self.problems[experiment_id] = str(problem) if expected else f"{type(problem).__name__}: {problem}"
            self._failed[experiment_id] = (version, time.monotonic() + AGAIN)
        finally:
            del self._tasks[experiment_id]
        await self._ready()

    async def once(self, key: Hashable, function: Callable[..., Rendered], *args: object) -> Rendered:
        """Make something else in the same process; it is made once however many ask, and the last few are kept.

        Args:
            key: decides what is made; it has the versions of the results.
            function: makes it, from the address of the store and `args`.
            args: passed on.
        """
        if key not in self._others:
            self._others[key] = asyncio.ensure_future(self.call(function, self._address, *args))
            while len(self._others) > KEPT:
                self._others.popitem(last=False)
        made = self._others[key]
        try:
            return await asyncio.shield(made)
        except Exception:
            self._others.pop(key, None)
            raise

    async def call(self, function: Callable[..., Answer], *args: object) -> Answer:
        """Call a function in the process that makes reports, after those that it is asked for."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(self._process.call, function, *args))

    def close(self) -> None:
        """End the process, whatever it is making: the interpreter would wait for it."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._process.close()
        self._thread.shutdown()  # the thread has nobody to wait for any more
