"""Renaming, annotating and deleting experiments, and what may be done with a store that is read-only."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import shutil
import subprocess
import sys
import termios

import pytest

from store import open_store
from tests.acceptance.command import ROOT, reset_interrupt_handler
from tests.examples import experiment, submit


def take_terminal() -> None:
    """Make stdin the controlling terminal of a new process, so that Ctrl-C reaches it."""
    reset_interrupt_handler()
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def on_a_terminal(_three, tmp_path):
    """Run a command whose stdin is a terminal, answer its question, and return its exit code and the question."""
    shutil.copyfile(_three, tmp_path / "results.db")
    ours, theirs = pty.openpty()

    def run(*args, answer):
        with subprocess.Popen(
            [sys.executable, "-m", "scheduler", *args],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=take_terminal,
        ) as process:
            question = b""
            while not question.endswith(b"]: ") and (one := process.stderr.read(1)):
                question += one
            os.write(ours, f"{answer}\n".encode())
            process.communicate(timeout=120)
        return process.returncode, question.decode()

    yield run
    os.close(theirs)
    os.close(ours)


def test_a_new_name_is_found(three):
    """And the old one is not."""
    done = three("rename", "quick", "better")
    assert (done.returncode, done.stdout) == (0, "quick is now better.\n")
    assert three("status", "better").stdout.startswith("better: done")
    assert three("status", "quick").returncode == 1


@pytest.mark.parametrize(("name", "why"), [("12", "numbers are ids. Try grid-12."), ("a/b", "use letters, digits")])
def test_a_name_that_is_none_is_refused(three, name, why):
    """It is wrong usage, and says what is allowed."""
    done = three("rename", "quick", name)
    assert done.returncode == 2
    assert why in done.stderr


def test_a_note_is_kept_and_shown(three):
    """By `note` and `status` whole, by `list` its beginning, in JSON whole; brackets are no markup."""
    text = f"[bold]seed[/bold] of the paper; {'long ' * 20}"
    assert three("note", "quick").stdout == "quick has no note.\n"
    assert "note" not in three("list").stdout
    assert three("note", "quick", text).stdout == "quick: note saved.\n"
    assert three("note", "quick").stdout.strip() == text.strip()
    assert text.strip() in three("status", "quick").stdout
    assert "[bold]seed[/bold] of the paper; long lon ..." in three("list").stdout
    assert json.loads(three("list", "--format", "json").stdout)["experiments"][0]["note"] == text.strip()
    assert three("note", "quick", "").stdout == "quick: note removed.\n"
    assert three("note", "quick").stdout == "quick has no note.\n"


class TestDelete:
    """`scheduler delete`."""

    def test_it_needs_yes_where_nobody_can_be_asked(self, three):
        """Nothing is deleted without it."""
        done = three("delete", "quick")
        assert done.returncode == 2
        assert "Delete quick (number 1) with its 30 repeats?" in done.stderr
        assert "--yes" in done.stderr
        done = three("delete", "quick", "--yes")
        assert (done.returncode, done.stdout) == (0, "quick is deleted: 30 repeats, 30 of them with results.\n")
        assert json.loads(three("list", "--format", "json").stdout)["experiments"] == []

    @pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, 0), ("n", 1, 1), ("", 1, 1), ("\x03", 130, 1)])
    def test_it_asks_on_a_terminal(self, on_a_terminal, tmp_path, answer, code, left):
        """The default is no, and Ctrl-C ends it."""
        ended, question = on_a_terminal("delete", "quick", answer=answer)
        assert question == "Delete quick (number 1) with its 30 repeats? [y/N]: "
        assert ended == code
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            assert len(store.experiments.list()) == left

    def test_an_experiment_in_training_needs_force(self, three):
        """The message names the ways out."""
        with open_store("sqlite:///results.db") as store:
            running = submit(store, experiment("busy", ["a"], repeats=2)).experiment
            store.jobs.claim_next(owner="host:1:x", lease=600, workers=1)
        done = three("delete", "busy", "--yes")
        assert done.returncode == 1
        assert "--force" in done.stderr
        assert f"scheduler cancel {running.name}" in done.stderr
        assert three("delete", "busy", "--yes", "--force").returncode == 0


def test_a_read_only_store_is_listed_and_reported(three, monkeypatch):
    """Commands that write report that the store is read-only."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "quick" in three("list").stdout
    assert three("status", "quick").returncode == 0
    assert "units=2" in three("report", "quick").stdout
    assert three("compare", "quick").returncode == 0
    done = three("rename", "quick", "other")
    assert done.returncode == 1
    assert "It is read-only." in done.stderr
