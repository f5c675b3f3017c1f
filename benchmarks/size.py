"""How quickly the command answers and how much memory a worker takes.

Baselines: `python -c pass` for the command, `import tensorflow` alone for the worker.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

TRAIN = """
from worker.engine import train
from worker.lane import Lane
from scheduler.expand import expand
from scheduler.grid import Grid
from store.configuration import Configuration
grid = Grid.load(__import__("pathlib").Path("grids/quickstart.yaml"))
new = expand(grid).configurations[0]
configuration = Configuration.model_validate_json(new.params)
lanes = [Lane(job_id=job.repeat, configuration=configuration, seed=job.seed) for job in new.jobs]
train(lanes, grid.series_data()[0], progress=lambda done, total: None)
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


def main() -> None:
    """Print the figures."""
    empty = seconds([sys.executable, "-c", "pass"])
    answer = seconds([sys.executable, "-m", "scheduler", "--help"])
    print(f"scheduler --help: {answer:.3f} s, {answer / empty:.1f} times an empty Python ({empty:.3f} s); goal 0.3 s")
    bare = megabytes("import tensorflow")
    worker = megabytes(TRAIN)
    print(f"a worker that trained a pack of 30: {worker:.0f} MB, {worker / bare:.2f} times TensorFlow alone; goal 1 GB")


if __name__ == "__main__":
    main()
