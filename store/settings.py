"""Settings from the environment, read once by an entry point and passed on."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from store.errors import UsageError

DEFAULT_STORE = "sqlite:///results.db"

#: KiB of memory from which a worker's child, or a local worker, is replaced between two packs: Keras and XLA give back
#: only a part of what a program took. TensorFlow with one program takes 0.7 GB of it.
MOST_MEMORY = 1_500_000
#: the maximum number of local workers of one run
MOST_WORKERS = 256
#: the exit code of a local worker that is to be replaced: it has grown, and nothing is wrong
REPLACE_ME = 75
#: seconds of a lease at most: one that ends later is taken for one from before the clock was set back
LONGEST_LEASE = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Where the store and the broker are, how long a worker may be silent, and where it logs."""

    database_url: str = DEFAULT_STORE
    #: the URL of Redis; None if it is not set
    broker_url: str | None = None
    #: seconds after which a silent worker's jobs may be taken by another
    lease: float = 20.0
    #: folder in which each worker of `scheduler run` writes a log; None for no logs
    worker_logs: str | None = None
    #: KiB of memory from which a local worker is replaced
    most_memory: int = MOST_MEMORY

    @classmethod
    def from_env(
        cls, env: Mapping[str, str] = os.environ, *, store: str | None = None, broker: str | None = None
    ) -> Settings:
        """Read DATABASE_URL, BROKER_URL (or the files that these names with `_FILE` name), LEASE_SECONDS, WORKER_LOGS.

        Args:
            env: the environment.
            store: --store, if given.
            broker: --broker, if given.

        Raises:
            UsageError: LEASE_SECONDS is not a number from 1 to 3,600, or a file cannot be read.
        """
        return cls(
            database_url=store or secret("DATABASE_URL", env) or DEFAULT_STORE,
            broker_url=broker or secret("BROKER_URL", env),
            lease=_seconds(env.get("LEASE_SECONDS"), default=20.0),
            worker_logs=env.get("WORKER_LOGS") or None,
        )

    @property
    def heartbeat(self) -> float:
        """Seconds between two renewals of a lease: three may be missed."""
        return self.lease / 4


def secret(name: str, env: Mapping[str, str] = os.environ) -> str | None:
    """Return the value of a variable, or what is in the file that the variable NAME_FILE names; None without either.

    A secret of Docker or Kubernetes is such a file. The end of its last line is no part of it.

    Raises:
        UsageError: the file cannot be read.
    """
    if value := env.get(name):
        return value
    if not (path := env.get(f"{name}_FILE")):
        return None
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not text in UTF-8"
        raise UsageError(
            f"{name}_FILE names {path}, which cannot be read: {why}. Correct it, or set {name}."
        ) from problem
    return text.removesuffix("\n").removesuffix("\r") or None


def _seconds(text: str | None, *, default: float) -> float:
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= LONGEST_LEASE:
        raise UsageError(
            f"LEASE_SECONDS is {text!r}, and must be a number of seconds from 1 to {LONGEST_LEASE:,.0f}. Try 20."
        )
    return value


def without_password(url: str) -> str:
    """Return a URL, or what was given for one, that may be shown: no password before the host nor in the query."""
    masked = re.sub(r"(password=)('[^']*'|[^&\s]*)", r"\1***", url, flags=re.IGNORECASE)
    scheme, separator, rest = masked.partition("://")
    credentials, at, host = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    return f"{scheme}{separator}{user}:***@{host}" if at and colon else masked
