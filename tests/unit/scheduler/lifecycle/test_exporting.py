"""Finding the repeat that is exported, and what offers its model: one line where there is none."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from scheduler.lifecycle import exporting
from scheduler.lifecycle.exporting import GROUP, Trained, _others, export_median, export_repeats
from scheduler.lifecycle.over_splits.exporting import folders
from store import NotFound, UsageError, open_store
from store.results.results import Results
from tests.examples import SERIES, experiment, run_all, submit

PROJECT = Path(__file__).parents[4] / "pyproject.toml"


def test_a_repeat_without_a_result(tmp_path: Path) -> None:
    """The repeats that have one are named."""
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        one = submit(store, experiment("one", ["units=1"])).experiment
        with pytest.raises(NotFound, match=r"^units=1 of one has no result of a repeat 0$"):
            Trained.of(store, one, None).repeat(0)
        with pytest.raises(NotFound, match=r"^units=1 of one has no repeat that forecasts anything yet$"):
            next(export_repeats(Trained.of(store, one, None), None, tmp_path))
        with pytest.raises(NotFound, match=r"^units=1 of one has no repeat that forecasts anything yet$"):
            export_median(Trained.of(store, one, None), tmp_path)
    assert _others([1, 4]) == "; repeats to take: 1, 4"
    assert _others(list(range(9))) == "; repeats to take: 0, 1, 2, 3, 4, 5, ..."


def test_what_repeats_share_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The series, how its file was read, and the forecasts: with each repeat again, a panel would take hours."""
    given: list[tuple[Any, ...]] = []
    read: list[str] = []

    def export(_params: str, trained: Any, series: Any, *, stored: Any, file: Any, **_: Any) -> tuple[str, ...]:
        given.append((trained, series, file, stored["series"].tolist()))
        return ()

    def read_series(*_: Any) -> tuple[Any, dict[str, str]]:
        return SERIES, {"series": "units=1"}

    def file_of(*_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr(exporting, "_offered", lambda _name: export)
    monkeypatch.setattr(exporting, "read_series", counted(read_series, read))
    monkeypatch.setattr(exporting, "file_of", counted(file_of, read))
    monkeypatch.setattr(Results, "forecasts", counted(Results.forecasts, read))
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        one = submit(store, experiment("one", ["units=1"])).experiment
        run_all(store)
        made = list(export_repeats(Trained.of(store, one, None), None, tmp_path / "made"))
    assert [each.folder.name for each in made] == ["repeat-0", "repeat-1", "repeat-2"]
    assert sorted(read) == ["file_of", "forecasts", "read_series"]
    assert given[0][0] != given[1][0]
    assert given[0][1] is given[1][1]


def test_of_many_series_repeats_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a study, which for each of 1,000 series again took half a second."""
    read: list[str] = []
    monkeypatch.setattr(Results, "frame", counted(Results.frame, read))
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        one = submit(store, experiment("one", ["units=1", "units=2"])).experiment
        run_all(store)
        found = list(Trained.each(store, one, ["units=2", "units=1"]))
    assert [each.labels for each in found] == [("units=2",), ("units=1",)]
    assert [each.usable for each in found] == [[0, 1, 2], [0, 1, 2]]
    assert '"units=2"' in found[0].params
    assert read == ["frame"]


def counted(function: Callable[..., Any], calls: list[str]) -> Callable[..., Any]:
    """Note each call of a function."""

    def noted(*given: Any, **named: Any) -> Any:
        calls.append(function.__name__)
        return function(*given, **named)

    return noted


def test_what_is_offered_is_in_the_package() -> None:
    """The names of the entry points lead to functions that are there; no module is loaded that is not asked for."""
    points = tomllib.loads(PROJECT.read_text())["project"]["entry-points"][GROUP]
    assert set(points) == {"model", "export"}
    for target in points.values():
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_without_the_workers_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the project was updated and not installed again."""
    monkeypatch.setattr(exporting, "entry_points", lambda **_: ())
    with pytest.raises(UsageError, match="make setup"):
        exporting._offered("model")


def test_series_have_folders_that_file_systems_take() -> None:
    """Names that differ in nothing else, or in case alone, are numbered."""
    found = folders({"1": "Shop A/B", "2": "shop a b", "3": "Ö", "4": "..", "5": "shop-a-b-2"})
    assert list(found.values()) == ["Shop-A-B", "shop-a-b-2", "Ö", "series", "shop-a-b-2-2"]
