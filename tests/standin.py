"""A stand-in for the engine, with which the delivery is tested and timed: results depend on the seed alone.

    python -m tests.standin celery|local|forks|until-empty|nothing ...      a worker whose training is the stand-in

STANDIN_SECONDS: duration of a pack. STANDIN_EPOCHS: length of the trajectories. STANDIN_POISON: seeds whose lane makes
its pack fail. STANDIN_DEADLY: seeds whose lane kills the process. STANDIN_EFFECT: how much each unit of the model
lowers the scores, which then have a standard deviation of 1. STANDIN_DIVERGED: numbers of units that diverge.
STANDIN_MEMORY: memory in KiB from which a local worker is replaced. STANDIN_SILENT: report no progress, as while a
program is compiled. STANDIN_UNTIL_EMPTY: end Celery's worker when nothing waits. STANDIN_SPAWNED: start
local workers anew, as where none may be forked.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from store import Forecasts, Result, Trajectory
from store.schema.configuration import Future
from store.settings import Settings
from worker.lane import Lane, Trainable


def train(lanes: Sequence[Lane], series: Trainable, *, progress: Callable[[int, int], None]) -> list[Result]:
    """Return the `result` of each lane after STANDIN_SECONDS, reporting progress meanwhile."""
    seeds = {lane.seed for lane in lanes}
    if seeds & _seeds("STANDIN_DEADLY"):
        os.kill(os.getpid(), signal.SIGKILL)
    if bad := seeds & _seeds("STANDIN_POISON"):
        raise ValueError(f"bad lane: {sorted(bad)[0]}")
    until = time.monotonic() + float(os.environ.get("STANDIN_SECONDS", "0"))
    while (left := until - time.monotonic()) > 0:
        if "STANDIN_SILENT" not in os.environ:
            progress(0, 1)
        time.sleep(min(left, 0.05))
    return [result(lane) for lane in lanes]


def result(lane: Lane) -> Result:
    """Return the result that follows from a lane's seed."""
    future = getattr(lane.configuration, "future", None)  # a checker of results knows the seed alone
    if future is not None:
        return _beyond(lane, future)
    epochs = int(os.environ.get("STANDIN_EPOCHS", "5"))
    # Drawing anew for each lane would take a good part of what delivering it does.
    curves = _noise(epochs) + np.float32(100 + lane.seed % 2**20 / 2**20)
    curves[1] += _effect(lane)
    observed = np.arange(12.0).reshape(12, 1, 1)
    return Result(
        job_id=lane.job_id,
        train_rmse=float(curves[0, -1]),
        test_rmse=float(curves[1, -1]),
        diverged=bool(np.isnan(curves[1, -1])),
        seconds=0.0,
        trajectory=Trajectory(epochs=epochs, every=1, train_rmse=curves[0], test_rmse=curves[1]),
        forecasts=Forecasts(observed=observed, forecast=observed + curves[1, -1]),
    )


def _beyond(lane: Lane, future: Future) -> Result:
    """Return a forecast beyond the end, or those from the test rows, of which the last steps are unknown."""
    shape = (max(1, future.origins), future.steps, len(lane.configuration.series.targets))
    row, step, _ = np.indices(shape)
    known = (row + step < shape[0]) & (future.origins > 0)
    forecast = 100 + step + row + lane.seed % 2**20 / 2**20
    return Result(
        job_id=lane.job_id,
        train_rmse=float("nan"),
        test_rmse=float("nan"),
        diverged=False,
        seconds=0.0,
        trajectory=None,
        forecasts=Forecasts(observed=np.where(known, forecast + row - 5.0, np.nan), forecast=forecast),
    )


@cache
def _noise(epochs: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).random((2, epochs), dtype=np.float32)


def _effect(lane: Lane) -> np.float32:
    """Return how the configuration changes the score: not at all without STANDIN_EFFECT."""
    if "STANDIN_EFFECT" not in os.environ:
        return np.float32(0)
    units = int(lane.configuration.model.units)
    if str(units) in os.environ.get("STANDIN_DIVERGED", "").split(","):
        return np.float32(np.nan)
    noise = np.random.default_rng([lane.seed, units]).standard_normal()
    return np.float32(noise - units * float(os.environ["STANDIN_EFFECT"]))


def nothing() -> None:
    """Do nothing, as a task."""


def _seeds(name: str) -> set[int]:
    return {int(seed) for seed in os.environ.get(name, "").split(",") if seed}


def _load() -> bool:
    """Import what local workers need; return whether they may be forked."""
    import worker.delivery.local  # noqa: F401

    return "STANDIN_SPAWNED" not in os.environ


def main() -> None:
    """Start a worker with the stand-in."""
    import logging

    logging.basicConfig(level=os.environ.get("STANDIN_LOG", "INFO"), stream=sys.stderr)
    settings = Settings.from_env()
    if sys.argv[1] == "forks":
        from worker.delivery.fork_server import serve

        serve(_load, [sys.executable, "-m", "tests.standin", "local", *sys.argv[2:]])
    if sys.argv[1] in {"local", "forks", "until-empty"}:
        from worker.delivery.local import work

        if sys.argv[1] == "until-empty":
            sys.exit(work(settings, None, workers=1, train=train, queues=["other", "default"]))
        most = int(os.environ.get("STANDIN_MEMORY", settings.most_memory))
        experiments = [int(one) for one in sys.argv[3:]]
        sys.exit(work(replace(settings, most_memory=most), experiments, workers=int(sys.argv[2]), train=train))
    import scheduler.lifecycle.tasks
    import worker.command
    import worker.delivery.heartbeat
    import worker.delivery.tasks
    from store.delivery.queue import make_app

    app = make_app(settings.broker_url)
    if sys.argv[1] == "nothing":
        app.task(nothing, name="nothing", shared=False)
    else:
        worker.delivery.heartbeat.start(app)
        if "STANDIN_UNTIL_EMPTY" in os.environ:
            worker.command._end_when_empty(settings, ["default"])
        worker.delivery.tasks.register(app, settings, train)
        scheduler.lifecycle.tasks.register(app, settings)
    service = app.Worker(
        queues=["default"], concurrency=int(sys.argv[2]), pool="prefork", without_gossip=True, without_mingle=True
    )
    service.start()
    sys.exit(service.exitcode)


if __name__ == "__main__":
    main()
