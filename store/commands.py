"""Commands that messages suggest, complete: with the store and the broker where the environment names others."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from store.settings import Settings, without_password

#: how the drivers of a database may be spelled -> its name
_DRIVERS = {"postgres": "postgresql", "postgresql+psycopg": "postgresql", "sqlite+pysqlite": "sqlite"}


def command(*words: str, store: str = "", broker: str | None = None) -> str:
    """Return a command of the scheduler in backquotes, for a sentence.

    Args:
        words: its name and arguments, such as `report` and `GRID`; what a shell would split is quoted.
        store: the URL of the store it is about; it is left out where the environment names the same one.
        broker: the URL of the broker, where the command takes one.
    """
    return f"`{command_line(*words, store=store, broker=broker)}`"


def command_line(*words: str, store: str = "", broker: str | None = None) -> str:
    """Return a command of the scheduler as it is typed; the arguments are those of `command`."""
    return shlex.join(["scheduler", *words, *options(store=store, broker=broker)])


def options(*, store: str = "", broker: str | None = None, env: Mapping[str, str] = os.environ) -> list[str]:
    """Return the options that name a store and a broker, without those that the environment names already."""
    # Others of the environment may be wrong, which is not what the message is about.
    there = Settings.from_env({name: env[name] for name in ("DATABASE_URL", "BROKER_URL") if name in env})
    found = []
    if store and _alike(store) != _alike(there.database_url):
        found += ["--store", without_password(store)]
    if broker and without_password(broker) != without_password(there.broker_url or ""):
        found += ["--broker", without_password(broker)]
    return found


def given(arguments: Sequence[str]) -> dict[str, str]:
    """Return the store and the broker that a command line names, as arguments for `command`."""
    found = {}
    for name in ("store", "broker"):
        for place, word in enumerate(arguments):
            option, equals, value = word.partition("=")
            if option == f"--{name}" and (equals or place + 1 < len(arguments)):
                found[name] = value if equals else arguments[place + 1]
    return found


def _alike(url: str) -> str:
    """Return a URL without what may differ between two that name the same database.

    That is the driver, the password, and of a file the folder that a relative path begins in.
    """
    scheme, separator, rest = without_password(url).partition("://")
    plain = unquote(re.sub(r"[?&](ssl)?password=[^&]*", "", rest))
    name = _DRIVERS.get(scheme, scheme)
    if name == "sqlite" and plain.startswith("/") and len(plain) > 1 and not plain.startswith("/:memory:"):
        path, mark, options_of = plain[1:].partition("?")
        plain = f"/{Path(path).absolute()}{mark}{options_of}"
    return f"{name}{separator}{plain}"
