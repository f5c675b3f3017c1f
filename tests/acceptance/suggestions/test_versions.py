"""Experiments that another version of the numerics computed: readable, never mixed, and the way out works."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from store import NUMERICS, ExperimentState, open_store
from store.database.tables import jobs, scores
from tests.acceptance.command import write
from tests.acceptance.conftest import THREE

OLDER = NUMERICS - 1


def make_older(folder, *, repeats=range(100)):
    """Mark some repeats of everything in the store as computed by an older version."""
    with open_store(f"sqlite:///{folder / 'results.db'}") as store, store.database.write() as connection:
        connection.execute(update(jobs).where(jobs.c.repeat.in_(repeats)).values(numerics=OLDER))
        theirs = jobs.c.id == scores.c.job_id
        connection.execute(update(scores).where(theirs, jobs.c.repeat.in_(repeats)).values(numerics=OLDER))


def run(standin, tmp_path, *options):
    """Train three configurations of which one is clearly better."""
    done = standin("run", write(tmp_path, THREE), *options, STANDIN_EFFECT="0.5")
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def older(standin, tmp_path):
    """The command line, in a store whose experiment an older version computed."""
    run(standin, tmp_path)
    make_older(tmp_path)
    return standin


class TestOlder:
    """An experiment that is wholly an older version's."""

    def test_it_stays_readable(self, older):
        """Its verdict rests on numbers of one version."""
        for command in ("report", "compare"):
            done = older(command, "quick")
            assert (done.returncode, "No verdict" in done.stdout) == (0, False)
            assert "units=30" in done.stdout

    def test_top_up_is_refused_and_the_advice_works(self, older, tmp_path):
        """One line names both versions and the command that trains the grid again; nothing is planned."""
        done = older("top-up", "quick", "--max-repeats", "20")
        (line,) = done.stderr.splitlines()
        assert done.returncode == 1
        assert f"quick has repeats of version {OLDER} of the numerics, and this is version {NUMERICS}" in line
        assert "quick.yaml --fresh` trains all of them with this version" in line
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            assert store.experiments.get("quick").looks is None
        words = line.split("`")[1].split()
        assert words[0] == "scheduler"
        assert older(*words[1:]).returncode == 0
        assert older("top-up", "quick-2", "--until", "next-look").returncode == 0

    def test_comparing_it_with_one_of_this_version_is_refused(self, older, tmp_path):
        """The verdict would rest on both."""
        run(older, tmp_path, "--fresh")
        done = older("compare", "quick", "quick-2")
        (line,) = done.stderr.splitlines()
        assert done.returncode == 2
        assert f"quick of version {OLDER} and quick-2 of version {NUMERICS}" in line
        assert "Train the grid of the older one again: `scheduler run" in line
        assert "quick.yaml --fresh`." in line

    def test_what_was_cancelled_or_waits_is_not_resumed(self, older, tmp_path):
        """The experiment stays as it is."""
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store, store.database.write() as connection:
            connection.execute(update(jobs).where(jobs.c.repeat == 0).values(state="queued"))
        for state in ("running", "cancelled"):
            if state == "cancelled":
                assert older("cancel", "quick").returncode == 0
            done = older("resume", "quick")
            (line,) = done.stderr.splitlines()
            assert (done.returncode, "--fresh` trains all of them" in line) == (1, True)
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            assert store.experiments.get("quick").state is ExperimentState.CANCELLED


class TestMixed:
    """An experiment that has repeats of two versions, as earlier top-ups made them."""

    def test_there_is_no_verdict(self, standin, tmp_path):
        """The answer says why and what to do, in every format; the summaries are shown."""
        run(standin, tmp_path)
        make_older(tmp_path, repeats=range(5))
        said = f"No verdict: quick has repeats of versions {OLDER} and {NUMERICS} of the numerics"
        for command in ("report", "compare"):
            for form in ("table", "markdown"):
                done = standin(command, "quick", "--format", form)
                assert done.returncode == 0, done.stderr
                text = " ".join(done.stdout.split())
                assert said in text
                assert "best" not in text.replace("best baseline", "")
            assert said in json.loads(standin(command, "quick", "--format", "json").stdout)["answer"]
        page = tmp_path / "page.html"
        assert standin("report", "quick", "--html", page).returncode == 0
        assert said in page.read_text()
        assert standin("compare", "quick", "--format", "csv").returncode == 0
        assert standin("report", "quick", "--format", "latex").returncode == 0
