"""`scheduler serve` in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.command import ROOT


@contextmanager
def served(store: str, *options: str, **env: str) -> Iterator[str]:
    """Yield the address of the live page of a store; in the end the server must stop at Ctrl-C without a word."""
    command = [sys.executable, "-m", "scheduler", "serve", "--port", "0", "--store", store, *options]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SERVE_")}
    with subprocess.Popen(command, cwd=ROOT, env=clean | env, stderr=subprocess.PIPE, text=True) as server:
        yield from _running(server)


def _running(server: subprocess.Popen[str]) -> Iterator[str]:
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        found = re.search(r"http://\S+:\d+", line)
        assert found, line + server.stderr.read()
        yield found[0]
        server.send_signal(signal.SIGINT)
        code = server.wait(20)
        said = server.stderr.read()
        assert (code, said) == (0, ""), said
    finally:
        server.kill()
