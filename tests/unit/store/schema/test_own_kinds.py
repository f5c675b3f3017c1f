"""Kinds of installed packages: what is found, what cannot be used, and jobs that this installation cannot train."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any

import pytest

from store.errors import GridError
from store.schema import kinds, model, own_kinds
from store.schema.kind import Kind, described
from store.schema.model import Model
from tests.unit.store.schema.test_configuration import made


@described(layers="`Dense`", recurrent=False, fields=())
def layers(model: Any, shape: Any) -> list[Any]:
    """Make no layers."""
    return []


HERE = "tests.unit.store.schema.test_own_kinds"


def point(name: str, value: str = f"{HERE}:layers", package: str = "example") -> Any:
    """Return an entry point of a package of version 1.0."""
    made = EntryPoint(name=name, value=value, group=own_kinds.GROUP)
    vars(made)["dist"] = SimpleNamespace(name=package, version="1.0")
    return made


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a package be installed that has the kind `flat`."""
    monkeypatch.setattr(own_kinds, "PROBLEMS", {})
    found = own_kinds._found([point("flat")])
    for module in (own_kinds, model):
        monkeypatch.setattr(module, "OWN", found)
    monkeypatch.setitem(kinds.KINDS, "flat", found["flat"].kind)


def test_a_function_describes_its_kind(installed: None) -> None:
    assert own_kinds.OWN["flat"].kind == Kind(layers="`Dense`", recurrent=False, fields=())
    assert not Model(kind="flat").carries_state


def test_package_and_version_are_part_of_what_a_repeat_is(installed: None) -> None:
    mine = made(model={"kind": "flat"})
    assert mine.model.package == "example 1.0"
    other = made(model={"kind": "flat", "package": "example 2.0"})
    assert mine.key(1) != other.key(1)
    assert mine.program() != other.program()
    assert made(model={"kind": "vanilla"}).model.package == ""


@pytest.mark.parametrize(
    ("points", "name", "says"),
    [
        ([point("Flat!")], "Flat!", "example 1.0 has it, and a name has small letters"),
        ([point("flat", "no_such_module:layers")], "flat", "cannot be loaded: ModuleNotFoundError: No module named"),
        ([point("flat"), point("flat", package="other")], "flat", "example 1.0 and other 1.0 both have it: uninstall"),
    ],
)
def test_what_cannot_be_used_says_why(points: list[Any], name: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_kinds, "PROBLEMS", {})
    assert own_kinds._found(points) == {}
    assert says in own_kinds.PROBLEMS[name]


def test_jobs_of_a_kind_that_is_not_here_say_what_to_install(installed: None) -> None:
    here, newer = made(model={"kind": "flat"}), made(model={"kind": "flat", "package": "example 2.0"})
    other = made(model={"kind": "unheard", "package": "elsewhere 3"})
    assert own_kinds.missing_kind(here.canonical()) is None
    assert own_kinds.missing_kind(made().canonical()) is None
    reason = own_kinds.missing_kind(newer.canonical())
    assert reason
    assert "of the package example 2.0, and example 1.0 is installed here" in reason
    reason = own_kinds.missing_kind(other.canonical())
    assert reason
    assert reason.endswith("pip install elsewhere==3")


def test_a_grid_does_not_choose_the_package(installed: None) -> None:
    from scheduler.grid.grid import Grid

    with pytest.raises(GridError, match=r"model.package is not a field"):
        Grid.of({"series": "shampoo", "model": {"kind": "flat", "package": "example 2.0"}})
