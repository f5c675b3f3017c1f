"""One exported model of several series: a script that gives the stored forecasts from any form of the user's file."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from store.preparation.panels import Together
from tests.integration.engine.exporting.test_exporting import left_alone, saves
from tests.integration.panels.plain import LENGTHS, panel
from worker.engine.exporting.keras_model import export
from worker.engine.exporting.own_code import OwnCode
from worker.engine.exporting.panel import furthest, members, write_script
from worker.engine.exporting.script import NotExportable
from worker.engine.train import Lane, train

#: an even number of repeats that forecast sums of transformed changes, for which the script takes the median
FIELDS = {"prepare": {"lags": 2, "horizon": 2, "transform": "log1p"}, "training": {"epochs": 1, "batch_size": 8}}
TITLE = "Shops."


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], Path]:
    """Export the median of two repeats of a model that has no vector of its own for one of the shops."""
    folder = tmp_path_factory.mktemp("exported")
    file = folder / "shops.csv"
    parts = [pd.DataFrame({"shop": one, "day": range(1, n + 1), "sales": sales(n)}) for one, n in LENGTHS.items()]
    pd.concat(parts).to_csv(file, index=False)
    source = {"path": str(file), "value": "sales", "id": "shop"}
    cells, together = panel(source, **FIELDS, series_input="embedding", test_series=["west"])
    lanes = [Lane(job_id=0, configuration=cells[0], seed=seed, keeps_weights=True) for seed in (5, 6)]
    results = train(lanes, together, progress=lambda done, total: None)
    stored = np.median([one.forecasts.forecast for one in results if one.forecasts], axis=0)
    repeats = [(lane.seed, one.weights) for lane, one in zip(lanes, results, strict=True)]
    files = {name: {"ids": ["shop"], "keep": name} for name in LENGTHS}
    (made := folder / "made").mkdir()
    with pytest.warns(DeprecationWarning, match="__array__ implementation"):  # of Keras, when it saves
        export(cells[0].canonical(), repeats, together, stored={"west": stored}, title=TITLE, folder=made, file=files)
    assert isinstance(together, Together)
    return made, {"stored": stored}, file


def sales(size: int) -> Any:
    """Return the sales of a shop, of another size each."""
    return size * (10 + np.random.default_rng(size).random(size))


def lines(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """Return the table that was printed."""
    return [line.split(",") for line in capsys.readouterr().out.splitlines()]


@saves
def test_the_script_forecasts_all_series(
    exported: tuple[Path, dict[str, Any], Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The held-out one as stored; from the study's file, wide, and each from a file of its own, with nothing else."""
    folder, found, file = exported
    left_alone(monkeypatch)
    main = runpy.run_path(str(folder / "forecast.py"))["main"]
    main()
    table = lines(capsys)
    assert table[0] == ["series", "time", "step", "target", "forecast"]
    assert [row[0] for row in table[1:]] == [name for name in LENGTHS for _ in range(8)]
    west = [float(row[4]) for row in table[1:] if row[0] == "west"]
    assert np.abs(west / found["stored"].ravel() - 1).max() < 1e-4
    main(str(file))
    assert lines(capsys) == table
    main(str(file), "--next")
    following = lines(capsys)
    assert [row[:3] for row in following[1:3]] == [["north", "31", "1"], ["north", "32", "2"]]
    rows = pd.read_csv(file)
    own = []
    for name, part in rows.groupby("shop"):
        own.append(file.parent / f"{name}.csv")
        part.drop(columns="shop").to_csv(own[-1], index=False)
    main(*map(str, own), "--next")
    assert lines(capsys) == following


def test_files_that_do_not_say_whose_rows_they_have(
    exported: tuple[Path, dict[str, Any], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line; series that are not known, or not there, are noted."""
    folder, _, file = exported
    main = runpy.run_path(str(folder / "forecast.py"))["main"]
    (own := tmp_path / "new.csv").write_text("day,sales\n1,2\n")
    with pytest.raises(SystemExit, match=r"not say which series its rows are of \(north, south, west\): that needs"):
        main(str(own), "--next")
    own.write_text("shop,day,sales\nharbour,1,2\n")
    with pytest.raises(SystemExit, match="No rows of a series that the model knows, which are north, south, west"):
        main(str(own), "--next")
    own.write_text(file.read_text().replace("south", "harbour"))
    main(str(own), "--next")
    notes = capsys.readouterr().err
    assert "Note: 1 series that the model does not know are left out: harbour.\n" in notes
    assert "Note: 1 of 3 series are not there: south.\n" in notes
    with pytest.raises(SystemExit, match=r"shops\.csv has rows of north, and so has a file before it: name one"):
        main(str(own), str(file), "--next")
    for wrong in (["--next"], [str(own), "--last"]):
        with pytest.raises(SystemExit, match=r"Usage: python forecast\.py"):
            main(*wrong)


def test_rows_are_not_called_by_values_of_another_series(tmp_path: Path) -> None:
    """In a file that has the series as columns, and no times."""
    file = tmp_path / "wide.csv"
    pd.DataFrame({"north": sales(30), "south": sales(31)[:30]}).to_csv(file, index=False)
    cells, together = panel({"path": str(file), "value": ["north", "south"]}, **FIELDS)
    assert isinstance(together, Together)
    write_script(members(cells[0], together), TITLE, OwnCode(), tmp_path, files={}, repeats=0)
    script = runpy.run_path(str(tmp_path / "forecast.py"))
    tables = script["tables_of"]([file])
    for name in ("north", "south"):
        script["use"](name)
        values, names = script["values_of"](*tables[name])
        assert (list(values), names) == ([name], [str(row) for row in range(1, 31)])


def test_what_is_not_a_number_or_not_found_is_not_close() -> None:
    """Whichever series it is of; forecasts of 0 may be met."""
    script: dict[str, Any] = {
        "SERIES": ["north", "south"],
        "tables_of": lambda paths: {name: (name, None, ",") for name in ("north", "south")},
        "values_of": lambda name, rows, mark: ({"north": 0.0, "south": np.nan}[name], []),
        "use": str,
        "study_rows": tuple,
        "forecast": lambda value: np.array([value]),
    }
    stored = {name: np.zeros(1) for name in script["SERIES"]}
    assert np.isnan(furthest(script, Path(), stored))
    assert furthest(script, Path(), {"north": np.zeros(1)}) == 0.0
    script["tables_of"] = lambda paths: {}
    with pytest.raises(NotExportable, match="the script does not find the rows of north"):
        furthest(script, Path(), stored)
