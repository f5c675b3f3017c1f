"""A forecast beyond the end whose Celery worker is killed: the same bits, each repeat once."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from scheduler.lifecycle.forecasting import Wish, ask
from scheduler.lifecycle.submission import record, send_waiting
from store import JobState, open_store
from store.delivery.queue import make_app
from store.schema.reading import read_configurations
from tests import standin
from tests.integration import cluster
from tests.integration.future.test_store import QUICKSTART, Grid, train
from worker.lane import Lane


@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_changes_no_bit_of_a_forecast(postgres_url: str, valkey: Any) -> None:
    """Another one trains what it held, and the forecast is written once all repeats are there."""
    valkey.flush()
    app, env = make_app(valkey.url), {"DATABASE_URL": postgres_url, "BROKER_URL": valkey.url, "STANDIN_SECONDS": "0.3"}
    workers: list[subprocess.Popen[bytes]] = []
    with open_store(postgres_url) as store:
        study = record(
            store, Grid.load(QUICKSTART, overrides=["repeats=6", "pack=2", "grid={model.units: [1]}"])
        ).experiment
        train(store, study)
        made = ask(store, study, Wish(steps=3)).submitted.experiment

        def kill_once() -> None:
            if not workers or (len(workers) == 1 and store.experiments.status(made.id).counts[JobState.RUNNING]):
                for one in workers:
                    cluster.end(one)
                workers.append(cluster.start("celery", "1", **env))

        try:
            send_waiting(store, app, made.id)
            cluster.finish(store, app, made.id, meanwhile=kill_once)
        finally:
            for one in workers:
                cluster.end(one)
        assert len(workers) == 2
        rows, chosen = store.results.frame(made.id), read_configurations(store.experiments.parameters(made.id))
        seeds = {(row.configuration, row.repeat): row.seed for row in rows.itertuples()}
        found = store.results.forecasts(made.id)
        assert len(rows) == sum(len(one.repeats) for one in found.values()) == 12
        for label, one in found.items():
            for repeat, values in zip(one.repeats, one.forecast, strict=True):
                again = standin.result(Lane(job_id=0, configuration=chosen[label], seed=seeds[label, repeat]))
                assert again.forecasts is not None
                assert again.forecasts.forecast.tobytes() == values.tobytes()
        assert store.futures.rows(made.id)["median"].notna().all()
