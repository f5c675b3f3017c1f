"""The notebook in docs/: its cells run, with the real engine, and the outputs that it shows are its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.acceptance.command import ROOT

NOTEBOOK = ROOT / "docs" / "study.ipynb"
#: the cells, with one local worker, so that TensorFlow is loaded once a study and not by each core
RUN = "import os, runpy; os.sched_getaffinity = lambda _: {0}; runpy.run_module('tests.notebook', run_name='__main__')"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebook as it was just run, in a folder of its own."""
    folder = tmp_path_factory.mktemp("notebook")
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
    done = subprocess.run(
        [sys.executable, "-c", RUN, NOTEBOOK, "executed.ipynb"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "executed.ipynb").read_text())


def shown(notebook):
    """Return what each code cell shows, by kind."""
    return [
        sorted(output["data"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
    ]


def test_every_cell_runs(executed):
    """And shows what the notebook that is committed shows: frames, a picture, the answer."""
    committed = json.loads(NOTEBOOK.read_text())
    assert shown(executed) == shown(committed)
    assert any("image/png" in kinds for kinds in shown(committed))


def test_the_tables_are_those_that_are_committed(executed):
    """The same configurations and repeats, whatever the last digits are on this machine."""
    committed = json.loads(NOTEBOOK.read_text())
    for now, before in zip(executed["cells"], committed["cells"], strict=True):
        if now["cell_type"] == "code" and now["outputs"]:
            lines = [len(cell["outputs"][0]["data"]["text/plain"]) for cell in (now, before)]
            assert lines[0] == lines[1], "".join(now["source"])
