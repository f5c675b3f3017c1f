"""One poller for all readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from scheduler.web import hub as hub_module
from scheduler.web.hub import LIST, Hub
from scheduler.web.live import _changes
from store import Store, StoreUnreachable
from tests import examples
from tests.unit.scheduler.web.site import NoReports, filled


@pytest.fixture
def polled(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a test beside a poller that does not rest."""
    monkeypatch.setattr(hub_module, "PAUSE", 0.01)
    monkeypatch.setattr(hub_module, "REST", 0.0)

    def run(test: Callable[[Hub, Store], Awaitable[None]]) -> None:
        async def both() -> None:
            with filled(sqlite_url) as store:
                async with _running(store) as hub, asyncio.timeout(20):
                    await test(hub, store)

        asyncio.run(both())

    return run


@asynccontextmanager
async def _running(store: Store) -> AsyncIterator[Hub]:
    hub = Hub(store, NoReports)
    poller = asyncio.create_task(hub.run())
    yield hub
    poller.cancel()
    with suppress(asyncio.CancelledError):
        await poller
    hub.close()


def _counting(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note each time that an experiment is read."""
    read, seen = hub.reader.experiment_view, []

    def counted(experiment_id: int) -> Any:
        seen.append(experiment_id)
        return read(experiment_id)

    monkeypatch.setattr(hub.reader, "experiment_view", counted)
    return seen


def test_twenty_readers_cost_as_much_as_one(polled: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """All are told of a change that was read once."""

    async def check(hub: Hub, store: Store) -> None:
        monkeypatch.setattr(hub_module, "PAUSE", 0.3)
        readers = [_changes(hub, 1) for _ in range(20)]
        for reader in readers:
            assert (await anext(reader)).startswith("retry")
        seen = _counting(hub, monkeypatch)
        first = await asyncio.gather(*(anext(reader) for reader in readers))
        assert all("2 of 6 repeats" in one for one in first)
        examples.finish(store, store.jobs.claim([5], owner="d", lease=60.0), "d")

        async def changed(reader: AsyncIterator[str]) -> None:
            while "3 of 6 repeats" not in await anext(reader):
                pass

        await asyncio.gather(*map(changed, readers))
        assert len(seen) <= 6
        for reader in readers:
            await reader.aclose()

    polled(check)


def test_nobody_reads_and_nothing_is_read(polled: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(hub: Hub, _: Store) -> None:
        seen = _counting(hub, monkeypatch)
        with hub.reading(1):
            await hub.wait(5)
        assert seen
        await asyncio.sleep(0.1)
        before = len(seen)
        await asyncio.sleep(0.2)
        assert len(seen) == before
        assert hub.readers == 0

    polled(check)


def test_readers_of_a_deleted_experiment_are_told_and_leave(polled: Callable[..., None]) -> None:
    async def check(hub: Hub, store: Store) -> None:
        messages = _changes(hub, 2)
        for _ in range(2):
            await anext(messages)
        store.experiments.delete(2)
        assert '"gone": true' in [message async for message in messages][-1]

    polled(check)


def test_a_store_that_is_away_is_said_and_found_again(
    polled: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts stay as they were."""

    async def check(hub: Hub, store: Store) -> None:
        messages = _changes(hub, LIST)
        for _ in range(2):
            await anext(messages)
        heads = store.activity.heads

        def away() -> None:
            raise StoreUnreachable("it is away")

        monkeypatch.setattr(store.activity, "heads", away)
        while "it is away" not in (message := await anext(messages)):
            assert "parts" not in message
        monkeypatch.setattr(store.activity, "heads", heads)
        while '"problem": ""' not in await anext(messages):
            pass
        await messages.aclose()

    polled(check)


def test_readers_leave_when_the_server_ends(polled: Callable[..., None]) -> None:
    async def check(hub: Hub, _: Store) -> None:
        messages = _changes(hub, 1)
        for _ in range(2):
            await anext(messages)
        hub.stop()
        assert len([message async for message in messages]) <= 1

    polled(check)
