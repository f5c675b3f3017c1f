"""File systems whose locks fail, hang, or lock nothing; SQLite would wait a minute for them, or lose data."""

import errno
import fcntl
import os
import threading

import pytest

from store import StoreUnreachable, open_store
from store.database.locks import file_locks
from store.database.locks.file_locks import check_locks
from tests.messages import one_line


def test_locks_that_work(tmp_path):
    """Nothing is said, and nothing is left in the folder."""
    check_locks(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_locks_that_fail(tmp_path, monkeypatch):
    """SQLite would take the error for another process, and wait; opening a store says at once what to do."""

    def fail(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "lockf", fail)
    with pytest.raises(
        StoreUnreachable, match=r"do not work \(No locks available\).* Keep the store on a disk of"
    ) as e:
        open_store(f"sqlite:///{tmp_path}/results.db", create=True)
    one_line(e)
    assert not (tmp_path / "results.db").exists()


def test_locks_that_lock_nothing(tmp_path, monkeypatch):
    """Two holders of one lock are noticed."""
    monkeypatch.setattr(fcntl, "fcntl", lambda *_: 0)
    with pytest.raises(StoreUnreachable, match="two processes may hold the same lock"):
        check_locks(tmp_path)


def test_locks_that_hang(tmp_path, monkeypatch):
    """They are not waited for."""
    release, before = threading.Event(), threading.enumerate()
    monkeypatch.setattr(file_locks, "PATIENCE", 0.05)
    monkeypatch.setattr(fcntl, "lockf", lambda *_: release.wait(10))
    with pytest.raises(StoreUnreachable, match=r"a lock was not granted within 0\.05 seconds"):
        check_locks(tmp_path)
    release.set()
    for thread in set(threading.enumerate()) - {*before}:
        thread.join()  # else it would go on while another test has changed the module


def test_other_systems(tmp_path, monkeypatch):
    """Where Python has no such locks, nothing is tried."""
    monkeypatch.setattr(file_locks, "fcntl", None)
    check_locks(tmp_path)
