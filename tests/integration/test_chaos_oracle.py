"""The oracle of `python -m benchmarks chaos` sees what a fault may do to a study; CI runs the campaign by itself."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from benchmarks.chaos.faults import FAULTS
from benchmarks.chaos.oracle import Verdict, judge
from benchmarks.chaos.record import StudyRecord, read_records, summary, table
from benchmarks.chaos.scene import GRID, SETTINGS, Scene
from scheduler.grid.grid import Grid
from scheduler.lifecycle.submission import record
from store import open_store
from store.delivery.queue import make_app
from tests import standin
from tests.examples import PROVENANCE
from worker.lane import Lane

SQLITE = next(one for one in SETTINGS if not one.postgres and not one.real)


@pytest.fixture
def scene(sqlite_url: str, tmp_path: Path) -> Scene:
    """A study that is done, with no process."""
    setting = replace(SQLITE, repeats=2)
    grid = Grid.parse(GRID.format(epochs=5, repeats=2, pack=4, seed=3), file="chaos.yaml")
    with open_store(sqlite_url) as store:
        made = record(store, grid).experiment
        while jobs := store.jobs.claim_next(owner="o", lease=60, workers=1):
            series = store.series.get(jobs[0].series_hash)
            results = standin.train([Lane.of(job) for job in jobs], series, progress=print)
            store.results.save(results, owner="o", provenance=PROVENANCE)
        store.experiments.close_if_done([made.id])
    app = make_app("redis://localhost:1/0")
    return Scene(setting, None, tmp_path, sqlite_url, tmp_path / "chaos.yaml", app, Random(1))  # type: ignore[arg-type]


def test_a_study_that_is_whole_is_good(scene: Scene) -> None:
    verdict = judge(scene)
    assert verdict.good, verdict
    assert scene.ended() == set(range(1, 9))
    scene.close()


def test_what_is_wrong_is_counted(scene: Scene) -> None:
    """A job that failed, one that still waits, a result that another bit is in, and a second one."""
    judge(scene)
    connection = sqlite3.connect(scene.folder / "results.db")
    with connection:
        connection.execute("UPDATE scores SET test_rmse = test_rmse + 1e-9 WHERE job_id = 1")
        connection.execute("UPDATE jobs SET state = 'failed', error = 'boom' WHERE id = 2")
        connection.execute("UPDATE jobs SET state = 'queued' WHERE id = 3")
    connection.close()
    verdict = judge(scene)
    assert (verdict.lost, verdict.other_bits, verdict.stuck) == (1, 1, 1)
    assert verdict.doubled > 0, "results of jobs that are not done"
    assert any("boom" in word for word in verdict.words)
    scene.close()


def test_every_setting_has_faults_of_its_own() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names) >= 15
    for setting in SETTINGS:
        assert sum(fault.fits(setting) for fault in FAULTS) >= 8, setting.name


def test_studies_are_summed_from_files_and_those_ended_before_they_were_judged_stand_apart(tmp_path: Path) -> None:
    """Two files, one study of each kind that was judged, and one that was not."""
    kill, stop = FAULTS[0].name, FAULTS[1].name
    StudyRecord("a", 1, 1, 8, False, [kill, kill], {kill: [1.0, 3.0]}, {}, 60, 2, Verdict()).append(tmp_path / "one")
    StudyRecord("b", 2, 1, 8, True, [kill], {kill: [9.0]}, {}, 60, 4, Verdict(lost=1)).append(tmp_path / "two")
    StudyRecord("b", 2, 2, 8, True, [stop], {}, {}, 60, 4).append(tmp_path / "two")
    records = read_records([tmp_path / "one", tmp_path / "two"])
    assert table(records).splitlines()[2:] == [f"| {kill} | 3 | 2.0 s, 3.0 s | 9.0 s, 9.0 s |  |  |"]
    first, bad, ended = summary(records).splitlines()
    assert first.startswith("3 faults in 2 studies that were judged (2 by stand-in, 1 by real training; seeds 1, 2)")
    assert first.endswith("lost 1, doubled 0, other bits 0, stuck 0")
    assert bad.startswith("b, seed 2, study 1: lost 1")
    assert ended.startswith("1 faults in 1 studies")
