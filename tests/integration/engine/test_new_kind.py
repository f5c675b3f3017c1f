"""The recipes of the docs: a new kind of model, a new field of a grid, and a package with a kind of its own."""

from __future__ import annotations

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

#: trains the grid of the page, and the first configuration by Keras
TRAIN = """
import sys
from pathlib import Path
from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from store.schema.configuration import Configuration
from tests.integration.engine.reference import KerasRepeat, differences
from worker.engine import models
from worker.engine.train import Lane, train

assert str(Path(models.__file__).parents[2]) == str(Path.cwd()), models.__file__
grid = Grid.load(Path("grid.yaml"), overrides=sys.argv[1:])
(series,) = grid.series_data()
for stored in expand(grid).configurations:
    configuration = Configuration.model_validate_json(stored.params)
    lanes = [Lane(job_id=job.repeat, configuration=configuration, seed=job.seed) for job in stored.jobs]
    results = train(lanes, series, progress=lambda done, total: None)
    reference = KerasRepeat(configuration, series, lanes[1].seed).run(50)
    print(stored.label, max(differences(reference, results[1]).values()))
"""


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
    *_, grid = blocks("models.md", "yaml")
    (folder / "grid.yaml").write_text(grid)
    (patch,) = blocks("architecture.md", "diff")
    for path, before, after in hunks(patch):
        text = (folder / path).read_text()
        assert text.count(before) == 1, f"{path}: the patch of docs/architecture.md does not apply"
        (folder / path).write_text(text.replace(before, after))
    yield folder
    shutil.rmtree(folder)


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


def test_a_kind_of_two_places_trains_as_keras_does(copy: Path) -> None:
    """The grid of `docs/models.md`, with a row in the table and a function of layers."""
    lines = in_copy(copy, "-c", TRAIN).splitlines()
    assert [line.split()[0] for line in lines] == ["units=1", "units=[2,"]
    assert max(float(line.split()[-1]) for line in lines) <= 1e-4


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


def test_a_field_of_three_files(copy: Path) -> None:
    """The patch of `docs/architecture.md`: the grid takes the field, also by `--set`, and Keras trains with it."""
    assert "| `model.go_backwards` | `false` |" in in_copy(copy, "-m", "scheduler.grid.reference")
    lines = in_copy(copy, "-c", TRAIN, "model.go_backwards=true", "grid.model.units=[2]", "prepare.lags=2").splitlines()
    assert max(float(line.split()[-1]) for line in lines) <= 1e-4


def test_a_kind_of_an_installed_package(copy: Path, tmp_path: Path) -> None:
    """The package of `docs/models.md`, installed: it is planned without TensorFlow, and trains as Keras does."""
    (project,), (module, *_), (_, grid, _) = (blocks("models.md", language) for language in ("toml", "python", "yaml"))
    package = tmp_path / "package"
    package.mkdir()
    (package / "pyproject.toml").write_text(project)
    (package / "wide_read_out.py").write_text(module)
    install = ("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", "site", ".")
    in_copy(package, *install)
    (copy / "grid.yaml").write_text(grid)
    where = {"PYTHONPATH": str(package / "site")}
    check = "import sys\nfrom pathlib import Path\nfrom scheduler.grid.grid import Grid\n"
    check += "(point,) = Grid.load(Path('grid.yaml')).points\n"
    check += "print(point.configuration.model.package, 'tensorflow' in sys.modules)"
    assert in_copy(copy, "-c", check, **where) == "wide-read-out 1.0 False\n"
    (line,) = in_copy(copy, "-c", TRAIN, **where).splitlines()
    assert float(line.split()[-1]) <= 1e-4
