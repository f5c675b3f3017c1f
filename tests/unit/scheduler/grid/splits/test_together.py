"""Series that are trained together: their jobs, which series are judged, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from scheduler.grid.splits.series_input import width_for
from store.delivery.packs import packs
from store.errors import GridError
from store.preparation.panels import read_members
from store.records import NewExperiment, Waiting
from store.schema.configuration import Configuration
from store.schema.parameters import parameters
from tests.unit.scheduler.grid.splits.test_cells import panel

LENGTHS = {"a": 40, "b": 36, "c": 33, "d": 28}


def packed(experiment: NewExperiment) -> list[set[tuple[str, int]]]:
    """Return which series and repeats each pack has."""
    jobs = [(one, job) for one in experiment.configurations for job in one.jobs]
    names = [Configuration.model_validate_json(one.params).series.name for one, _ in jobs]
    waiting = [
        Waiting(id=place, program=job.program, queue="", pack_limit=job.max_pack) for place, (_, job) in enumerate(jobs)
    ]
    return [{(names[place], jobs[place][1].repeat) for place in pack.jobs} for pack in packs(waiting)]


def test_a_pack_has_all_results_of_its_trainings(tmp_path: Path) -> None:
    """Of up to 16 repeats, or as many as `pack` says."""
    grid = panel(tmp_path, LENGTHS, panel="together", repeats=18)
    assert grid.jobs == 4 * 18
    assert packed(expand(grid)) == [
        {(name, repeat) for name in LENGTHS for repeat in repeats} for repeats in (range(16), range(16, 18))
    ]
    assert len(packed(expand(panel(tmp_path, LENGTHS, panel="together", repeats=18, pack=3)))) == 6


def test_keys_follow_from_all_series_and_not_from_their_names(tmp_path: Path) -> None:
    """Other keys than those of series apart, of other series beside, and of rows that say which series they are of."""
    found: set[str] = set()
    for number, fields in enumerate(({"panel": "apart"}, {}, {"series_input": "one_hot"}, {"test_series": ["b"]})):
        one = expand(panel(tmp_path, LENGTHS, **{"panel": "together", "score": "mase", **fields}))
        found |= {configuration.jobs[0].key for configuration in one.configurations}
        assert len(found) == (4, 8, 12, 13)[number]
    fewer = {name: LENGTHS[name] for name in ("a", "b", "c")}
    found |= {one.jobs[0].key for one in expand(panel(tmp_path, fewer, panel="together")).configurations}
    assert len(found) == 16
    same = panel(tmp_path, {"z" if name == "a" else name: size for name, size in LENGTHS.items()}, panel="together")
    assert expand(same).configurations[0].jobs[0].key in found


def test_apart_and_together_are_an_axis(tmp_path: Path) -> None:
    """They forecast the same splits, and the view of parameters names them."""
    grid = panel(tmp_path, LENGTHS, grid={"panel": ["apart", "together"]})
    assert [point.label for point in grid.points] == ["panel=apart", "panel=together"]
    one, other = (expand(grid).configurations[place].params for place in (0, 4))
    assert "panel" not in parameters(one)
    assert {name: parameters(other)[name] for name in ("panel", "series_input")} == {
        "panel": "together",
        "series_input": "none",
    }


@pytest.mark.parametrize(("asked", "judged"), [(["d", "b", "d"], ["b", "d"]), (0.5, None), (0.01, None)])
def test_series_that_are_not_trained_on_are_judged_alone(
    tmp_path: Path, asked: list[str] | float, judged: list[str] | None
) -> None:
    """By their names, or a share that the seed draws, of which a note says the names; at least one."""
    grid = panel(tmp_path, LENGTHS, panel="together", test_series=asked)
    found = [cell.configuration.series.name for cell in grid.cells()]
    assert found == (judged or found)
    members = read_members(next(iter(grid.panels.values())))
    assert [one.series.name for one in members] == list(LENGTHS)
    assert [one.series.name for one in members if one.forecast] == found
    assert not any(one.trained for one in members if one.forecast)
    panels = [cell.configuration.panel for cell in grid.cells()]
    assert {one.trained for one in panels if one} == {sum(one.trained for one in members)}
    if judged is None:
        assert len(found) == (2 if asked == 0.5 else 1)
        names = " and ".join(found)
        assert f"test_series {asked:g} of 4 series: {names}, drawn by the seed" in grid.notes


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"panel": "both"}, "panel is both; allowed: apart or together"),
        ({"panel": "togehter"}, "did you mean together?"),
        ({"series_input": "embeding"}, "series_input is embeding; allowed: none, one_hot or embedding"),
        (
            {"series_input": "embedding", "series_embedding": 0},
            "series_embedding is 0; allowed: a whole number from 1",
        ),
        (
            {"series_input": "one_hot", "series_embedding": 4},
            "series_embedding is 4, and series_input is one_hot, which learns no vectors; write series_input: "
            "embedding, or remove series_embedding",
        ),
        (
            {"panel": "apart", "series_embedding": 4},
            "series_embedding is 4, and panel is apart: a model of its own sees one series; write panel: together, or "
            "remove series_embedding",
        ),
        (
            {"panel": "apart", "series_input": "one_hot"},
            "series_input is one_hot, and panel is apart: a model of its own sees one series; write panel: together, "
            "or remove series_input",
        ),
        (
            {"panel": "apart", "test_series": ["a"]},
            "test_series names series that no model is trained on, and panel is apart; write panel: together, or "
            "remove test_series",
        ),
        (
            {"test_series": ["e"]},
            "test_series has e, which is not a series of the grid; these are a, b, c and 1 more",
        ),
        (
            {"test_series": ["a", "b", "c", "d"]},
            "test_series has all 4 series, and leaves none to train on; name fewer",
        ),
        ({"test_series": "a"}, "test_series is a; allowed: a list of names of series, or a share between 0 and 1"),
        ({"test_series": 1.0}, "test_series is 1.0; allowed: a list of names of series, or a share between 0 and 1"),
        (
            {"protocol": {"kind": "update"}},
            "protocol.kind is update, and panel is together, which is trained once; write protocol.kind: fixed, or "
            "panel: apart",
        ),
        (
            {"model": {"stateful": True}},
            "model.stateful is true, and panel is together: a state runs on through the rows of one series, and "
            "batches hold those of several; write model.stateful: false, or panel: apart",
        ),
        (
            {"prepare": {"horizon": 2, "strategy": "recursive"}},
            "prepare.strategy is recursive, and panel is together, whose series have scales of their own; write "
            "prepare.strategy: direct, or panel: apart",
        ),
        ({"grid": {"test_series": [["a"], ["b"]]}}, "test_series applies to the whole grid and cannot be an axis"),
    ],
)
def test_what_is_refused(tmp_path: Path, fields: dict[str, object], says: str) -> None:
    """Each is one line with what to write instead."""
    with pytest.raises(GridError) as raised:
        panel(tmp_path, LENGTHS, **{"panel": "together", **fields})
    (mistake,) = raised.value.mistakes
    assert says in mistake


@pytest.mark.parametrize(("series_input", "results"), [("none", 2), ("one_hot", 3), ("embedding", 3)])
def test_series_with_the_same_values_are_told_apart_by_their_inputs(
    tmp_path: Path, series_input: str, results: int
) -> None:
    """Without such inputs they have the same result; with them each its own, of the same program."""
    alike = {"a": 40, "b": 36, "c": 40}
    grid = panel(tmp_path, alike, panel="together", series_input=series_input, windows={"count": 2})
    jobs = [one.jobs[0] for one in expand(grid).configurations]
    assert len({job.key for job in jobs}) == 2 * results
    assert len({job.program for job in jobs}) == 2


def test_a_vector_of_a_series_is_as_wide_as_its_number_asks_for_or_the_grid_says(tmp_path: Path) -> None:
    """The default and the same number by hand are one configuration; the view of parameters has the width."""
    axes = {("series_input", "series_embedding"): [["none", None], ["embedding", None], ["embedding", 3]]}
    grid = panel(tmp_path, LENGTHS, panel="together", grid=axes)
    assert [width_for(series) for series in (1, 2, 16, 17, 1000, 3000)] == [1, 2, 2, 3, 6, 8]
    found = [parameters(point.configuration.canonical()) for point in grid.points]
    assert [one.get("series_embedding") for one in found] == [None, 2, 3]
    two = panel(tmp_path, LENGTHS, panel="together", series_input="embedding", series_embedding=2)
    assert two.points[0].configuration.key(1) == grid.points[1].configuration.key(1)


def test_one_series_is_no_panel() -> None:
    """It says how several are named."""
    with pytest.raises(GridError) as raised:
        Grid.of({"series": "shampoo", "panel": "together", "model": {"stateful": False}})
    (mistake,) = raised.value.mistakes
    assert mistake == (
        "panel is together, and shampoo is one series; write panel: apart, or name several series (series.id, a list "
        "as series.value, or a list of files)"
    )


def test_series_with_the_same_values_are_several(tmp_path: Path) -> None:
    """They are trained on as often as they are there, and only those that are named are left out."""
    lengths = {"a": 40, "b": 40, "c": 40}
    grid = panel(tmp_path, lengths, panel="together", test_series=["b"])
    assert [cell.configuration.series.name for cell in grid.cells()] == ["b"]
    assert [one.trained for one in read_members(next(iter(grid.panels.values())))] == [True, False, True]


def test_columns_of_one_file_are_series(tmp_path: Path) -> None:
    """They are told apart by their columns, and one with other inputs is refused."""
    (tmp_path / "wide.csv").write_text("north,south\n" + "\n".join(f"{10 + row},{20 + row % 7}" for row in range(30)))
    fields = {"test": 4, "panel": "together", "model": {"stateful": False}, "test_series": ["south"]}
    source = {"path": str(tmp_path / "wide.csv"), "value": ["north", "south"]}
    grid = Grid.of(fields | {"series": source})
    assert [cell.configuration.series.targets for cell in grid.cells()] == [("south",)]
    wider = {"path": source["path"], "targets": ["north"], "inputs": ["north", "south"]}
    with pytest.raises(GridError, match="name columns that all series have, or write panel: apart"):
        Grid.of(fields | {"series": ["shampoo", wider], "test_series": ["shampoo"]})
