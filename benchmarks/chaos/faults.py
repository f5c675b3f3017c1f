"""The faults: each does harm once, at a moment that the campaign chooses."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil
import redis

from benchmarks.chaos.processes import Supervised
from benchmarks.chaos.scene import Scene, Setting
from store.delivery.packs import packs
from store.delivery.queue import send
from store.errors import PipelineError

#: returns whether there was anything to harm
Harm = Callable[[Scene, random.Random], bool]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    name: str
    harm: Harm
    #: whether it needs workers of Celery (True), those of `run` (False), or takes any
    celery: bool | None = None
    #: whether it needs Postgres (True) or SQLite (False)
    postgres: bool | None = None

    def fits(self, setting: Setting) -> bool:
        """Whether a study has what it harms."""
        return self.celery in {None, setting.celery} and self.postgres in {None, setting.postgres}


def _parents(scene: Scene) -> list[Supervised]:
    """Return the processes whose children train."""
    return scene.workers or scene.clients[:1]


def _child(scene: Scene, dice: random.Random) -> psutil.Process | None:
    children = [one for parent in _parents(scene) for one in parent.children()]
    return dice.choice(children) if children else None


def _signal_child(how: signal.Signals) -> Harm:
    def harm(scene: Scene, dice: random.Random) -> bool:
        child = _child(scene, dice)
        if child is None:
            return False
        with suppress(psutil.NoSuchProcess):
            child.send_signal(how)
        return True

    return harm


def _stop_child(scene: Scene, dice: random.Random) -> bool:
    """Stop a process that trains for longer than its lease, then let it go on."""
    child = _child(scene, dice)
    if child is None:
        return False

    def go_on() -> None:
        with suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGCONT)

    with suppress(psutil.NoSuchProcess):
        child.send_signal(signal.SIGSTOP)
    scene.soon(scene.setting.lease * dice.uniform(1.2, 2.5), go_on)
    return True


def _kill(which: Callable[[Scene], list[Supervised]], how: signal.Signals | None = None) -> Harm:
    """Return what ends one of several processes: with all its children, or by a signal to it alone."""

    def harm(scene: Scene, dice: random.Random) -> bool:
        victim = dice.choice(which(scene))
        if victim.process.poll() is not None:
            return False
        if how is None:
            victim.end()
        else:
            victim.process.send_signal(how)
        return True

    return harm


def _second_client(scene: Scene, dice: random.Random) -> bool:
    """Let a second client ask for the same study at the same time, and kill it after a while."""
    second = scene.client("second")
    scene.soon(dice.uniform(2, 5), second.end)
    return True


def _full_disk(scene: Scene, dice: random.Random) -> bool:
    """Let the run go on where files cannot grow, for some seconds, and then where they can."""
    client = scene.clients[0]
    if client.finished:
        return False
    client.end()
    files = [scene.folder / f"results.db{more}" for more in ("", "-wal")]
    largest = max((path.stat().st_size for path in files if path.exists()), default=0)
    client.start(most_bytes=largest + dice.choice([0, 20_000, 200_000]))
    scene.soon(dice.uniform(3, 6), client.end)
    return True


def _flush(scene: Scene, dice: random.Random) -> bool:
    scene.servers.valkey.flush()
    return True


def _kill_redis(scene: Scene, dice: random.Random) -> bool:
    scene.servers.valkey.kill()
    scene.soon(dice.uniform(0.1, 5), scene.servers.valkey.start)
    return True


def _disconnect_redis(scene: Scene, dice: random.Random) -> bool:
    client = redis.Redis(port=scene.servers.valkey.port)
    with suppress(redis.RedisError):
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    client.close()
    return True


def _send_twice(scene: Scene, dice: random.Random) -> bool:
    """Send every message that there should be a second time."""
    with suppress(PipelineError):
        send(scene.app, packs(scene.store.jobs.waiting()))
        return True
    return False


def _end_backends(scene: Scene, dice: random.Random) -> bool:
    scene.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    return True


def _restart_postgres(*, killed: bool, longest: float) -> Harm:
    def harm(scene: Scene, dice: random.Random) -> bool:
        server = scene.servers.postgres
        server.kill() if killed else server.stop()
        time.sleep(dice.uniform(0, longest))
        server.start()
        return True

    return harm


def _full_postgres(scene: Scene, dice: random.Random) -> bool:
    """Restart Postgres where no file can grow, for some seconds: it refuses to write, or ends if its log is full."""
    server, most = scene.servers.postgres, dice.choice([2**16, 2**20, 2**23])
    server.kill()
    bounded = ["bash", "-c", f'ulimit -f {most // 1024}; exec "$@"', "bash", *server.command()]
    with server.log.open("ab") as log:
        server.process = subprocess.Popen(bounded, stdout=log, stderr=log, cwd=server.directory, **server.account())

    def free() -> None:
        server.kill()
        server.start()

    scene.soon(dice.uniform(2, 6), free)
    return True


def _workers(scene: Scene) -> list[Supervised]:
    return scene.workers


def _clients(scene: Scene) -> list[Supervised]:
    return scene.clients[:1]


FAULTS = (
    Fault("process that trains: SIGKILL", _signal_child(signal.SIGKILL)),
    Fault("process that trains: stopped beyond its lease", _stop_child),
    Fault("process that trains: SIGTERM", _signal_child(signal.SIGTERM), celery=False),
    Fault("worker with its children: SIGKILL", _kill(_workers), celery=True),
    Fault("worker: SIGTERM", _kill(_workers, signal.SIGTERM), celery=True),
    Fault("worker: SIGKILL, its children orphaned", _kill(_workers, signal.SIGKILL), celery=True),
    Fault("scheduler watch, one of two: SIGKILL", _kill(lambda scene: scene.watches), celery=True),
    Fault("client: SIGKILL", _kill(_clients, signal.SIGKILL)),
    Fault("client with its workers: SIGKILL", _kill(_clients), celery=False),
    Fault("client: SIGINT", _kill(_clients, signal.SIGINT)),
    Fault("second client at the same time, then killed", _second_client),
    Fault("Redis: killed empty, away up to 5 s", _kill_redis, celery=True),
    Fault("Redis: flushed", _flush, celery=True),
    Fault("Redis: all clients disconnected", _disconnect_redis, celery=True),
    Fault("all messages sent twice", _send_twice, celery=True),
    Fault("Postgres: restarted, away up to 4 s", _restart_postgres(killed=False, longest=4.0), postgres=True),
    Fault("Postgres: killed, away up to 1 s", _restart_postgres(killed=True, longest=1.0), postgres=True),
    Fault("Postgres: all backends ended", _end_backends, postgres=True),
    Fault("Postgres: disk full, up to 6 s", _full_postgres, postgres=True),
    Fault("disk full for some seconds", _full_disk, celery=False, postgres=False),
)
