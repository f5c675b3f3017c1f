"""`/metrics`: the numbers of the store and of this server, as Prometheus fetches them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.responses import Response

from store import PipelineError
from store.activity.records import Gauges

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from starlette.requests import Request

    from scheduler.web.hub import Hub

#: seconds for which the numbers are kept, however often and by however many they are fetched
FRESH = 5.0


class Numbers:
    """Counts the store at most every few seconds."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._lock = asyncio.Lock()
        self._text, self._made = b"", float("-inf")

    async def text(self) -> bytes:
        """Return the numbers as Prometheus reads them; those of the store are left out while it is away."""
        async with self._lock:
            if time.monotonic() - self._made >= FRESH:
                try:
                    states, gauges = await self._hub.in_thread(self._read)
                except PipelineError:
                    states, gauges = Counter(), None
                self._text = written(states, gauges, self._hub.readers)
                self._made = time.monotonic()
        return self._text

    def _read(self) -> tuple[Counter[str], Gauges]:
        activity = self._hub.reader.store.activity
        return Counter(head.state.value for head in activity.heads()), activity.gauges()


async def metrics(request: Request) -> Response:
    """Answer Prometheus."""
    numbers: Numbers = request.app.state.numbers
    return Response(await numbers.text(), media_type=CONTENT_TYPE_LATEST)


def written(states: Counter[str], gauges: Gauges | None, readers: int) -> bytes:
    """Write the numbers in Prometheus' format.

    Args:
        states: how many experiments are in each state.
        gauges: the numbers of the store; None if it is away.
        readers: how many pages are open.
    """

    class Now(Collector):
        def collect(self) -> Iterable[Metric]:
            yield _one("store_up", "Whether the store could be read.", float(gauges is not None))
            yield _one("web_readers", "Open live pages.", readers)
            if gauges is not None:
                yield _by("experiments", "Experiments by state.", ["state"], _labelled(states))
                yield from _of_store(gauges)

    registry = CollectorRegistry()
    registry.register(Now())
    ProcessCollector(registry=registry)
    return bytes(generate_latest(registry))


def _of_store(gauges: Gauges) -> Iterator[Metric]:
    """Yield the numbers of the store; docs/operations.md lists them."""
    where = ["queue", "state"]
    jobs = [((one.queue, one.state), one.jobs) for one in gauges.queues]
    attempts = [((one.queue, one.state), one.attempts) for one in gauges.queues]
    yield _by("jobs", "Jobs by queue and state.", where, jobs)
    yield _by("job_attempts", "Attempts that these jobs have used.", where, attempts)
    yield _by("packs_running", "Packs that workers hold.", ["queue"], _labelled(gauges.packs))
    yield _by("leases_expired", "Running jobs whose lease ran out.", ["queue"], _labelled(gauges.expired))
    yield _by("oldest_waiting_seconds", "Age of the oldest waiting job.", ["queue"], _labelled(gauges.oldest))
    rate = gauges.finished_last_minute / 60
    yield _one("finished_per_second", "Repeats finished a second, over the last minute.", rate)
    yield _one("training_seconds", "Seconds of training of all results in the store.", gauges.training_seconds)
    yield _one("diverged", "Repeats in the store that diverged.", gauges.diverged)


def _labelled(found: Mapping[str, float]) -> list[tuple[tuple[str, ...], float]]:
    return [((label,), value) for label, value in found.items()]


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"repeats_{name}", words, value=value)


def _by(name: str, words: str, labels: list[str], rows: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(f"repeats_{name}", words, labels=labels)
    for values, number in rows:
        family.add_metric(list(values), number)
    return family
