"""One poller of the store for all readers: what they look at is read and written once, however many there are."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from scheduler.web.reading import Reader, View
from scheduler.web.reports import Reports
from store import NotFound, PipelineError

if TYPE_CHECKING:
    from store import Store

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

#: seconds between two looks at the store at least, while something trains and while nothing does
PAUSE, IDLE_PAUSE = 1.0, 5.0
#: the poller rests so many times as long as it worked: workers lose little to it, however large the store is
REST = 40.0
#: seconds for which what was read is not read again for another page
FRESH = 2.0
#: the key of the list among the ids of experiments
LIST = 0


class Hub:
    """Looks at the store while anybody reads, and wakes the readers when what they see may have changed."""

    def __init__(self, store: Store, reports: type[Reports] = Reports) -> None:
        self.reader = Reader(store)
        self.reports = reports(store.address, self.notify)
        #: why the store could not be read; empty if it could
        self.problem = ""
        #: set when the server is to end: readers leave
        self.stopping = False
        self._views: dict[int, View] = {}
        self._readers: Counter[int] = Counter()
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._changed = asyncio.Condition()
        self._wanted = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Future[None]] = set()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="store")

    async def run(self) -> None:
        """Look at the store until cancelled; rest while nobody reads."""
        while True:
            await self._wanted.wait()
            started = time.monotonic()
            await self._look()
            took = time.monotonic() - started
            open_ = any(view.open for key, view in self._views.items() if self._readers[key])
            await asyncio.sleep(max(PAUSE if open_ else IDLE_PAUSE, REST * took))

    async def _look(self) -> None:
        try:
            for key in [key for key, count in self._readers.items() if count]:
                await self.view(key, fresh=0.0)
            self.problem = ""
        except PipelineError as problem:
            self.problem = str(problem)
        except Exception:  # the poller must live as long as its server
            logger.exception("the store could not be read")
            self.problem = "The store could not be read; the log of the server has the reason."
        await self.notify()

    async def view(self, key: int, *, fresh: float = FRESH) -> View | None:
        """Return what readers of an experiment, or of the list, see; None if it was deleted.

        Args:
            key: the id of the experiment, or `LIST`.
            fresh: how many seconds ago it may have been read; what takes long to read may be older, unless this is 0.
        """
        async with self._locks[key]:
            known = self._views.get(key)
            if known is None or time.monotonic() - known.read >= max(fresh, REST * known.took * bool(fresh)):
                try:
                    known = await self.in_thread(self._read, key)
                except NotFound:
                    self._views.pop(key, None)
                    return None
                self._views[key] = known
        if known.version is not None:
            self.reports.want(key, known.version, going=known.open)
        return known

    def latest(self, key: int) -> View | None:
        """Return what the poller read last; None if it has read nothing yet, or the experiment was deleted."""
        return self._views.get(key)

    def _read(self, key: int) -> View:
        return self.reader.list_view() if key == LIST else self.reader.experiment_view(key)

    async def notify(self) -> None:
        """Wake all readers."""
        async with self._changed:
            self._changed.notify_all()

    async def wait(self, seconds: float) -> None:
        """Wait until something may have changed, or for some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait()

    @contextmanager
    def reading(self, key: int) -> Iterator[None]:
        """Keep an experiment, or the list, up to date while the block runs."""
        self._readers[key] += 1
        self._wanted.set()
        try:
            yield
        finally:
            self._readers[key] -= 1
            if not +self._readers:
                self._wanted.clear()

    def stop(self) -> None:
        """Let the readers leave, since the server ends; may be called from a signal handler."""
        self.stopping = True
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(lambda: self._tasks.add(asyncio.ensure_future(self.notify())))

    @property
    def readers(self) -> int:
        """How many pages are open."""
        return self._readers.total()

    async def in_thread(self, function: Callable[..., Answer], *args: object) -> Answer:
        """Call a function that reads the store."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(function, *args))

    def close(self) -> None:
        """End what runs in the background."""
        self.reports.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
