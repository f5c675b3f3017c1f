"""The start-up time of the command and the memory of a worker.

Baselines: `python -c pass` for the command, `import tensorflow` for the worker. Two more figures are the largest
process of a run of 20,000 jobs, and that of training a large model on many rows.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from store import JobState, open_store

TRAIN = """
from worker.engine.train import train
from worker.lane import Lane
from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from store.schema.configuration import Configuration
grid = Grid.load(__import__("pathlib").Path("grids/quickstart.yaml"))
new = expand(grid).configurations[0]
configuration = Configuration.model_validate_json(new.params)
lanes = [Lane(job_id=job.repeat, configuration=configuration, seed=job.seed) for job in new.jobs]
train(lanes, grid.series_data()[0], progress=lambda done, total: None)
"""

#: 256 units on 20,000 rows of 24 time steps of 17 columns
LARGE = """
import numpy as np
from worker.engine.train import train
from worker.lane import Lane
from store.schema.configuration import Configuration
from store.records import Series
values = np.random.default_rng(1).uniform(0, 100, (20_036, 17))
names = tuple(f"c{number}" for number in range(17))
series = Series(name="wide", columns=names, values=values, content_hash="wide")
configuration = Configuration.model_validate({
    "series": {"name": "wide", "targets": names[:1], "inputs": names}, "test": 12,
    "prepare": {"difference": 0, "lags": 24, "lags_as": "timesteps"},
    "model": {"units": 256, "stateful": False}, "training": {"epochs": 1, "batch_size": 256},
})
train([Lane(job_id=0, configuration=configuration, seed=0)], series, progress=lambda done, total: None)
"""
#: 20 configurations of 1,000 repeats
MANY = """
name: many
series: shampoo
prepare: {trim: 2}
training: {epochs: 10}
repeats: 1000
grid:
  training.optimizer.learning_rate: [%s]
"""


def seconds(command: list[str], runs: int = 7) -> float:
    """Return the median wall time of a command."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def megabytes(code: str) -> float:
    """Return the peak memory of a Python process that runs the code."""
    wrapped = f"{code}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    done = subprocess.run([sys.executable, "-c", wrapped], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def largest(grid: str) -> tuple[float, int]:
    """Run a grid; return the peak memory of its largest process, in MB, and the number of finished repeats."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grid.yaml"
        path.write_text(grid)
        url = f"sqlite:///{folder}/results.db"
        command = [sys.executable, "-m", "scheduler", "run", str(path), "--store", url]
        subprocess.run(command, check=True, capture_output=True)
        with open_store(url) as store:
            done = store.experiments.list()[0].counts[JobState.DONE]
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done


def main() -> None:
    """Print the figures."""
    empty = seconds([sys.executable, "-c", "pass"])
    answer = seconds([sys.executable, "-m", "scheduler", "--help"])
    print(f"scheduler --help: {answer:.3f} s, {answer / empty:.1f} times an empty Python ({empty:.3f} s); goal 0.3 s")
    bare = megabytes("import tensorflow")
    worker = megabytes(TRAIN)
    print(f"a worker that trained a pack of 30: {worker:.0f} MB, {worker / bare:.2f} times TensorFlow alone; goal 1 GB")
    # Peak memory is that of all children so far: the worker above is smaller than those to come.
    rates = ", ".join(f"{0.001 * number:.3f}" for number in range(1, 21))
    most, done = largest(MANY % rates)
    print(f"the largest process of a run of {done:,} jobs: {most:.0f} MB, {most / bare:.2f} times; goal 2 GB")
    large = megabytes(LARGE)
    print(f"256 units on 20,000 x 24 x 17: {large:.0f} MB, {large / bare:.2f} times; goal 2 GB")


if __name__ == "__main__":
    main()
