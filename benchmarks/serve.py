"""What the live page costs: first paint and updates of 100,000 repeats, and 20 readers beside a study in training.

Goals: first paint under 1 s, an update under 200 ms of the server's time, and 20 readers at once cost the workers under
5%. The first two are of a made-up study of 500 configurations with 200 repeats each, of which some are still to come.
The third is of a real study on all cores, trained in turns with and without readers. `--small` makes a tenth of the
repeats; `--rounds N` trains so often.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.report import CONFIGURATIONS, REPEATS, fill
from scheduler.grid.grid import Grid
from scheduler.lifecycle.submission import record
from scheduler.web.reading import Reader
from store import NewJob, Store, open_store

READERS = 20
FIRST_PAINT, UPDATE, COST = 1.0, 0.2, 0.05
GRID = """
name: beside
series: shampoo
training: {epochs: 2000}
repeats: 60
grid:
  model.units: [1, 2, 3, 4]
"""


@contextmanager
def served(url: str) -> Iterator[tuple[str, psutil.Process]]:
    """Yield the address of a live page, and its process."""
    command = [sys.executable, "-m", "scheduler", "serve", "--port", "0", "--store", url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            line = server.stderr.readline() if server.stderr else ""
            found = re.search(r"http://\S+:\d+", line)
            assert found, f"the server did not start: {line}"
            yield found[0], psutil.Process(server.pid)
        finally:
            server.terminate()


def fetched(address: str, path: str) -> tuple[float, bytes]:
    """Ask once, and return the seconds and the answer."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path)
    body = connection.getresponse().read()
    return time.perf_counter() - started, body


@contextmanager
def reading(address: str, path: str, count: int) -> Iterator[list[int]]:
    """Keep pages open while the block runs, and count the bytes that each is told."""
    told, stop = [0] * count, threading.Event()

    def read(place: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", path)
            answer = connection.getresponse()
            while not stop.is_set() and (line := answer.readline()):
                told[place] += len(line)

    threads = [threading.Thread(target=read, args=(place,), daemon=True) for place in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        stop.set()


def cpu(process: psutil.Process) -> float:
    """Return the seconds of computing of a process and its children so far."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            used = one.cpu_times()
            total += used.user + used.system
    return total


def large(folder: Path, *, configurations: int) -> list[tuple[str, float, float]]:
    """Measure the page of a large study of which repeats are to come."""
    url = f"sqlite:///{folder}/large.db"
    with open_store(url, create=True) as store:
        experiment = fill(store, configurations=configurations, repeats=REPEATS, epochs=0)
        more = [NewJob(repeat=n, seed=n, key=f"more-{n}", program="more") for n in range(REPEATS, REPEATS + 10)]
        store.experiments.extend(experiment.id, {"units=0": more})
        update = one_update(store, experiment.id)
    with served(url) as (address, _):
        paint, page = fetched(address, f"/experiments/{experiment.name}")
        listed, _ = fetched(address, "/")
        with reading(address, f"/live/{experiment.id}/events", READERS):
            time.sleep(2)
            again, _ = fetched(address, f"/experiments/{experiment.name}")
    assert b"part-progress" in page
    return [
        ("first paint of the experiment, s", paint, FIRST_PAINT),
        ("the same beside 20 readers, s", again, FIRST_PAINT),
        ("first paint of the list, s", listed, FIRST_PAINT),
        ("an update, s of computing", update, UPDATE),
    ]


def one_update(store: Store, experiment_id: int) -> float:
    """Return the seconds of computing of one look at the store: the counts, the parts and their text."""
    reader, found = Reader(store), []
    for _ in range(5):
        started = time.process_time()
        view = reader.experiment_view(experiment_id)
        assert view.parts.changed({})
        found.append(time.process_time() - started)
    return min(found)


def beside(folder: Path, rounds: int) -> list[tuple[str, float, float]]:
    """Train in turns without and with readers, and return what the readers cost."""
    alone, watched, shares = [], [], []
    for number in range(rounds):
        alone.append(trained(prepared(folder / f"alone-{number}.db")))
        url = prepared(folder / f"watched-{number}.db")
        with served(url) as (address, server), reading(address, "/live/1/events", READERS) as told:
            before, started = cpu(server), time.perf_counter()
            watched.append(trained(url))
            shares.append((cpu(server) - before) / (time.perf_counter() - started) / (os.cpu_count() or 1))
        assert min(told) > 1000, "a reader was told of nothing"
    return [
        ("training with 20 readers over that without, less 1", min(watched) / min(alone) - 1, COST),
        ("computing of the server, share of all cores", sum(shares) / rounds, COST),
    ]


def prepared(path: Path) -> str:
    """Make a store with a study that is to be trained, and return its URL."""
    url = f"sqlite:///{path}"
    with open_store(url, create=True) as store:
        record(store, Grid.parse(GRID, file="beside.yaml"))
    return url


def trained(url: str) -> float:
    """Train the study of a store, and return the seconds from the first claim to the last result."""
    subprocess.run([sys.executable, "-m", "scheduler", "resume", "1", "--store", url], check=True, capture_output=True)
    with open_store(url) as store:
        status = store.experiments.status(1)
    assert status.started
    assert status.finished
    return (status.finished - status.started).total_seconds()


def main() -> None:
    """Print one table; exit with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--full", action="store_true", help="no difference here")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = large(Path(folder), configurations=CONFIGURATIONS // (10 if asked.small else 1))
        rows += beside(Path(folder), asked.rounds)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| | measured | goal |")
    print("|---|---:|---:|")
    for name, value, goal in rows:
        print(f"| {name} | {value:.3f} | {goal:.2f} |")
    sys.exit(any(value > goal for _, value, goal in rows))


if __name__ == "__main__":
    main()
