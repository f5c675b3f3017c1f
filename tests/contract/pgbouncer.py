"""A real PgBouncer for the tests, in transaction mode: each transaction may have another connection to Postgres.

No wheel contains it. On a machine without it the tests with the mark `pgbouncer` fail and tell how to get it.
"""

from __future__ import annotations

import os
import shutil
from typing import Any
from urllib.parse import quote

import psycopg

from tests.servers import Postgres, Server

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"])


class PgBouncerMissing(Exception):
    """There is no PgBouncer on this machine."""


def find() -> str:
    """Return the path of PgBouncer."""
    path = shutil.which("pgbouncer", path=PLACES)
    if path is None:
        raise PgBouncerMissing(
            "These tests need PgBouncer, and none was found. Get it by `apt-get install pgbouncer`, "
            "`dnf install pgbouncer` or `brew install pgbouncer`. "
            "To run only the other tests: make test PYTEST_ARGS='-m \"not pgbouncer\"'"
        )
    return path


class PgBouncer(Server):
    """PgBouncer before a Postgres, on a Unix socket."""

    def __init__(self, postgres: Postgres) -> None:
        super().__init__("bounce")
        self.binary = find()
        self._postgres = postgres
        settings = self.directory / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host={postgres.directory} user=postgres\n[pgbouncer]\npool_mode = transaction\n"
            f"auth_type = any\nlisten_port = 6432\nunix_socket_dir = {self.directory}\n"
            "default_pool_size = 3\nmax_client_conn = 200\n"
        )
        if account := self.account():
            os.chown(self.directory, account["user"], account["group"])

    def account(self) -> dict[str, Any]:
        """Return Postgres' account: it refuses to run as root, too."""
        return self._postgres.account()

    def command(self) -> list[str]:
        """Return the command of PgBouncer."""
        return [self.binary, str(self.directory / "pgbouncer.ini")]

    def answers(self) -> bool:
        """Return whether it takes connections."""
        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str, **options: str) -> str:
        """Return the URL of a database of its Postgres, for `--store`."""
        more = "".join(f"&{name}={quote(value)}" for name, value in options.items())
        return f"postgresql://postgres@/{database}?host={self.directory}&port=6432{more}"
