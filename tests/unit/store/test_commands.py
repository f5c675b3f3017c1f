"""Commands that messages suggest: they are complete where this command was run."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.commands import command, command_line, given, options


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)


def test_the_usual_store_is_not_named() -> None:
    """The command is as short as it can be."""
    assert command("report", "tune", store="sqlite:///results.db") == "`scheduler report tune`"


def test_another_store_and_a_broker_are_named() -> None:
    """What a shell would split is quoted."""
    line = command_line("top-up", "my grid", store="sqlite:///my results.db", broker="redis://here/0")
    assert line == "scheduler top-up 'my grid' --store 'sqlite:///my results.db' --broker redis://here/0"


@pytest.mark.parametrize(
    ("there", "store"),
    [
        ("postgres://me:secret@host/db", "postgresql://me:***@host/db"),
        ("postgresql+psycopg://me@host/db?host=/run/x&password=secret", "postgresql://me@host/db?host=%2Frun%2Fx"),
        ("sqlite+pysqlite:///a.db", "sqlite:///a.db"),
    ],
)
def test_what_the_environment_names_is_not_repeated(there: str, store: str) -> None:
    """However it is spelled there."""
    assert options(store=store, env={"DATABASE_URL": there}) == []
    assert options(store="sqlite:///results.db", env={"DATABASE_URL": there}) == ["--store", "sqlite:///results.db"]


def test_no_password_is_shown() -> None:
    """A broker's has one more often than not."""
    env = {"BROKER_URL": "redis://:secret@host/0"}
    assert options(broker="redis://:secret@host/0", env=env) == []
    assert options(broker="redis://:secret@other/0", env=env) == ["--broker", "redis://:***@other/0"]


def test_options_of_a_command_line() -> None:
    """Both ways to write them."""
    assert given(["report", "x", "--store", "sqlite:///a.db"]) == {"store": "sqlite:///a.db"}
    assert given(["--store=sqlite:///a.db", "--broker=redis://b", "--store"]) == {
        "store": "sqlite:///a.db",
        "broker": "redis://b",
    }


def test_a_wrong_setting_hides_no_other_message() -> None:
    """A command is suggested whatever else the environment says."""
    assert options(store="sqlite:///a.db", env={"LEASE_SECONDS": "abc"}) == ["--store", "sqlite:///a.db"]


def test_a_file_by_its_whole_path_is_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A relative path begins in the folder that this command runs in."""
    monkeypatch.chdir(tmp_path)
    assert options(store=f"sqlite:///{tmp_path}/results.db", env={}) == []
    assert options(store="sqlite:///other.db", env={}) == ["--store", "sqlite:///other.db"]
