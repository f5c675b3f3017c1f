"""`scheduler top-up`: repeats only where comparisons are undecided, under looks that are planned and kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pandas as pd

from scheduler.statistics.sequential import plan
from store import open_store
from tests.acceptance.command import QUICK, reset_interrupt_handler, wait_until_training, write
from tests.acceptance.conftest import THREE, TRAINER

LARGER = THREE.replace("repeats: 10", "repeats: 15").replace("name: quick", "name: more")


def repeats(folder, name="quick"):
    """Count the repeats of each configuration, and read the looks."""
    with open_store(f"sqlite:///{folder / 'results.db'}") as store:
        experiment = store.experiments.get(name)
        frame = store.results.frame(experiment.id)
        assert set(frame["state"]) == {"done"}
        return dict(frame.groupby("configuration").size()), experiment.looks


class TestTopUp:
    """A top-up on this machine."""

    def test_only_undecided_configurations_get_more(self, three, tmp_path):
        """The configuration that is clearly better keeps its ten repeats; the others grow to the last look."""
        done = three("top-up", "quick", "--max-repeats", "40", "--workers", "1")
        assert done.returncode == 0, done.stderr
        count, looks = repeats(tmp_path)
        assert looks == plan(10, 40).sizes
        assert count == {"units=1": 40, "units=2": 40, "units=30": 10}
        assert "1 of 3 pairs is undecided: 2 configurations need more repeats, up to 15." in done.stderr
        assert "quick: 10 repeats added, 10 new" in done.stderr
        assert "1 of 3 pairs is undecided after the last look, at 40 repeats." in done.stderr
        assert done.stdout.startswith("units=30 is best: ")

    def test_again_adds_nothing(self, three, tmp_path):
        """It may be repeated safely, and the answer is the same."""
        first = three("top-up", "quick", "--max-repeats", "20", "--workers", "1")
        before = repeats(tmp_path)
        again = three("top-up", "quick", "--workers", "1")
        assert repeats(tmp_path) == before
        assert again.stdout == first.stdout
        assert "added" not in again.stderr

    def test_one_look_at_a_time(self, three, tmp_path):
        """`--until next-look` adds the repeats of one look."""
        three("top-up", "quick", "--until", "next-look", "--workers", "1")
        assert repeats(tmp_path)[0] == {"units=1": 15, "units=2": 15, "units=30": 10}

    def test_report_compare_and_sql_use_the_same_looks(self, three, tmp_path):
        """Later comparisons use the verdicts that allow for the looks, not those of a single one."""
        topped = three("top-up", "quick", "--max-repeats", "20", "--workers", "1")
        said = json.loads(three("compare", "quick", "--format", "json").stdout)
        assert topped.stdout.startswith(said["answer"])
        assert any(note.startswith("3 of 3 planned looks taken, at 10, 15 and 20 repeats. ") for note in said["notes"])
        assert said["answer"] == json.loads(three("report", "quick", "--format", "json").stdout)["answer"]
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            stored = store.results.comparisons(store.experiments.get("quick").id).set_index(["a", "b"])
        shown = pd.DataFrame(said["pairs"]).set_index(["a", "b"])
        assert (stored["p"] == shown["p"].loc[stored.index]).all()
        assert (stored["verdict"] == shown["verdict"].loc[stored.index]).all()

    def test_further_repeats_are_those_of_a_larger_grid(self, three, tmp_path):
        """The same seeds and keys: a grid with 15 repeats has nothing to train for the configurations that grew."""
        three("top-up", "quick", "--until", "next-look", "--workers", "1")
        more = write(
            tmp_path, THREE.replace("repeats: 10", "repeats: 15").replace("name: quick", "name: more"), "m.yaml"
        )
        assert "45 repeats, 5 new, 40 reused" in three("run", more, "--workers", "1").stderr

    def test_what_another_experiment_has_is_reused(self, three, tmp_path):
        """And trained nowhere."""
        more = write(
            tmp_path, THREE.replace("repeats: 10", "repeats: 15").replace("name: quick", "name: more"), "m.yaml"
        )
        three("run", more, "--workers", "1")
        done = three("top-up", "quick", "--until", "next-look", "--workers", "1")
        assert "10 repeats added, 0 new, 10 reused" in done.stderr

    def test_equal_configurations_end_at_the_maximum(self, standin, tmp_path):
        """Nothing is made up where there is no difference."""
        standin("run", write(tmp_path, QUICK), "--workers", "1")
        done = standin("top-up", "quick", "--max-repeats", "15", "--workers", "1")
        assert repeats(tmp_path) == ({"units=1": 15, "units=2": 15}, (10, 15))
        assert "cannot be distinguished from" in done.stdout

    def test_one_repeat_is_not_enough_for_a_look(self, standin, tmp_path):
        """The first look is at ten repeats, of all configurations."""
        standin("run", write(tmp_path, QUICK.replace("repeats: 3", "repeats: 1")), "--workers", "1", STANDIN_EFFECT="4")
        done = standin("top-up", "quick", "--workers", "1")
        assert repeats(tmp_path)[0] == {"units=1": 10, "units=2": 10}
        assert "Every pair is decided." in done.stderr
        assert done.stdout.startswith("units=2 is best: ")

    def test_one_configuration_has_nothing_to_decide(self, standin, tmp_path):
        """The command reports it and succeeds."""
        standin("run", write(tmp_path, QUICK.replace("[1, 2]", "[1]")), "--workers", "1")
        done = standin("top-up", "quick")
        assert done.returncode == 0
        assert done.stdout.startswith("There is one configuration, units=1: mean ")
        assert repeats(tmp_path) == ({"units=1": 3}, None)

    def test_configurations_that_all_diverge_get_no_more(self, standin, tmp_path):
        """More of what always diverges decides nothing."""
        standin("run", write(tmp_path, THREE), "--workers", "1", STANDIN_DIVERGED="1,2,30")
        done = standin("top-up", "quick", "--workers", "1")
        assert done.returncode == 0
        assert "3 of 3 pairs are undecided and will stay so: all their repeats failed or diverged." in done.stderr
        assert repeats(tmp_path)[0] == {"units=1": 10, "units=2": 10, "units=30": 10}


class TestPlan:
    """The looks are fixed before the first one."""

    def test_another_maximum_after_repeats_were_added_is_refused(self, three):
        """The error rate would no longer hold; the message says what to do."""
        three("top-up", "quick", "--max-repeats", "20", "--until", "next-look", "--workers", "1")
        done = three("top-up", "quick", "--max-repeats", "80")
        assert done.returncode == 2
        assert "differs from the 20 repeats planned for quick, and repeats were added" in done.stderr
        assert "Leave --max-repeats out" in done.stderr

    def test_too_small_a_maximum_is_refused_and_may_be_corrected(self, three, tmp_path):
        """Before repeats were added nothing is fixed."""
        done = three("top-up", "quick", "--max-repeats", "9")
        assert done.returncode == 2
        assert "--max-repeats 9 is less than the 10 repeats of the first look. Give at least 10." in done.stderr
        three("top-up", "quick", "--max-repeats", "10", "--workers", "1")
        assert repeats(tmp_path)[1] == (10,)
        three("top-up", "quick", "--max-repeats", "15", "--workers", "1")
        assert repeats(tmp_path)[1] == (10, 15)


class TestInterruption:
    """Ctrl-C in the middle of a top-up."""

    def test_it_goes_on_where_it_was(self, three, tmp_path):
        """No repeat is lost or trained twice, and the end is that of a top-up without Ctrl-C."""
        process = subprocess.Popen(
            [sys.executable, "-c", TRAINER, "top-up", "quick", "--max-repeats", "20", "--workers", "1"],
            env={**os.environ, "STANDIN_SECONDS": "1.5"},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=reset_interrupt_handler,
        )
        wait_until_training(f"sqlite:///{tmp_path / 'results.db'}")
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 130, said
        assert "`scheduler top-up quick --workers 1 --max-repeats 20`" in said
        assert "Traceback" not in said
        done = three("top-up", "quick", "--workers", "1")
        assert done.returncode == 0, done.stderr
        assert repeats(tmp_path) == ({"units=1": 20, "units=2": 20, "units=30": 10}, plan(10, 20).sizes)


def test_through_a_broker(three, tmp_path, postgres_url, valkey):
    """Without `--wait` one step is sent; the next `top-up` looks at what came of it."""
    from scheduler.lifecycle.aggregate import aggregate_finished
    from tests.integration import cluster

    valkey.flush()
    env = {"DATABASE_URL": postgres_url, "BROKER_URL": valkey.url}
    assert three("submit", write(tmp_path, THREE), **env).returncode == 0
    sent = three("top-up", "quick", "--max-repeats", "15")
    assert sent.returncode == 0
    assert "Next: `scheduler top-up quick --max-repeats 15`, when they are done" in sent.stderr
    with cluster.worker("celery", "1", **env, STANDIN_EFFECT="0.25"):
        done = three("top-up", "quick", "--wait")
    assert done.returncode == 0, done.stderr
    with open_store(postgres_url) as store:
        assert aggregate_finished(store) == []
        frame = store.results.frame(store.experiments.get("quick").id)
    assert dict(frame.groupby("configuration").size()) == {"units=1": 15, "units=2": 15, "units=30": 10}
    assert "\nunits=30 is best: " in done.stdout  # beside what the worker says
