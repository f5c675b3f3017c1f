"""One study in training: its store, its servers, its workers and clients, and what they have done so far."""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from celery import Celery

from benchmarks.chaos.processes import ROOT, Supervised
from store import PipelineError, Store, open_store
from store.delivery.queue import make_app
from tests.servers import Postgres, Valkey

GRID = """
name: chaos
series: fractions
test: 0
prepare: {{difference: 0, lags: 1, target_at: previous, scale: null}}
model: {{kind: vanilla, units: 3, stateful: true}}
training: {{epochs: {epochs}, batch_size: 9}}
protocol: {{kind: batch_transfer, forecast_batch_size: 9}}
repeats: {repeats}
seed: {seed}
pack: {pack}
grid:
  model.units: [1, 2, 3, 4]
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a study is trained."""

    name: str
    celery: bool
    postgres: bool
    real: bool
    #: repeats of each of four configurations
    repeats: int
    #: seconds that a worker may be silent
    lease: float = 2.0
    #: most repeats of a pack; None leaves it to chance
    pack: int | None = None


SETTINGS = (
    Setting("Celery, stand-in", celery=True, postgres=True, real=False, repeats=75),
    Setting("run on SQLite, stand-in", celery=False, postgres=False, real=False, repeats=75),
    Setting("run on Postgres, stand-in", celery=False, postgres=True, real=False, repeats=75),
    Setting("run on SQLite, real training", celery=False, postgres=False, real=True, repeats=12, lease=5.0),
    Setting("Celery, real training", celery=True, postgres=True, real=True, repeats=12, lease=5.0),
)


@dataclass(slots=True)
class Servers:
    """The servers that all studies share."""

    postgres: Postgres
    valkey: Valkey

    @classmethod
    def start(cls) -> Servers:
        """Start both."""
        made = cls(Postgres(), Valkey())
        made.postgres.start()
        made.valkey.start()
        return made

    def close(self) -> None:
        """Stop both."""
        self.postgres.close()
        self.valkey.close()


@dataclass(slots=True)
class Scene:
    """A study in training."""

    setting: Setting
    servers: Servers
    folder: Path
    url: str
    grid: Path
    app: Celery
    dice: random.Random
    workers: list[Supervised] = field(default_factory=list)
    watches: list[Supervised] = field(default_factory=list)
    clients: list[Supervised] = field(default_factory=list)
    #: what is to be done later, and when
    later: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    _store: Store | None = None

    @classmethod
    def open(cls, setting: Setting, servers: Servers, folder: Path, dice: random.Random) -> Scene:
        """Make the store, and start everything that trains the study."""
        folder.mkdir()
        url = servers.postgres.create(folder.name) if setting.postgres else f"sqlite:///{folder}/results.db"
        open_store(url, create=True).close()
        servers.valkey.flush()
        grid = folder / "chaos.yaml"
        epochs = 400 if setting.real else 5
        numbers = {
            "repeats": setting.repeats,
            "pack": setting.pack or dice.choice([1, 3, 8]),
            "seed": dice.randrange(10**6),
        }
        grid.write_text(GRID.format(epochs=epochs, **numbers))
        made = cls(setting, servers, folder, url, grid, make_app(servers.valkey.url), dice)
        made._start()
        return made

    def _start(self) -> None:
        if self.setting.celery:
            real, standin = ["-m", "worker", "--concurrency", "2"], ["-m", "tests.standin", "celery", "2"]
            words = real if self.setting.real else standin
            self.workers = [self.process(words, f"worker-{number}") for number in range(2)]
            self.watches = [self.scheduler("watch", log=f"watch-{number}") for number in range(2)]
        self.clients = [self.client()]

    def client(self, log: str = "client") -> Supervised:
        """Start whoever asked for the study; it ends when the study is done."""
        if self.setting.celery:
            return self.scheduler("submit", str(self.grid), "--wait", log=log, once=True)
        return self.scheduler("run", str(self.grid), "--workers", "3", log=log, once=True)

    def scheduler(self, *words: str, log: str, once: bool = False) -> Supervised:
        """Start a command of `scheduler`."""
        module = "scheduler" if self.setting.real or self.setting.celery else "benchmarks.chaos.with_standin"
        return self.process(["-m", module, *words], log, once=once)

    def process(self, words: list[str], log: str, *, once: bool = False) -> Supervised:
        """Start a process that knows the store and the broker."""
        env = {
            "DATABASE_URL": self.url,
            "BROKER_URL": self.servers.valkey.url if self.setting.celery else "",
            "LEASE_SECONDS": str(self.setting.lease),
            "STANDIN_SECONDS": "0.6",
            "STANDIN_LOG": "WARNING",
            "PYTHONPATH": str(ROOT),
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "OMP_NUM_THREADS": "1",
        }
        return Supervised([sys.executable, *words], env, self.folder / f"{log}.log", once=once)

    @property
    def store(self) -> Store:
        """The store, for this process."""
        if self._store is None:
            self._store = open_store(self.url)
        return self._store

    def keep(self) -> None:
        """Do what is due, and start again what has ended."""
        due = [one for one in self.later if one[0] <= time.monotonic()]
        self.later = [one for one in self.later if one not in due]
        for _, action in due:
            action()
        for one in (*self.workers, *self.watches, *self.clients):
            one.keep()

    def soon(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something in some seconds."""
        self.later.append((time.monotonic() + seconds, action))

    def ask(self, question: str) -> list[tuple[int, ...]]:
        """Return the rows of a query by a connection of its own; none while the store is away."""
        with suppress(psycopg.Error, sqlite3.Error):
            if self.setting.postgres:
                with psycopg.connect(self.url, autocommit=True) as connected:
                    return connected.execute(question).fetchall()  # type: ignore[arg-type]
            connection = sqlite3.connect(self.folder / "results.db", timeout=10)
            try:
                return connection.execute(question).fetchall()
            finally:
                connection.close()
        return []

    def running(self) -> set[int]:
        """Return the jobs that are claimed at the moment."""
        return {id_ for (id_,) in self.ask("SELECT id FROM jobs WHERE state = 'running'")}

    def ended(self) -> set[int] | None:
        """Return the jobs that have ended; None while nobody can tell."""
        counted = self.ask("SELECT count(*) FROM jobs")
        if not counted:
            return None
        return {id_ for (id_,) in self.ask("SELECT id FROM jobs WHERE state NOT IN ('queued', 'running')")}

    @property
    def total(self) -> int:
        """How many jobs the study has."""
        return 4 * self.setting.repeats

    @property
    def done(self) -> bool:
        """Whether whoever asked for the study has been told that it is done."""
        return self.clients[0].finished

    def end(self) -> None:
        """End all processes."""
        for one in (*self.clients, *self.workers, *self.watches):
            one.end_all()

    def close(self) -> None:
        """End everything."""
        self.end()
        if self._store is not None:
            with suppress(PipelineError):
                self._store.close()
