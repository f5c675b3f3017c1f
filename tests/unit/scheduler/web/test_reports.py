"""When reports are made, and that they are made once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from scheduler.web import reports as module
from scheduler.web.rendering import Rendered
from scheduler.web.report_process import ServerEnds
from scheduler.web.reports import Answer, Reports
from store.activity.records import ReportVersion
from store.results.version import ResultsVersion


class Counting(Reports):
    """Makes nothing, and counts."""

    made = 0

    async def call(self, function: Callable[..., Answer], *args: object) -> Answer:
        """Take a moment."""
        await asyncio.sleep(0)
        type(self).made += 1
        if args[-1] == 13:
            raise ValueError("bad series")
        return Rendered(b"", 2.0)  # type: ignore[return-value]


def version(done: int) -> ReportVersion:
    """Return the version of an experiment with so many results."""
    results = ResultsVersion(looks=None, repeats=9, done=done, failed=0, cancelled=0)
    return ReportVersion(results=results, summarised=None, baselines=0, name="e", note="")


@pytest.fixture
def counted() -> Callable[[Callable[[Reports], Awaitable[None]]], int]:
    """Run a test, and return how much was made."""

    async def ready() -> None:
        """Nobody waits."""

    def run(test: Callable[[Reports], Awaitable[None]]) -> int:
        Counting.made = 0
        asyncio.run(test(Counting("sqlite:///none.db", ready)))
        return Counting.made

    return run


Counted = Callable[[Callable[[Reports], Awaitable[None]]], int]


def test_the_same_results_have_one_report(counted: Counted) -> None:
    async def check(reports: Reports) -> None:
        for _ in range(3):
            reports.want(1, version(1), going=False)
            await asyncio.sleep(0.01)
        made = reports.latest(1)
        assert made is not None
        reports.want(1, version(2), going=False)
        await asyncio.sleep(0.01)
        again = reports.latest(1)
        assert again is not None
        assert again.token != made.token

    assert counted(check) == 2


def test_while_more_results_come_a_report_can_wait(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """It rests for many times as long as the last one took; the last results are not kept waiting."""
    now = [100.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))

    async def check(reports: Reports) -> None:
        for done, seconds in ((1, 0), (2, 10), (3, 39), (4, 2)):
            now[0] += seconds
            reports.want(1, version(done), going=True)
            await asyncio.sleep(0.01)
        made = reports.latest(1)
        assert made is not None
        assert made.version == version(4)
        reports.want(1, version(5), going=False)
        await asyncio.sleep(0.01)

    assert counted(check) == 3


def test_a_report_that_cannot_be_made_says_why(counted: Counted) -> None:
    """And is not tried at every look, but when its results have changed."""

    async def check(reports: Reports) -> None:
        for done in (1, 1, 1, 2):
            reports.want(13, version(done), going=False)
            await asyncio.sleep(0.01)
        assert reports.problems == {13: "ValueError: bad series"}
        assert reports.latest(13) is None

    assert counted(check) == 2


def test_files_are_made_once_however_many_ask(counted: Counted) -> None:
    """A failure is not kept."""

    def nothing(*_: object) -> Rendered:
        raise NotImplementedError

    async def check(reports: Reports) -> None:
        await asyncio.gather(*(reports.once("file", nothing, 1) for _ in range(5)))
        for _ in range(2):
            with pytest.raises(ValueError, match="bad series"):
                await reports.once("bad", nothing, 13)

    assert counted(check) == 3


def test_nothing_of_it_is_left_at_the_end() -> None:
    """No thread and no process: the exit handlers of the interpreter find nothing that still ends."""

    async def ready() -> None:
        """Nobody waits."""

    async def check() -> None:
        reports = Reports("sqlite:///none.db", ready)
        calls = [asyncio.ensure_future(reports.call(time.sleep, 300)) for _ in range(2)]
        while not reports._process._asking.locked():
            await asyncio.sleep(0.01)
        reports.close()
        done = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(one) for one in done] == [ServerEnds, asyncio.CancelledError]

    threads = threading.active_count()
    asyncio.run(check())
    assert threading.active_count() == threads
