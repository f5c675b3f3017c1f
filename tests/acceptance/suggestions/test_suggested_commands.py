"""Every command that the program suggests works as it is printed, also where the store is not the usual one."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from store import NUMERICS, ExperimentState, JobState, open_store
from store.database.tables import experiments, forecast_arrays, jobs, scores, step_score_rows, trajectories
from tests.acceptance.command import write
from tests.acceptance.conftest import THREE

Run = Callable[..., "subprocess.CompletedProcess[str]"]
#: not in the environment, and with a blank in its name
STORE = "sqlite:///else where.db"
#: what stands in a command for something that the program does not know
PLACEHOLDERS = {"GRID": "quick.yaml", "EXPERIMENT": "quick"}
_COMMAND = re.compile(r"`(scheduler [^`]+)`|^  (scheduler .+)$", re.MULTILINE)


def suggested(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the commands that were printed, each once."""
    found = [quoted or listed for quoted, listed in _COMMAND.findall(done.stdout + done.stderr)]
    return list(dict.fromkeys(found))


def follow(run: Run, done: subprocess.CompletedProcess[str], names: list[str], code: int = 0) -> None:
    """Run what was suggested, in its order; each command ends with a code, and uses no other store."""
    lines = suggested(done)
    assert [line.split()[1] for line in lines] == names
    for line in lines:
        words = [PLACEHOLDERS.get(word, word) for word in shlex.split(line)[1:]]
        assert words[words.index("--store") + 1] == STORE
        again = run(*words, *(["--until", "next-look"] if words[0] == "top-up" else []))
        assert again.returncode == code, again.stderr
        assert not Path("results.db").exists()


@pytest.fixture
def elsewhere(three: Run) -> Run:
    """`three`, with its store at another place."""
    Path("results.db").rename("else where.db")
    write(Path(), THREE)
    return three


def test_after_a_run(elsewhere: Run) -> None:
    """The next commands, of which `top-up` is one while more repeats may decide a pair."""
    done = elsewhere("run", "quick.yaml", "--store", STORE)
    follow(elsewhere, done, ["compare", "top-up", "report", "report", "forecast"])


def test_after_failures(elsewhere: Run) -> None:
    """What failed is tried again; the report names where the pairs are."""
    with open_store(STORE) as store, store.database.write() as connection:
        chosen = select(jobs.c.id).where(jobs.c.repeat == 0)
        for table in (scores, trajectories, forecast_arrays, step_score_rows):
            connection.execute(delete(table).where(table.c.job_id.in_(chosen)))
        connection.execute(update(jobs).where(jobs.c.repeat == 0).values(state=JobState.FAILED))
        connection.execute(update(experiments).values(state=ExperimentState.DONE))
    follow(elsewhere, elsewhere("status", "quick", "--store", STORE), ["retry"])
    follow(elsewhere, elsewhere("report", "quick", "--store", STORE), ["compare"])


def test_names_that_are_not_there(standin: Run, elsewhere: Run) -> None:
    """The list is that of the same store; where there is none, the grid makes it."""
    follow(elsewhere, elsewhere("report", "quik", "--store", STORE), ["list"])
    Path("else where.db").unlink()
    follow(elsewhere, elsewhere("report", "quick", "--store", STORE), ["run"])


def test_another_version_with_overrides(elsewhere: Run) -> None:
    """The grid is trained again as it was, with what `--set` changed."""
    sets = ("--set", "name=other", "--set", "training.epochs=4")
    assert elsewhere("run", "quick.yaml", *sets, "--store", STORE, "--workers", "1").returncode == 0
    with open_store(STORE) as store, store.database.write() as connection:
        connection.execute(update(jobs).values(numerics=NUMERICS - 1))
        connection.execute(update(scores).values(numerics=NUMERICS - 1))
    done = elsewhere("top-up", "other", "--store", STORE)
    assert done.returncode == 1
    follow(elsewhere, done, ["run"])
    with open_store(STORE) as store:
        assert '"epochs":4' in next(iter(store.experiments.parameters(store.experiments.get("other-2").id).values()))
