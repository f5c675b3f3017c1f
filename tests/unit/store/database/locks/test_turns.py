"""One process does the work at a time, and one that dies or fails gives it back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest

from store import open_store
from store.database.locks import turns


def test_one_at_a_time(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Others are told that it is not their turn; other work is theirs; nothing stays behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_store(sqlite_url, create=True) as store, open_store(sqlite_url) as other:
        with store.database.turn("work") as mine, other.database.turn("work") as theirs:
            assert (mine, theirs) == (True, False)
            with other.database.turn("more") as free:
                assert free
        with pytest.raises(ValueError, match="broken"), store.database.turn("work"):
            raise ValueError("broken")
        with other.database.turn("work") as theirs:
            assert theirs
    assert not [*tmp_path.glob("repeats-*")]


def test_everybody_works_where_nothing_can_be_locked(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a folder for temporary files, or without locks, nobody waits."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with open_store(sqlite_url, create=True) as store, store.database.turn("work"), store.database.turn("work") as two:
        assert two
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(turns, "fcntl", None)
    with open_store(sqlite_url) as store, store.database.turn("work"), store.database.turn("work") as two:
        assert two
    monkeypatch.setattr(turns.tempfile, "gettempdir", Mock(side_effect=FileNotFoundError))
    with open_store(sqlite_url) as store, store.database.turn("work") as mine:
        assert mine
