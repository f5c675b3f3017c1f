"""The recipes of the docs: a new kind of model, a new field of a grid, and a package with a kind of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.schema.kinds import KINDS
from worker.engine import models

ROOT = Path(__file__).parents[3]

#: trains grids, each given as its file and what is set in it, and each configuration by Keras
TRAIN = """
import json
import sys
from pathlib import Path
from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from store.schema.configuration import Configuration
from tests.integration.engine.reference import KerasRepeat, differences
from worker.engine import models
from worker.engine.train import Lane, train

assert str(Path(models.__file__).parents[2]) == str(Path.cwd()), models.__file__
for file, *overrides in json.loads(sys.argv[1]):
    grid = Grid.load(Path(file), overrides=overrides)
    (series,) = grid.series_data()
    for stored in expand(grid).configurations:
        configuration = Configuration.model_validate_json(stored.params)
        lanes = [Lane(job_id=job.repeat, configuration=configuration, seed=job.seed) for job in stored.jobs]
        results = train(lanes, series, progress=lambda done, total: None)
        reference = KerasRepeat(configuration, series, lanes[1].seed).run(50)
        print(stored.label, max(differences(reference, results[1]).values()))
"""
#: the grids, in the order of the lines that `trained` returns: a kind of two places, a field of three files, a package
GRIDS = [
    ["grid.yaml"],
    ["grid.yaml", "model.go_backwards=true", "grid.model.units=[2]", "prepare.lags=2"],
    ["packaged.yaml"],
]


def blocks(page: str, language: str) -> list[str]:
    """Return the code blocks of a page that are in one language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)


def in_copy(copy: Path, *command: str, **environment: str) -> str:
    """Run Python in the copy of the project and return what it prints."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Copy what is needed to load and train a grid, and follow both recipes in it."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("store", "scheduler", "worker", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    _, row, layers = blocks("models.md", "python")
    table = folder / "store/schema/kinds.py"
    start, end = table.read_text().split("\n}\n", 1)
    table.write_text(f"{start}\n{row}}}\n{end}")
    with (folder / "worker/engine/models.py").open("a") as file:
        file.write(f"\n\n{layers}")
    _, packaged, grid = blocks("models.md", "yaml")
    (folder / "grid.yaml").write_text(grid)
    (folder / "packaged.yaml").write_text(packaged)
    (patch,) = blocks("architecture.md", "diff")
    for path, before, after in hunks(patch):
        text = (folder / path).read_text()
        assert text.count(before) == 1, f"{path}: the patch of docs/architecture.md does not apply"
        (folder / path).write_text(text.replace(before, after))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def site(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package of the page into a folder of its own."""
    (project,), (module, *_) = (blocks("models.md", language) for language in ("toml", "python"))
    package = tmp_path_factory.mktemp("package")
    (package / "pyproject.toml").write_text(project)
    (package / "wide_read_out.py").write_text(module)
    install = ("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", "site", ".")
    in_copy(package, *install)
    return package / "site"


@pytest.fixture(scope="module")
def trained(copy: Path, site: Path) -> list[tuple[str, float]]:
    """Train all grids in one process; return the name of each configuration, and how far it is from Keras."""
    lines = in_copy(copy, "-c", TRAIN, json.dumps(GRIDS), PYTHONPATH=str(site)).splitlines()
    return [(line.split()[0], float(line.split()[-1])) for line in lines]


def hunks(patch: str) -> Iterator[tuple[str, str, str]]:
    """Read a unified diff: each file, and its lines before and after."""
    for part in patch.split("--- a/")[1:]:
        path, _, _, *lines = part.splitlines()
        before = "\n".join(line[1:] for line in lines if line[0] in " -")
        after = "\n".join(line[1:] for line in lines if line[0] in " +")
        yield path, f"{before}\n", f"{after}\n"


def test_every_kind_has_its_layers() -> None:
    """What the scheduler allows is what the worker builds."""
    assert set(KINDS) == set(models.KINDS)


def test_the_encoder_of_the_page_is_a_grid_without_warnings() -> None:
    """The first grid of `docs/models.md`."""
    grid = Grid.parse(blocks("models.md", "yaml")[0])
    assert (len(grid), grid.warnings) == (1, ())


def test_a_kind_of_two_places_trains_as_keras_does(trained: list[tuple[str, float]]) -> None:
    """The grid of `docs/models.md`, with a row in the table and a function of layers."""
    assert [label for label, _ in trained[:2]] == ["units=1", "units=[2,"]
    assert max(far for _, far in trained[:2]) <= 1e-4


def test_all_else_of_a_kind_follows_from_its_row(copy: Path) -> None:
    """Messages, limits and the page of the grid file know it, without TensorFlow."""
    page = in_copy(copy, "-m", "scheduler.grid.reference")
    assert "| `read_out` | `LSTM` for each number of `units`, then `Dense` with `tanh`; `Dense` |" in page
    assert "encoder_decoder, cnn, mlp or read_out |" in page
    check = "from scheduler import load_grid\nfrom store.errors import GridError\n"
    check += "for model in ({'kind': 'mlp_head'}, {'kind': 'read_out', 'units': [1] * 4}, {'kind': 'read_outs'}):\n"
    check += "    try:\n        load_grid({'series': 'shampoo', 'model': model})\n"
    check += "    except GridError as problem:\n        print(problem)\n"
    alias, layers, misspelt = in_copy(copy, "-c", check).splitlines()
    assert alias.endswith("did you mean read_out?")
    assert layers.startswith("model.units has 4 layers, and read_out has at most 3; allowed: 1 to 3 numbers, or")
    assert misspelt.endswith("did you mean read_out?")


def test_a_field_of_three_files(copy: Path, trained: list[tuple[str, float]]) -> None:
    """The patch of `docs/architecture.md`: the grid takes the field, also by `--set`, and Keras trains with it."""
    assert "| `model.go_backwards` | `false` |" in in_copy(copy, "-m", "scheduler.grid.reference")
    assert trained[2][1] <= 1e-4


def test_a_kind_of_an_installed_package(copy: Path, site: Path, trained: list[tuple[str, float]]) -> None:
    """The package of `docs/models.md`, installed: it is planned without TensorFlow, and trains as Keras does."""
    check = "import sys\nfrom pathlib import Path\nfrom scheduler.grid.grid import Grid\n"
    check += "(point,) = Grid.load(Path('packaged.yaml')).points\n"
    check += "print(point.configuration.model.package, 'tensorflow' in sys.modules)"
    assert in_copy(copy, "-c", check, PYTHONPATH=str(site)) == "wide-read-out 1.0 False\n"
    assert len(trained) == 4
    assert trained[3][1] <= 1e-4
