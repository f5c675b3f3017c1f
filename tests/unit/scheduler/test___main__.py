"""Ctrl-C while the command line starts, or the worker."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

#: as the command, with an import that Ctrl-C interrupts
INTERRUPTED_IMPORT = """
import os, signal, sys
from {package}.__main__ import main
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "{package}.command":
            os.kill(os.getpid(), signal.SIGINT)
            sum(range(10**5))
            sys.exit(7)
sys.meta_path.insert(0, Finder())
main()
"""


@pytest.mark.parametrize("package", ["scheduler", "worker"])
@pytest.mark.parametrize(("handler", "code"), [(signal.SIG_DFL, 130), (signal.SIG_IGN, 7)], ids=["usual", "nohup"])
def test_ctrl_c_during_an_import_ends_at_once_without_a_word(handler: signal.Handlers, code: int, package: str) -> None:
    """In a process that was started to ignore Ctrl-C, nothing ends."""
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT.format(package=package)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, handler),
    )
    assert (ended.returncode, ended.stderr) == (code, "")
