"""Ctrl-C wherever it comes: the command ends, and says how to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.acceptance.command import ROOT, reset_interrupt_handler, write
from tests.acceptance.conftest import TRAINER
from tests.integration import cluster

#: the command, with Ctrl-C pressed while the grid is recorded, in a callback whose exceptions Python prints and drops
LOST = TRAINER.replace(
    "command.main()",
    """
import os, signal, weakref
from scheduler.cli import outcome

class Thing: ...

def announce(submitted, grid, *, fresh):
    thing = Thing()
    reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGINT))
    del thing
    return submitted

outcome.announce = announce
command.main()
""",
)


@pytest.fixture
def start(tmp_path):
    """Start the command line in a folder of its own, with the stand-in for the engine; its process is ended with us."""
    started = []

    def run(script, *args, **env):
        clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        process = subprocess.Popen(
            [sys.executable, "-c", script, *args],
            cwd=tmp_path,
            env={**clean, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "STANDIN_EFFECT": "0", **env},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=reset_interrupt_handler,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_one_that_python_loses_ends_the_training_all_the_same(start, tmp_path):
    """Five minutes of training was recorded; none of it is done."""
    write(tmp_path)
    process = start(LOST, "run", "quick.yaml", "--workers", "1", STANDIN_SECONDS="300")
    _, said = process.communicate(timeout=250)
    assert "Exception ignored in" not in said
    assert process.returncode == 130, said
    assert "Interrupted. quick: 0 of 6 repeats are kept; `scheduler resume quick` continues." in said


def test_who_waits_for_a_cluster_may_leave(start, tmp_path, postgres_url, valkey):
    """The workers continue; the message names the commands that wait again and that stop them."""
    valkey.flush()
    env = {"DATABASE_URL": postgres_url, "BROKER_URL": valkey.url, "STANDIN_SECONDS": "5"}
    write(tmp_path)
    with cluster.worker("celery", "1", **env):
        process = start(TRAINER, "submit", "quick.yaml", "--wait", **env)
        while "of 6 repeats" not in process.stderr.readline():  # it waits by then
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 130, said
        assert "of 6 repeats are done and the workers continue" in said
        assert "`scheduler resume quick --wait` waits again, `scheduler cancel quick` stops them." in said
        assert "Traceback" not in said
        again = start(TRAINER, "resume", "quick", "--wait", **env)
        _, said = again.communicate(timeout=300)
    assert again.returncode == 0, said


def _ended(start, body):
    """Run `main` with something else in place of the commands."""
    imports = "import os, signal, sys, threading, time\nimport scheduler.command as command"
    script = f"{imports}\n{body}\ncommand._run = run\ncommand.main()"
    process = start(script)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def test_one_that_python_makes_an_error_of(start):
    """As in the making of a class, from Python 3.11 on; it ends the command as any other."""
    code, said = _ended(
        start,
        "def run():\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGINT); time.sleep(9)\n"
        "    except BaseException as problem:\n        raise RuntimeError('Error calling __set_name__') from problem",
    )
    assert code == 130
    assert said.startswith("scheduler: Interrupted. Everything recorded is kept: ")
    assert "Traceback" not in said


@pytest.mark.parametrize("daemon", [True, False])
def test_a_thread_that_still_works_is_not_waited_for(start, daemon):
    """One that imports compiled libraries would crash when Python is taken down under it."""
    code, said = _ended(
        start,
        "def run():\n"
        f"    threading.Thread(target=time.sleep, args=(300,), daemon={daemon}).start()\n"
        "    print('said', file=sys.stderr)\n    sys.exit(3)\n",
    )
    assert (code, said) == (3, "said\n")


def test_one_more_while_the_first_is_answered(start):
    """Nor at the very end: Python would print where it was."""
    code, said = _ended(
        start,
        "def again():\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "command._interrupted = again\n"
        "import atexit\natexit.register(again)\n"
        "def run():\n    again()\n    time.sleep(9)\n",
    )
    assert (code, said) == (130, "")
