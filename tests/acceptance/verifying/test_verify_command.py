"""`scheduler verify`: a store that is whole is found so, and whatever is changed in it by hand is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scheduler.lifecycle.verifying import sample
from store import Result, Store
from store.schema.configuration import NUMERICS
from tests import standin
from tests.acceptance.conftest import Run
from worker.lane import Lane


@pytest.fixture(autouse=True)
def again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train again by the stand-in, which made the results."""

    def train(store: Store, pack: list[Any]) -> list[Result]:
        return [standin.result(Lane.of(one.job)) for one in pack]

    monkeypatch.setattr(sample, "_again", train)


def changed(folder: Path, *statements: str) -> None:
    """Change a store by hand, without its rules."""
    with closing(sqlite3.connect(folder / "results.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_what_is_whole_is_found_so(three: Run) -> None:
    """Each check says what it looked at, and the exit code is 0."""
    done = three("verify", "quick")
    assert done.returncode == 0, done.stdout
    for words in ("30 repeats: each", "summaries: 3 rows", "comparisons: 3 rows", "20 repeats trained again: the same"):
        assert f"ok     {words}" in done.stdout
    assert done.stdout.endswith("quick: all that was checked holds.\n")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM scores WHERE job_id = 1", "WRONG  repeat 0 of units=1 is done without a result"),
        ("UPDATE jobs SET state = 'queued' WHERE id = 2", "WRONG  repeat 1 of units=1 is not done, and there is a res"),
        ("UPDATE jobs SET owner = 'host:1:x' WHERE id < 6", "repeat 2 of units=1 and 2 more are not running, and a cl"),
        ("UPDATE jobs SET key = 'x' || key WHERE id = 4", "WRONG  the key of repeat 3 of units=1 is not that of its"),
        (
            "UPDATE scores SET test_rmse = 1 WHERE job_id = 3",
            "WRONG  test_rmse of repeat 2 of units=1 is 1; its f",
        ),
        ("UPDATE summary_rows SET mean = mean * 1.01", "WRONG  summaries: mean of units=1 is stored as"),
        ("UPDATE comparison_rows SET p = 0.9", "WRONG  comparisons: p of units=1 and units=2 is stored as 0.9, and is"),
        ("UPDATE baseline_rows SET rmse = rmse + 1 WHERE baseline = 'ETS'", "WRONG  baselines: rmse of"),
        (
            "DELETE FROM experiment_jobs WHERE job_id = 2",
            "WRONG  units=1 has 9 repeats, the last with the number 9",
        ),
        ("UPDATE comparison_rows SET experiment_id = 9", "WRONG  3 rows of comparison_rows have no row of experiments"),
        ("INSERT INTO scale_rows VALUES (99, 1, 'x', 1, 1)", "WRONG  1 row of scale_rows has no row of configurations"),
    ],
    ids=lambda text: text.split(" WHERE ")[0].replace(" ", "-")[:30],
)
def test_what_is_wrong_is_named(three: Run, tmp_path: Path, statement: str, said: str) -> None:
    """With where, and the exit code is 1."""
    changed(tmp_path, statement)
    done = three("verify", "quick", "--sample", "0")
    assert done.returncode == 1
    assert said in done.stdout
    assert "wrong." in done.stdout.splitlines()[-1]


def test_other_bits_of_a_sample_are_named(three: Run, tmp_path: Path) -> None:
    """Beside what they were; what another version made is named as such and not compared."""
    changed(tmp_path, "UPDATE scores SET train_rmse = 1 WHERE job_id = 1")
    done = three("verify", "quick", "--sample", "30")
    assert done.returncode == 1
    assert "WRONG  repeat 0 of units=1, trained again, differs in train_rmse (1.0 stored, 10" in done.stdout
    changed(tmp_path, "UPDATE scores SET tensorflow = '2.20.0'")
    done = three("verify", "quick", "--sample", "30")
    assert done.returncode == 0, done.stdout
    made = f"30 repeats of the sample were made by numerics {NUMERICS}, TensorFlow 2.20.0"
    assert f"not checked  {made}" in done.stdout


def test_jobs_that_no_worker_trains_are_named(three: Run, tmp_path: Path) -> None:
    """Those of another version of the numerics wait for ever."""
    forgotten = "UPDATE jobs SET state = 'queued', numerics = 1, finished_at = NULL WHERE id = 1"
    changed(tmp_path, forgotten, "DELETE FROM scores WHERE job_id = 1", "UPDATE experiments SET state = 'running'")
    done = three("verify", "quick", "--sample", "0")
    assert done.returncode == 1
    assert "1 waiting repeat is of version 1 of the numerics, and this is version" in done.stdout
    assert "not checked  summaries: the experiment is running; they are written when it is done" in done.stdout
