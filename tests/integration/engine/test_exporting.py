"""An exported repeat: a stock Keras model and a script that gives the stored forecasts from the user's file."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler.series.source import BUNDLED
from tests.integration.engine.reference import configured, shampoo
from worker.engine.exporting.keras_model import export, model
from worker.engine.exporting.script import NotExportable, script, why_not
from worker.engine.train import Lane, train

SHAMPOO = shampoo()
TWO_STEPS = {"lags": 2, "lags_as": "timesteps", "horizon": 2, "difference": [1, 12], "scale": "standard"}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, when it saves
@pytest.mark.parametrize(
    "parts",
    [
        {"model": {"units": 1}, "protocol": {"kind": "fixed", "warm_up": True}, "test": 4},
        {"model": {"kind": "stacked", "units": [2, 1], "stateful": False}, "prepare": TWO_STEPS, "test": 3},
    ],
    ids=["stateful", "two steps of a seasonal difference"],
)
def test_the_script_gives_the_stored_forecasts(
    parts: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the file that the series came from, with nothing of this project; and goes on past its end."""
    configuration = configured(SHAMPOO, training={"epochs": 2}, **parts)
    lane = Lane(job_id=1, configuration=configuration, seed=5)
    (result,) = train([lane], SHAMPOO, progress=lambda done, total: None)
    assert result.forecasts
    stored = result.forecasts.forecast
    export(configuration.canonical(), 5, SHAMPOO, None, stored=stored, title="Shampoo.", folder=tmp_path)
    script = tmp_path / "forecast.py"
    written = runpy.run_path(str(script))
    written["main"](str(BUNDLED / "shampoo.csv"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "time,step,target,forecast"
    assert np.abs(np.array([float(line.split(",")[3]) for line in lines[1:]]) - stored.ravel()).max() < 0.05
    written["main"](str(BUNDLED / "shampoo.csv"), "--next")
    following = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(",")[:3] for line in following] == [
        [f"3-12 +{step}", str(step), "Sales"] for step in range(1, stored.shape[1] + 1)
    ]
    modules = {
        name.name.partition(".")[0]
        for node in ast.walk(ast.parse(script.read_text()))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert modules == {"keras", "numpy", "os", "pandas", "sys"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Month,Sales\n1-01,2\n1-02,n.a.\n", "has 'n.a.' in the column 'Sales', row 2, where a number"),
        ("Month;Sales\n1-01;2,5\n1-02;\n1-03;3\n", "has nothing in the column 'Sales', row 2, where a number"),
        ("Month,Boxes\n1-01,2\n", "has no column 'Sales'; its columns are Month, Boxes. series.csv has all"),
        ("Day;Sales\n31/01/2022;2\n30/01/2022;2\n", "has the newest row first: sort it by Day"),
        ("Day,Sales\n1,2\n1,2,3\n", "is not read as a CSV file in UTF-8: Error tokenizing data."),
        ("", "is not read as a CSV file in UTF-8: No columns to parse from file."),
        (None, "is not read as a CSV file in UTF-8: No such file or directory."),
    ],
    ids=["word", "hole", "column", "newest first", "ragged", "empty", "no file"],
)
def test_a_file_that_the_script_cannot_use_is_refused(text: str | None, says: str, tmp_path: Path) -> None:
    """In one line, which names the first row that is wrong."""
    path = tmp_path / "new.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SystemExit) as stopped:
        _script(tmp_path)["read"](path)
    assert str(stopped.value).startswith(f"{path} {says}")
    assert "\n" not in str(stopped.value)


def test_the_last_rows_may_have_no_values_yet(tmp_path: Path) -> None:
    """As where the weather of tomorrow is known; decimal commas, and a comma in another name, are read."""
    path = tmp_path / "new.csv"
    path.write_text('"Month, day";Sales\n30/12/2022;2,5\n31/12/2022;3\n01/01/2023;\n')
    values, names = _script(tmp_path)["read"](path)
    np.testing.assert_array_equal(values["Sales"], [2.5, 3.0, np.nan])
    assert names == ["30/12/2022", "31/12/2022", "01/01/2023"]


def _script(folder: Path) -> dict[str, Any]:
    """Run the script of shampoo as a module."""
    path = folder / "forecast.py"
    path.write_text(script(configured(SHAMPOO), SHAMPOO, "Shampoo."))
    return runpy.run_path(str(path))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"protocol": {"kind": "refit"}}, "protocol refit has another model for each row"),
        ({"prepare": {"transform": "log"}}, "prepare.transform is not written out yet"),
        ({"prepare": {"strategy": "recursive", "horizon": 2}}, "prepare.strategy recursive is not written out yet"),
    ],
)
def test_what_is_not_written_out_is_refused(parts: dict[str, Any], says: str) -> None:
    """In one line, before anything is trained."""
    assert str(why_not(configured(SHAMPOO, **parts), SHAMPOO)).startswith(says)


def test_forecasts_that_would_differ_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the reason, an export never forecasts something else than the study."""
    from worker.engine.exporting import keras_model

    stored = np.ones((4, 1, 1))
    written = {"read": lambda path: ({}, []), "BEFORE": [], "TEST": (0, 4), "forecast": lambda *_: stored * 1.001}
    monkeypatch.setattr(runpy, "run_path", lambda path: written)
    with pytest.raises(NotExportable, match=r"differ from the stored ones by a share of 0\.001"):
        keras_model._check(tmp_path, stored)


def test_the_model_of_a_recursive_repeat_forecasts_one_step() -> None:
    """It is fed its own forecasts for the others, so that its weights are those of one step."""
    configuration = configured(SHAMPOO, prepare={"strategy": "recursive", "horizon": 3})
    shapes = {"kernel": (1, 4), "recurrent": (1, 4), "bias": (4,), "dense": (1, 1), "dense_bias": (1,)}
    weights = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    found = model(configuration.canonical(), 5, SHAMPOO, weights)
    assert found.output_shape[-1] == 1
    assert all((each == 1).all() for each in found.get_weights())
