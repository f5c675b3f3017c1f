"""`--set`: fields of a grid set on the command line."""

from __future__ import annotations

import json

import pytest

from store import open_store
from tests.acceptance.command import QUICK, write


def test_fields_are_set_for_plan_and_run(standin, tmp_path):
    """Also several, and below others; what the store keeps of the grid gives the same experiment again."""
    path = write(tmp_path)
    fields = ("--set", "repeats=5", "--set", "training.epochs=7", "--set", "grid.model.units=[2, 3, 4]")
    plan = json.loads(standin("plan", path, *fields, "--format", "json").stdout)["plans"][0]
    assert (plan["jobs"], plan["configurations"]) == (15, ["units=2", "units=3", "units=4"])
    done = standin("run", path, *fields, "--workers", "1")
    assert done.returncode == 0, done.stderr
    with open_store("sqlite:///results.db") as store:
        experiment = store.experiments.get("quick")
        assert experiment.repeats == 5
        parameters = json.loads(store.experiments.parameters(experiment.id)["units=2"])
        assert parameters["training"]["epochs"] == 7
    kept = tmp_path / "kept" / "quick.yaml"
    kept.parent.mkdir()
    kept.write_text(experiment.grid_text)
    assert "15 repeats, 0 new, 15 reused" in standin("run", kept).stderr


@pytest.mark.parametrize("command", ["run", "plan", "submit"])
@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("repeats", "--set repeats: a field and its value are needed, such as --set repeats=5"),
        ("repeats=0", "repeats is 0"),
        ("repeat=5", "repeats"),
        ("training.epochs=[", "--set training.epochs"),
    ],
)
def test_a_wrong_field_is_named_once(standin, tmp_path, command, field, said):
    """Though two files are read, and each line has the name of the program."""
    paths = [write(tmp_path), write(tmp_path, QUICK.replace("name: quick", "name: other"), "other.yaml")]
    done = standin(command, *paths, "--set", field)
    assert done.returncode == 2
    assert said in done.stderr
    assert all(line.startswith("scheduler: ") for line in done.stderr.splitlines())
