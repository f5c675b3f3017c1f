"""An exported repeat: a stock Keras model and a script that gives the stored forecasts from the user's file."""

from __future__ import annotations

import ast
import runpy
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler.series.source import BUNDLED
from store.records import Series
from store.schema.configuration import Configuration
from tests.integration.engine.reference import configured, shampoo
from worker.engine.backend import keras
from worker.engine.exporting.keras_model import export, model
from worker.engine.exporting.own_code import own_code
from worker.engine.exporting.script import NotExportable
from worker.engine.train import Lane, train

saves = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, when it saves
SHAMPOO = shampoo()
TWO_STEPS = {"lags": 2, "lags_as": "timesteps", "horizon": 2, "difference": [1, 12], "scale": "standard"}
TIME = np.arange(40)
SALES = np.exp(4 + 0.02 * TIME + 0.2 * np.sin(TIME / 2))
PLAN = np.random.default_rng(0).normal(size=40) + 3
#: sales, a plan that is known ahead, and a column that is constant but in the test rows
SHOP = Series(
    name="shop",
    columns=("sales", "plan", "rent"),
    values=np.stack([SALES, PLAN, np.where(TIME < 34, 2.0, 3.0)], axis=1),
    content_hash="shop",
)
KNOWN = {"seen": {"plan": {"lags": 0, "known": True}}, "targets": ("sales", "rent"), "left_out": [(10, 12), (20, 21)]}
#: a state that is copied for later steps, reset where rows are left out, and carried over parts that fill no batch
FED = {"strategy": "recursive", "horizon": 3, "lags": 2, "transform": {"sales": "box_cox"}, "pad": True}
#: what the script may import: nothing of this project, nor of its dependencies
ALLOWED = {"csv", "keras", "numpy", "os", "pandas", "pathlib", "sys"}
BLOCKED = {"store", "scheduler", "worker", "scipy", "sklearn", "pydantic", "sqlalchemy", "celery", "click"}
BLOCKED |= {"jinja2", "yaml"}


class Blocker:
    """Finds none of the modules that are blocked, as where they are not installed."""

    def find_spec(self, name: str, *_: Any) -> None:
        """Refuse a module."""
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(name)


def left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave Python nothing but what a script may import, as where no more is installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] in BLOCKED]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Blocker(), *sys.meta_path])


Repeats = tuple[list[tuple[int, dict[str, Any] | None]], np.ndarray[Any, Any]]


@cache
def trained(configuration: str, count: int) -> Repeats:
    """Train repeats of shampoo or of the shop, and return their seeds and weights, and their forecasts."""
    chosen = Configuration.model_validate_json(configuration)
    series = SHOP if chosen.series.name == "shop" else SHAMPOO
    lanes = [Lane(job_id=seed, configuration=chosen, seed=seed, keeps_weights=True) for seed in range(5, 5 + count)]
    results = train(lanes, series, progress=lambda done, total: None)
    forecasts = [result.forecasts.forecast for result in results if result.forecasts]
    return [(lane.seed, result.weights) for lane, result in zip(lanes, results, strict=True)], np.stack(forecasts)


WHOLE = configured(
    SHAMPOO,
    training={"epochs": 2},
    model={"kind": "stacked", "units": [2, 1], "stateful": False, "recurrent_activation": "keras2_hard_sigmoid"},
    prepare=TWO_STEPS,
    test=3,
)
WARMED = configured(SHAMPOO, training={"epochs": 2}, model={"units": 1}, protocol={"warm_up": True}, test=4)


def written(configuration: Configuration, folder: Path, count: int = 1) -> np.ndarray[Any, Any]:
    """Export the median of some repeats, and return the forecasts that the script is to give."""
    repeats, forecasts = trained(configuration.canonical(), 3)
    stored = np.median(forecasts[:count], axis=0)
    export(configuration.canonical(), repeats[:count], SHAMPOO, stored={"": stored}, title="Shampoo.", folder=folder)
    return stored


@saves
@pytest.mark.parametrize(
    ("configuration", "count"),
    [(WARMED, 1), (WHOLE, 1), (WHOLE, 3)],
    ids=["stateful", "two steps of a seasonal difference", "their median"],
)
def test_the_script_gives_the_stored_forecasts(
    configuration: Configuration,
    count: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the file that the series came from, with nothing of this project; and goes on past its end."""
    stored = written(configuration, tmp_path, count)
    left_alone(monkeypatch)
    script = tmp_path / "forecast.py"
    made = runpy.run_path(str(script))
    made["main"](str(BUNDLED / "shampoo.csv"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "time,step,target,forecast"
    assert np.abs(np.array([float(line.split(",")[3]) for line in lines[1:]]) - stored.ravel()).max() < 0.05
    made["main"](str(BUNDLED / "shampoo.csv"), "--next")
    following = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(",")[:3] for line in following] == [
        [f"3-12 +{step}", str(step), "Sales"] for step in range(1, stored.shape[1] + 1)
    ]
    nodes = [*ast.walk(ast.parse(script.read_text()))]
    modules = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    modules |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)} - {"__future__"}
    assert modules <= ALLOWED


@saves
def test_every_way_to_prepare_is_written_out(tmp_path: Path) -> None:
    """Own forecasts as inputs, a transform, constant columns, what is known ahead, rows left out, a warm state."""
    configuration = configured(
        SHOP, columns=KNOWN, training={"epochs": 1}, model={"units": 2}, prepare=FED, protocol={"warm_up": True}, test=5
    )
    repeats, forecasts = trained(configuration.canonical(), 2)
    say = {"title": "Shop.", "folder": tmp_path}
    assert export(configuration.canonical(), repeats[:1], SHOP, stored={"": forecasts[0]}, **say) == ()
    (note,) = export(configuration.canonical(), repeats, SHOP, stored={"": np.median(forecasts, axis=0)}, **say)
    assert note.startswith("The repeats are fed their own forecasts: the model has all of them as layers, repeat_0")
    with pytest.raises(SystemExit, match=r"Usage: python forecast.py .* With --next, name the file"):
        runpy.run_path(str(tmp_path / "forecast.py"))["main"]("--next")


@saves
def test_the_last_model_of_a_walk_forecasts_the_last_row(tmp_path: Path) -> None:
    """A refit has another model for each row; the script says so, and how the study goes on."""
    configuration = configured(SHAMPOO, training={"epochs": 1}, protocol={"kind": "refit"}, test=2)
    repeats, forecasts = trained(configuration.canonical(), 1)
    export(configuration.canonical(), repeats, SHAMPOO, stored={"": forecasts[0]}, title="Last.", folder=tmp_path)
    text = (tmp_path / "forecast.py").read_text()
    assert "forecasts the last test row of series.csv again" in text
    assert "before each forecast a new model was fitted for 1 epochs" in text
    assert len(runpy.run_path(str(tmp_path / "forecast.py"))["study_rows"]()[0]) == 1


@saves
def test_what_plain_keras_lacks_is_registered(tmp_path: Path) -> None:
    """With its source, which the user is told."""
    repeats, forecasts = trained(WHOLE.canonical(), 3)
    notes = export(WHOLE.canonical(), repeats[:1], SHAMPOO, stored={"": forecasts[0]}, title="Older.", folder=tmp_path)
    assert notes == ("plain Keras has no keras2_hard_sigmoid: forecast.py has its source and registers it",)
    assert "`model.keras` loads once Keras knows keras2_hard_sigmoid" in (tmp_path / "forecast.py").read_text()


class Doubled(keras.layers.Layer):  # type: ignore[misc]
    """A layer that plain Keras does not have."""

    def call(self, values: Any) -> Any:
        """Double what is given."""
        return 2 * values


def test_own_layers_are_written_out_or_imported() -> None:
    """Their source without what registers them, or the line that imports them, which needs the package."""
    model = keras.Sequential([keras.layers.Input((2,)), Doubled(), keras.layers.Dense(1)])
    own, imported = own_code(model), own_code(model, imported=True)
    assert "\nclass Doubled(keras.layers.Layer):" in own.text
    assert own.text.endswith("CUSTOM = {'Doubled': Doubled}")
    assert f"\nfrom {__name__} import Doubled\n" in imported.text
    assert imported.needs == ", and tests"
    assert imported.notes[0].endswith("imports it from tests, which must be installed")
    assert own_code(keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="relu")])).text == ""


def test_forecasts_that_would_differ_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the reason, an export never forecasts something else than the study."""
    from worker.engine.exporting import keras_model

    stored = np.ones((4, 1, 1))
    made = {"read": lambda path: ({}, []), "study_rows": lambda: ((), ()), "forecast": lambda *_: stored * 1.001}
    monkeypatch.setattr(runpy, "run_path", lambda path: made)
    with pytest.raises(NotExportable, match=r"differ from the stored ones by a share of 0\.001"):
        keras_model._check(tmp_path, {"": stored})


def test_the_model_of_a_recursive_repeat_forecasts_one_step() -> None:
    """It is fed its own forecasts for the others, so that its weights are those of one step."""
    configuration = configured(SHAMPOO, prepare={"strategy": "recursive", "horizon": 3})
    shapes = {"kernel": (1, 4), "recurrent": (1, 4), "bias": (4,), "dense": (1, 1), "dense_bias": (1,)}
    weights = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    found = model(configuration.canonical(), [(5, weights)], SHAMPOO)
    assert found.output_shape[-1] == 1
    assert all((each == 1).all() for each in found.get_weights())
