"""The Python door, on SQLite and Postgres: the same results, conclusions and errors as the command line's."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml
from sqlalchemy import make_url

import scheduler
from scheduler import load_grid, open_store, open_study, run, submit
from scheduler.lifecycle.local_workers import worker_command
from store.errors import BrokerUnreachable, GridError, NotFound, StoreUnreachable, UsageError
from store.settings import Settings
from tests import standin
from tests.acceptance.command import QUICK
from tests.in_process import deliver_in_process
from tests.integration import cluster
from tests.remembered import remember_baselines

GRID = QUICK.replace("repeats: 3", "repeats: 10")


@pytest.fixture(autouse=True)
def trained_here(monkeypatch):
    """This process trains by the stand-in."""
    deliver_in_process(monkeypatch, standin.train)
    remember_baselines(monkeypatch)
    monkeypatch.setenv("STANDIN_EFFECT", "4")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("BROKER_URL", raising=False)
    monkeypatch.chdir(cluster.ROOT)


@pytest.fixture
def store(store_url):
    """An open store."""
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def study(store):
    """A study of two configurations that differ much, ten repeats each."""
    return run(load_grid(yaml.safe_load(GRID)), store=store, workers=1)


class TestStudy:
    """A finished study."""

    def test_everything_is_a_frame(self, study):
        """Results, trajectories, forecasts and summaries have a row for each of what they are named after."""
        assert len(study.results()) == 20
        assert study.trajectories().shape == (20 * 5, 5)
        assert study.forecasts().shape == (20 * 12, 7)
        pd.testing.assert_series_equal(
            study.summaries().set_index("configuration")["mean"],
            study.results().groupby("configuration")["test_rmse"].mean(),
            check_names=False,
        )

    def test_trajectories_and_forecasts_are_those_of_their_repeats(self, study):
        """A row of the frames is the number of the stored arrays."""
        curves, blocks = study.trajectories(), study.forecasts()
        last = curves[curves["epoch"] == 5].set_index(["configuration", "repeat"])["test_rmse"]
        scores = study.results().set_index(["configuration", "repeat"])["test_rmse"]
        assert (last.astype("float64") == scores.loc[last.index]).all()
        first = blocks[blocks["step"] == 1].set_index(["configuration", "repeat"])
        assert ((first["forecast"] - first["observed"] - scores.loc[first.index]).abs() < 1e-9).all()

    def test_conclusions_are_those_of_the_store(self, study, store):
        """What the aggregator wrote is what the study says."""
        assert study.answer().startswith("units=2 is best: ")
        stored = store.results.comparisons(study.experiment.id)
        assert list(study.comparisons()["verdict"]) == list(stored["verdict"])
        assert list(study.ranking()["configuration"]) == ["units=2", "units=1"]
        baselines = study.baselines()
        assert baselines.loc[baselines["baseline"] == "persistence", "rmse"].item() == pytest.approx(136.761, abs=5e-4)

    def test_topping_up_decided_pairs_adds_nothing(self, study):
        """The looks are planned and the pairs decided at the first one."""
        assert len(study.top_up(workers=1).results()) == 20
        assert open_study("quick", study.store).experiment.looks[0] == 10

    def test_top_up_adds_repeats(self, store, monkeypatch):
        """As the command does, until the most repeats."""
        monkeypatch.setenv("STANDIN_EFFECT", "0")
        study = run(load_grid(yaml.safe_load(GRID)), store=store, workers=1).top_up(max_repeats=15, workers=1)
        assert study.results().groupby("configuration").size().tolist() == [15, 15]
        with pytest.raises(UsageError, match="differs from the 15 repeats planned"):
            study.top_up(max_repeats=99)

    def test_resume_trains_what_was_cancelled(self, store, study):
        """A study goes on where it was stopped."""
        more = run(load_grid(yaml.safe_load(GRID.replace("repeats: 10", "repeats: 12"))), store=store, workers=1)
        assert more.name == "quick-2"
        assert more.resume(workers=1).status().ended == 24

    def test_a_notebook_shows_it(self, study):
        """The answer and the summaries."""
        html = study._repr_html_()
        assert "units=2 is best: " in html
        assert "20 of 20 repeats done" in html
        assert "<table" in html

    def test_progress_is_shown_unless_it_is_hidden(self, store, capfd):
        """On stderr, as the commands show it."""
        run(load_grid(yaml.safe_load(GRID)), store=store, workers=1, progress=False)
        assert capfd.readouterr().err == ""
        run(load_grid(yaml.safe_load(GRID)), store=store, workers=1, fresh=True)
        assert "quick-2: 20 of 20 repeats" in capfd.readouterr().err

    def test_a_report_draws_itself(self, study, tmp_path):
        """Pictures and the page are two calls away."""
        from scheduler.report import page, plots

        data = study.report()
        assert len(plots.save(data, tmp_path)) == 2 * len(plots.PICTURES)
        assert page.write(data, tmp_path / "report.html").stat().st_size > 10_000

    def test_pictures_are_png(self, study):
        """A notebook shows them; a name that is none is answered with those that there are."""
        assert study.picture("trajectories").png.startswith(b"\x89PNG")
        with pytest.raises(UsageError, match=r"There is no picture 'boxes'. Pictures: scores, trajectories."):
            study.picture("boxes")


class TestErrors:
    """The same errors as the command line's, for programs to catch."""

    def test_a_wrong_grid(self):
        """With every mistake."""
        with pytest.raises(GridError, match="repeats is 0"):
            load_grid({**yaml.safe_load(QUICK), "repeats": 0})

    def test_a_wrong_store(self, tmp_path):
        """Nothing is made by accident."""
        with pytest.raises(StoreUnreachable, match="There is no results store"):
            open_store(f"sqlite:///{tmp_path / 'missing.db'}")

    def test_a_wrong_name(self, store):
        """The message says how to make one."""
        with pytest.raises(NotFound, match="No experiment 'tune'"):
            open_study("tune", store)

    @pytest.mark.parametrize("workers", [0, -1, 257, 1.5])
    def test_a_wrong_number_of_workers(self, store, workers):
        """Nothing is recorded."""
        with pytest.raises(UsageError, match=rf"workers is {workers}; allowed: a whole number from 1 to 256"):
            run(load_grid(yaml.safe_load(QUICK)), store=store, workers=workers)
        assert store.experiments.list() == []

    def test_no_broker(self, store):
        """Nothing is recorded where nothing can be sent."""
        with pytest.raises(BrokerUnreachable):
            submit(load_grid(yaml.safe_load(QUICK)), store=store, broker="redis://127.0.0.1:1/0")
        assert store.experiments.list() == []


def test_submit_sends_to_the_workers(store, store_url, valkey):
    """And the study can be watched until it is done."""
    from store.delivery.queue import make_app

    valkey.flush()
    study = submit(load_grid(yaml.safe_load(QUICK)), store=store, broker=valkey.url)
    assert study.status().total == 6
    with cluster.worker("celery", "1", DATABASE_URL=store_url, BROKER_URL=valkey.url):
        cluster.finish(store, make_app(valkey.url), study.experiment.id)
    assert set(study.results()["state"]) == {"done"}


def test_the_password_is_known_to_children_and_shown_to_nobody(postgres_url):
    """`address` opens the store; `url`, and the command of a local worker, do not have it."""
    secret = make_url(postgres_url).set(password="secret").render_as_string(hide_password=False)
    with open_store(secret) as store, open_store(store.address) as again:
        assert again.url == store.url
        assert "secret" in store.address
        assert "secret" not in store.url
        assert "secret" not in " ".join(worker_command(Settings(database_url=store.address), [1], 1))


def test_the_door_is_complete():
    """Every name in `__all__` is there."""
    assert all(getattr(scheduler, name) is not None for name in scheduler.__all__)
