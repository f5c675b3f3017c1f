"""Files as people have them are read at once, or after the one line of YAML that the message proposes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scheduler.grid.grid import Grid
from scheduler.lifecycle.submission import record
from store import open_store
from store.errors import GridError
from store.schema.configuration import Configuration
from tests import standin
from tests.examples import PROVENANCE
from tests.series.files import GAPS, LOCAL, SPRING, STRUCTURE, Wild, table
from tests.series.formats import FORMATS
from tests.series.instruments import INSTRUMENTS
from tests.series.marks import MARKS
from tests.series.offices import OFFICES
from tests.series.times import TIMES
from tests.series.wide import WIDE
from worker.lane import Lane

ALL = (*STRUCTURE, *TIMES, *GAPS, *WIDE, *MARKS)

REST = "\ntest: 6\nprepare: {pad: true}\nmodel: {stateful: false}\ntraining: {epochs: 5}\nrepeats: 2\n"


def proposal(problem: GridError) -> str:
    """Return the line of YAML that the message tells to write."""
    (line,) = [line for line in problem.mistakes if ": write series: {" in line]
    return line.partition(": write ")[2]


def loaded(folder: Path, wild: Wild) -> Grid:
    """Read a grid on a file, following the message once if it is refused."""
    content = wild.content if isinstance(wild.content, bytes) else wild.content.encode()
    (folder / "data.csv").write_bytes(content)
    file = str(folder / "grid.yaml")
    text = f"series: {{path: data.csv{', ' if wild.fields else ''}{wild.fields}}}"
    if wild.refused:
        with pytest.raises(GridError) as raised:
            Grid.parse(text + REST, file=file)
        assert len(raised.value.mistakes) < 12
        assert any(wild.says in line for line in raised.value.mistakes), raised.value.mistakes
        text = proposal(raised.value)
    return Grid.parse(text + REST, file=file)


@pytest.mark.parametrize("wild", [*ALL, *INSTRUMENTS, *OFFICES, *FORMATS], ids=lambda wild: wild.name)
def test_a_file_is_used_after_at_most_one_round(tmp_path: Path, wild: Wild) -> None:
    """The message says what was found, and its proposal is read as it stands."""
    grid = loaded(tmp_path, wild)
    (series,) = grid.series_data()
    assert len(series.values) == wild.rows
    assert np.isfinite(series.values).all()
    if not wild.refused:
        assert wild.says in " ".join(grid.notes)
        assert bool(wild.says) == bool(grid.notes)
    if wild.first:
        assert series.times[0] == wild.first
    if wild.value is not None:
        assert series.values[0, 0] == wild.value


def test_all_of_them_train(tmp_path: Path) -> None:
    """From the file to results, by the stand-in engine."""
    with open_store(f"sqlite:///{tmp_path / 'results.db'}", create=True) as store:
        for number, wild in enumerate(ALL):
            folder = tmp_path / str(number)
            folder.mkdir()
            grid = loaded(folder, wild)
            submitted = record(store, grid, fresh=True)
            assert store.experiments.with_id(submitted.experiment.id).series_notes == grid.notes
            jobs = store.jobs.claim_next(owner="test", lease=600, workers=1)
            asked = [Configuration.model_validate_json(job.params) for job in jobs]
            lanes = [
                Lane(job_id=job.id, configuration=one, seed=job.seed) for job, one in zip(jobs, asked, strict=True)
            ]
            series = store.series.get(jobs[0].series_hash)
            results = standin.train(lanes, series, progress=lambda done, total: None)
            store.results.save(results, owner="test", provenance=PROVENANCE)
            assert store.experiments.status(submitted.experiment.id).counts["done"] == 2


def test_a_change_of_the_clock_is_no_uneven_step(tmp_path: Path) -> None:
    """Nor is it warned of: the times that are stored have the offsets."""
    for number, times in enumerate((LOCAL, SPRING)):
        (tmp_path / f"{number}.csv").write_text(table(times))
        grid = Grid.parse(f"series: {{path: {number}.csv, time: day, value: y}}" + REST, file=str(tmp_path / "g.yaml"))
        assert grid.warnings == ()
