"""`worker --metrics`: what a worker and its children measure, for Prometheus to fetch."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from store import PipelineError, UsageError
from store.writable import temporary_folder
from worker.delivery.measures import Measured, Measures, Outcome, use

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

#: where children write what the main process adds up; prometheus_client reads it when it is imported
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.05, 0.2, 1, 5, 15, 60, 300, 900, 3600)
LANES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Counted(Measures):
    """Measures packs as Prometheus wants them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Make the metrics; docs/operations.md lists them."""
        from prometheus_client import Counter, Gauge, Histogram

        def histogram(name: str, words: str, edges: tuple[float, ...]) -> Histogram:
            return Histogram(f"repeats_worker_{name}", words, buckets=edges, registry=registry)

        self._packs = Counter("repeats_worker_packs", "Packs that ended.", ["outcome"], registry=registry)
        self._repeats = Counter("repeats_worker_repeats", "Repeats trained and stored.", registry=registry)
        self._lost = Counter(
            "repeats_worker_leases_lost", "Jobs taken away in training: lease lost, or cancelled.", registry=registry
        )
        self._training = Gauge(
            "repeats_worker_packs_training", "Packs in training.", registry=registry, multiprocess_mode="livesum"
        )
        self._train = histogram("train_seconds", "Seconds to train a pack.", SECONDS)
        self._save = histogram("save_seconds", "Seconds to store the results of a pack.", SECONDS)
        self._lanes = histogram("lanes", "Repeats side by side in a pack.", LANES)
        for outcome in Outcome:
            self._packs.labels(outcome)

    def began(self, measured: Measured) -> None:
        """Note that a pack is being trained."""
        self._training.inc()
        self._lanes.observe(measured.lanes)

    def ended(self, measured: Measured) -> None:
        """Note that a pack has ended."""
        self._training.dec()
        self._packs.labels(measured.outcome).inc()
        self._repeats.inc(measured.saved)
        self._lost.inc(measured.lost)
        if measured.outcome is Outcome.SAVED:
            self._train.observe(measured.train_seconds)
            self._save.observe(measured.save_seconds)


class Metrics:
    """Serves what this process and its children measure, until it is closed."""

    def __init__(self, address: str, *, children: bool) -> None:
        """Measure from now on; children that are forked later, too.

        Args:
            address: `PORT` of 127.0.0.1, or `HOST:PORT`.
            children: whether they train, and this process does not.

        Raises:
            UsageError: the address is not one.
        """
        self._host, self._port = parse(address)
        self._folder: Path | None = None
        if children and FOLDER not in os.environ:
            temporary_folder()
            self._folder = Path(tempfile.mkdtemp(prefix="repeats-metrics-"))
            os.environ[FOLDER] = str(self._folder)
        from prometheus_client import CollectorRegistry

        self._children = children
        self._registry = CollectorRegistry()
        use(Counted(self._registry))

    def serve(self) -> None:
        """Answer from a thread; begin after the children have been forked.

        Raises:
            PipelineError: the address is taken, or not one of this machine.
        """
        from prometheus_client import CollectorRegistry, start_http_server
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry() if self._children else self._registry
        if self._children:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        try:
            start_http_server(self._port, self._host, registry)
        except OSError as problem:
            raise PipelineError(
                f"--metrics {self._host}:{self._port} cannot be used: {problem.strerror}. Choose another port."
            ) from problem

    def close(self) -> None:
        """Remove what the children wrote."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def forget(pid: int) -> None:
    """Leave out the packs that a child which ended had in training."""
    if FOLDER in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def parse(address: str) -> tuple[str, int]:
    """Return the host and the port of `PORT` or `HOST:PORT`.

    Raises:
        UsageError: it is neither.
    """
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(f"--metrics is {address!r}, and must be a port (9100), or HOST:PORT (0.0.0.0:9100).")
    return host.strip("[]") or "127.0.0.1", int(port)
