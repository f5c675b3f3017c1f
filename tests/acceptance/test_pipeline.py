"""From a grid file to the report, with the real engine: on SQLite alone, and on Celery, Redis and Postgres."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from store import open_store
from tests.acceptance import command
from tests.acceptance.command import QUICK, ROOT, reset_interrupt_handler, wait_until_training, write
from tests.in_process import scheduler

LARGER = QUICK.replace("epochs: 5,", "epochs: 300,").replace("repeats: 3", "repeats: 9")


def curves(url, name="quick"):
    """Every trajectory of an experiment, by configuration and repeat."""
    with open_store(url) as store:
        found = store.results.trajectories(store.experiments.get(name).id)
    return {
        (label, repeat): (one.train[row].tobytes(), one.test[row].tobytes())
        for label, one in found.items()
        for row, repeat in enumerate(one.repeats)
    }


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """A folder in which LARGER ran with one local worker, and what was printed."""
    folder = tmp_path_factory.mktemp("embedded")
    done = command.scheduler("run", write(folder, LARGER), "--workers", "1", "--plots", "plots", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done


class TestRun:
    """`scheduler run`: no server."""

    def test_the_report_is_the_describe_table(self, embedded):
        """One column a configuration, pandas' rows, the digits of pandas."""
        folder, done = embedded
        assert "units=1" in done.stdout
        names = [line.split()[0] for line in done.stdout.splitlines() if line]
        start = names.index("count")
        assert names[start : start + 8] == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]
        with open_store(f"sqlite:///{folder / 'results.db'}") as store:
            frame = store.results.frame(store.experiments.get("quick").id)
        expected = frame.groupby("configuration")["test_rmse"].describe()
        for label, row in expected.iterrows():
            assert f"{row['mean']:.6f}" in done.stdout, label

    def test_it_names_the_store_the_plots_and_the_next_commands(self, embedded):
        """The user need not look anything up."""
        _, done = embedded
        assert "results.db" in done.stderr
        assert "scheduler report quick" in done.stderr
        assert "plots/" in done.stderr

    def test_a_second_run_trains_nothing(self, embedded):
        """And says so."""
        folder, first = embedded
        again = scheduler("run", "quick.yaml", cwd=folder)
        assert again.returncode == 0
        assert "18 repeats, 0 new, 18 reused" in again.stderr
        assert again.stdout == first.stdout

    def test_more_repeats_train_only_the_new_ones_and_keep_the_bits(self, embedded):
        """Raising 9 to 11 trains 2 of each configuration; the pack is another one, the bits are not."""
        folder, _ = embedded
        before = curves(f"sqlite:///{folder / 'results.db'}")
        more = write(
            folder, LARGER.replace("repeats: 9", "repeats: 11").replace("name: quick", "name: more"), "more.yaml"
        )
        done = scheduler("run", more, cwd=folder)
        assert "22 repeats, 4 new, 18 reused" in done.stderr
        after = curves(f"sqlite:///{folder / 'results.db'}", "more")
        assert {key: after[key] for key in before} == before

    def test_training_afresh_gives_the_same_bits(self, embedded):
        """With two workers, other packs and another process."""
        folder, _ = embedded
        url = f"sqlite:///{folder / 'results.db'}"
        done = scheduler("run", "quick.yaml", "--fresh", "--workers", "2", cwd=folder)
        assert done.returncode == 0, done.stderr
        assert "18 repeats, 18 new" in done.stderr
        assert curves(url, "quick-2") == curves(url)

    def test_a_sample_that_is_trained_again_has_the_same_bits(self, embedded):
        """In another pack, of a few repeats."""
        folder, _ = embedded
        done = command.scheduler("verify", "quick", "--sample", "2", cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "2 repeats trained again: the same bits" in done.stdout

    def test_other_formats(self, embedded):
        """CSV, JSON and Markdown have the same numbers."""
        folder, _ = embedded
        texts = {
            form: scheduler("report", "quick", "--format", form, cwd=folder).stdout
            for form in ("csv", "json", "markdown")
        }
        from_json = pd.DataFrame(json.loads(texts["json"])["summaries"])
        (folder / "summary.csv").write_text(texts["csv"])
        from_csv = pd.read_csv(folder / "summary.csv")
        assert (from_csv["mean"] == from_json["mean"]).all()
        assert f"{from_csv['mean'][0]:.6f}" in texts["markdown"]

    def test_plan_counts_and_writes_nothing(self, embedded, tmp_path):
        """Neither a store that is there nor one that is not."""
        folder, _ = embedded
        done = scheduler("plan", folder / "quick.yaml", cwd=tmp_path)
        assert "18: 18 new, 0 reused" in done.stdout
        assert not (tmp_path / "results.db").exists()
        again = scheduler("plan", "quick.yaml", cwd=folder).stdout
        assert "18: 0 new, 18 reused" in again
        assert re.search(r"quick(-2)?, which exists", again)

    def test_plan_names_the_experiment_that_more_repeats_become(self, embedded, tmp_path):
        """As `run` would: another one, since the first keeps the repeats that it was made with."""
        folder, _ = embedded
        more = write(tmp_path, LARGER.replace("repeats: 9", "repeats: 11"))
        done = scheduler("plan", more, "--store", f"sqlite:///{folder / 'results.db'}", cwd=tmp_path)
        assert re.search(r"quick-\d, new: quick has other configurations or repeats", done.stdout)

    def test_list_and_status(self, embedded):
        """The experiments of the store, and the progress of one."""
        folder, _ = embedded
        assert "quick" in scheduler("list", cwd=folder).stdout
        assert "done, 18 of 18 repeats" in scheduler("status", "quick", cwd=folder).stdout


class TestInterruption:
    """Ctrl-C leaves a state that `resume` continues."""

    def test_ctrl_c_and_resume(self, tmp_path, embedded):
        """No worker is left behind, no result lost, and the bits are those of a run without Ctrl-C."""
        write(tmp_path, LARGER)
        process = subprocess.Popen(
            [sys.executable, "-m", "scheduler", "run", "quick.yaml", "--workers", "1"],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=reset_interrupt_handler,
        )
        wait_until_training(f"sqlite:///{tmp_path / 'results.db'}")
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 130, said
        assert "scheduler resume quick" in said
        assert "Traceback" not in said
        report = scheduler("report", "quick", cwd=tmp_path)
        assert report.returncode == 0
        assert "Partial" in report.stdout
        done = scheduler("resume", "quick", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        folder, first = embedded
        assert done.stdout == first.stdout
        assert curves(f"sqlite:///{tmp_path / 'results.db'}") == curves(f"sqlite:///{folder / 'results.db'}")


class TestSubmit:
    """`scheduler submit`: Celery, Redis and Postgres."""

    def test_the_bits_are_those_of_a_local_run(self, tmp_path, embedded, postgres_url, valkey):
        """Though the worker is another, the packs are single jobs, and the database is Postgres."""
        valkey.flush()
        env = {"DATABASE_URL": postgres_url, "BROKER_URL": valkey.url}
        path = write(tmp_path, LARGER + "pack: 1\n")
        worker = subprocess.Popen(
            [sys.executable, "-m", "worker", "--concurrency", "1"],
            cwd=ROOT,
            env={**os.environ, **env},
            start_new_session=True,
        )
        try:
            done = scheduler("submit", path, "--wait", cwd=tmp_path, **env)
            assert done.returncode == 0, done.stderr
            assert "sent in 18 packs" in done.stderr
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(120) == 0
        finally:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
        folder, first = embedded
        assert done.stdout == first.stdout
        assert curves(postgres_url) == curves(f"sqlite:///{folder / 'results.db'}")

    def test_cancel_and_resume_work_on_the_cluster(self, tmp_path, postgres_url, valkey):
        """Cancelled jobs are not trained until they are resumed; none of them counts as failed."""
        valkey.flush()
        env = {"DATABASE_URL": postgres_url, "BROKER_URL": valkey.url}
        path = write(tmp_path)
        assert scheduler("submit", path, cwd=tmp_path, **env).returncode == 0
        cancelled = scheduler("cancel", "quick", cwd=tmp_path, **env)
        assert "6 jobs cancelled, 0 results kept" in cancelled.stdout
        assert "Partial" in scheduler("report", "quick", cwd=tmp_path, **env).stdout
        assert "retrying 0 jobs" in scheduler("retry", "quick", cwd=tmp_path, **env).stderr
        assert "quick: sent in" in scheduler("resume", "quick", cwd=tmp_path, **env).stderr


def test_trajectories_in_sql_are_the_bits_of_the_engine(embedded):
    """The view's numbers are exactly the stored 32-bit ones."""
    import sqlite3

    folder, _ = embedded
    with sqlite3.connect(folder / "results.db") as connection:
        rows = connection.execute(
            "SELECT test_rmse FROM trajectory_points WHERE experiment = 'quick' AND configuration = 'units=1' "
            "AND repeat = 4 ORDER BY epoch"
        ).fetchall()
    values = np.array([value for (value,) in rows])
    assert len(values) == 300
    assert values.astype(np.float32).tobytes() == curves(f"sqlite:///{folder / 'results.db'}")["units=1", 4][1]
