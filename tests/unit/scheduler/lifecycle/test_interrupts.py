"""Ctrl-C that is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import weakref
from importlib import import_module

import pytest

from scheduler.lifecycle.interrupts import (
    Interrupted,
    answer_interrupt,
    interruptible,
    raise_if_interrupted,
    was_answered,
)


class Thing:
    """Something that a weak reference can be kept of."""


def press_where_it_is_lost():
    """Press Ctrl-C while Python runs a callback whose exceptions it prints and drops, as the import system's are."""
    thing = Thing()
    reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGINT))
    del thing
    assert reference() is None


@pytest.fixture(autouse=True)
def python_handler():
    """The handler that a process in the foreground begins with."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_it_is_raised_at_once():
    """As without us, and whoever catches `KeyboardInterrupt` catches it."""
    with interruptible(signal.SIGINT), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_one_that_is_lost_on_its_way_is_raised_where_one_asks():
    """The program went on in between; asked once, it ends."""
    with interruptible(signal.SIGINT):
        press_where_it_is_lost()
        with pytest.raises(Interrupted):
            raise_if_interrupted()


def test_it_is_over_with_the_work():
    """The next piece of work in the same process begins afresh, with the handlers that were there."""
    with interruptible(signal.SIGINT, signal.SIGTERM):
        press_where_it_is_lost()
    raise_if_interrupted()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_part_of_the_work_knows_of_what_was_pressed_before_it():
    """What got lost while modules were loaded ends the training that follows."""
    with interruptible(signal.SIGINT):
        press_where_it_is_lost()
        with interruptible(signal.SIGINT, signal.SIGTERM), pytest.raises(Interrupted):
            raise_if_interrupted()


def test_what_was_lost_in_a_part_is_for_the_whole():
    """The command ends as interrupted, though the training did not ask any more."""
    with interruptible(signal.SIGINT):
        with interruptible(signal.SIGINT, signal.SIGTERM):
            press_where_it_is_lost()
        with pytest.raises(Interrupted):
            raise_if_interrupted()
    raise_if_interrupted()


def test_one_that_is_answered_ends_nothing_else():
    """What was interrupted is left out, and the whole still knows at its end."""
    with interruptible(signal.SIGINT):
        with interruptible(signal.SIGINT, signal.SIGTERM):
            with pytest.raises(Interrupted):
                os.kill(os.getpid(), signal.SIGINT)
            answer_interrupt(KeyboardInterrupt())
        raise_if_interrupted()
        assert was_answered()
    assert not was_answered()


def test_a_signal_of_the_program_around_python_is_left_to_it(monkeypatch):
    """Python cannot put back a handler that it did not set."""
    monkeypatch.setattr(signal, "getsignal", lambda _: None)
    with interruptible(signal.SIGINT):
        pass
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_that_is_ignored_stays_so():
    """A command in the background of a script is deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interruptible(signal.SIGINT):
        os.kill(os.getpid(), signal.SIGINT)
    raise_if_interrupted()


def test_outside_the_main_thread_nothing_changes():
    """Python sets handlers in the main thread only; a study may be trained from another."""
    problems = []

    def work():
        try:
            with interruptible(signal.SIGINT):
                raise_if_interrupted()
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert problems == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


NESTED = """
import os, signal, sys
from scheduler.lifecycle import interrupts

signal.signal(signal.SIGINT, signal.default_int_handler)
for place in range(1, 4):
    lines = []

    def send(frame, event, _):
        if event == "line" and frame.f_code.co_name == "clear":
            lines.append(frame.f_lineno)
            if len(lines) == place:
                os.kill(os.getpid(), signal.SIGINT)
        return send

    with interrupts.interruptible(signal.SIGINT):
        sys.settrace(send)
        try:
            interrupts.answer_interrupt(KeyboardInterrupt())
        except KeyboardInterrupt:
            pass
        sys.settrace(None)
print("ended")
"""


def test_a_signal_while_another_one_is_noted_holds_up_nothing() -> None:
    """The handler waits for no lock that what it interrupts may hold."""
    done = subprocess.run([sys.executable, "-c", NESTED], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "ended\n", done.stderr


def test_one_that_leaves_a_module_half_imported_cannot_be_answered(tmp_path, monkeypatch):
    """Whatever goes on would meet it: scipy and numpy call themselves until Python gives up."""
    lines = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nsum(range(9))\n"
    (tmp_path / "half_imported.py").write_text(lines)
    monkeypatch.syspath_prepend(tmp_path)
    with interruptible(signal.SIGINT):
        with pytest.raises(Interrupted) as left:
            import_module("half_imported")
        with pytest.raises(Interrupted):
            answer_interrupt(left.value)
    assert not was_answered()
