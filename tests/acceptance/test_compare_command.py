"""`scheduler compare`, and the formats of `scheduler report`: right in any state, and read by tools."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from alembic import command
from sqlalchemy import create_engine

from store import open_store
from store.database.migrations import VERSION_TABLE, config
from tests.acceptance.command import QUICK, write
from tests.acceptance.conftest import THREE


def loaded(text):
    """Read the JSON of a comparison."""
    found = json.loads(text)
    return found, pd.DataFrame(found["pairs"])


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Query a store's file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def as_released(path: Path) -> None:
    """Turn a store's file into one of version 0003 with the same content."""
    new = path.rename(path.with_suffix(".new"))
    engine, settings = create_engine(f"sqlite:///{path}"), config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0003")
    engine.dispose()
    with closing(sqlite3.connect(path)) as old:
        old.execute("ATTACH ? AS new", [str(new)])
        for (table,) in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            names = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({table})"))
            if table != VERSION_TABLE:
                old.execute(f"INSERT INTO main.{table} SELECT {names} FROM new.{table}")
        old.commit()


class TestCompare:
    """An experiment that is done."""

    def test_the_answer_comes_first(self, three):
        """One line: which is best, then how it does against the baselines, each a sentence."""
        first = three("compare", "quick").stdout.splitlines()[0]
        assert first.startswith("units=30 is best: ")
        assert ". 3 of 3 configurations beat the best baseline" in first or ". No configuration is shown" in first
        assert first.endswith(".")

    def test_the_ranking_has_groups_and_every_pair_a_verdict(self, three):
        """Best first; those that share a letter cannot be distinguished."""
        lines = three("compare", "quick").stdout.splitlines()
        ranked = [line.split()[1:3] for line in lines if line.strip()[:1] in {"1", "2", "3"}]
        assert ranked[0] == ["units=30", "a"]
        assert ranked[1][1] == ranked[2][1] == "b"
        pairs = [line for line in lines if line.startswith("units=") and "+-" not in line]
        assert len(pairs[1:]) == 3
        assert sum("units=30 is better" in line for line in pairs) == 2
        assert any(line.startswith("3 pairs tested with Welch's t: ") for line in lines)

    def test_json_and_csv_have_the_numbers_of_scipy(self, three, tmp_path):
        """Difference and p of each pair, as scipy computes them from the scores."""
        from scipy import stats

        said, pairs = loaded(three("compare", "quick", "--format", "json").stdout)
        table = pd.read_csv(io.StringIO(three("compare", "quick", "--format", "csv").stdout))
        assert list(table["verdict"]) == list(pairs["verdict"])
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            frame = store.results.frame(1)
        scores = dict(tuple(frame.groupby("configuration")["test_rmse"]))
        for row in pairs.itertuples():
            assert row.test == "Welch's t"
            assert row.p == pytest.approx(stats.ttest_ind(scores[row.a], scores[row.b], equal_var=False).pvalue)
            assert row.difference == pytest.approx(scores[row.b].mean() - scores[row.a].mean())
        assert said["ranking"][0]["configuration"] == "units=30"

    def test_markdown_is_two_tables(self, three):
        """For a paper or an issue."""
        text = three("compare", "quick", "--format", "markdown").stdout
        assert text.startswith("**units=30 is best")
        assert text.count("|---:|") >= 2
        assert "| rank | configuration | group |" in text

    def test_the_report_says_it_in_short(self, three):
        """Answer, ranking and the count of verdicts, and where the rest is."""
        lines = three("report", "quick").stdout.splitlines()
        assert lines[1].startswith("units=30 is best: ")
        assert any(
            line.startswith("ranking (those that share a letter cannot be distinguished): units=30 a") for line in lines
        )
        assert any(line.startswith("pairs: 2 better, 1 ") and "`scheduler compare quick`" in line for line in lines)

    def test_a_store_of_the_last_release_gets_outcomes_by_migrate(self, three, tmp_path):
        """Its comparisons, which had words only, are computed again, and no number of them changes."""
        sql = "SELECT a, b, p, verdict, winner FROM comparisons ORDER BY a, b"
        before = rows(tmp_path / "results.db", sql)
        as_released(tmp_path / "results.db")
        assert three("compare", "quick").returncode == 1
        done = three("migrate")
        assert (done.returncode, done.stderr) == (0, "summaries and comparisons computed: 1 experiment\n")
        assert rows(tmp_path / "results.db", sql) == before
        outcomes = rows(tmp_path / "results.db", "SELECT outcome FROM comparisons ORDER BY a, b")
        assert outcomes == [("undecided",), ("better_b",), ("better_b",)]
        assert three("migrate").stderr == ""


class TestTwoExperiments:
    """`scheduler compare A B`."""

    OTHER = THREE.replace("name: quick", "name: other")

    def test_their_configurations_are_one_family(self, three, tmp_path):
        """Labels that both have get the experiment's name in front."""
        other = self.OTHER.replace("epochs: 5", "epochs: 6").replace("[1, 2, 30]", "[1, 40]")
        three("run", write(tmp_path, other, "other.yaml"), "--workers", "1")
        said, pairs = loaded(three("compare", "quick", "other", "--format", "json").stdout)
        assert said["experiment"] == "quick and other"
        assert said["answer"].startswith("units=40 is best: ")
        labels = {"quick: units=1", "units=2", "units=30", "other: units=1", "units=40"}
        assert {row["configuration"] for row in said["ranking"]} == labels
        assert len(pairs) == 10
        alone = loaded(three("compare", "quick", "--format", "json").stdout)[1].set_index(["a", "b"])
        together = pairs.set_index(["a", "b"])
        assert together.loc[("units=2", "units=30"), "p"] == alone.loc[("units=2", "units=30"), "p"]

    def test_repeats_that_both_have_are_compared_once(self, three, tmp_path):
        """The same configuration and seeds are the same repeats; the experiment with more of them counts."""
        other = self.OTHER.replace("repeats: 10", "repeats: 12").replace("[1, 2, 30]", "[2, 40]")
        three("run", write(tmp_path, other, "other.yaml"), "--workers", "1")
        said, _ = loaded(three("compare", "quick", "other", "--format", "json").stdout)
        counts = {row["configuration"]: row["finished"] for row in said["ranking"]}
        assert counts == {"units=1": 10, "units=2": 12, "units=30": 10, "units=40": 12}

    def test_other_test_rows_are_refused(self, three, tmp_path):
        """With what differs, and what to do."""
        other = self.OTHER.replace("test: 12", "test: 8")
        three("run", write(tmp_path, other, "other.yaml"), "--workers", "1")
        done = three("compare", "quick", "other")
        assert done.returncode == 2
        assert "quick and other differ in test (12 and 8): only scores on" in done.stderr
        assert "Name two experiments that forecast the same rows of the same series." in done.stderr

    def test_one_experiment_twice_is_refused(self, three):
        """It would be compared with itself."""
        done = three("compare", "quick", "quick")
        assert (done.returncode, done.stdout) == (2, "")
        assert "Both experiments are called quick." in done.stderr


class TestStates:
    """Experiments of every state and size."""

    def test_one_configuration(self, standin, tmp_path):
        """Every format reports that there is nothing to compare."""
        standin("run", write(tmp_path, QUICK.replace("[1, 2]", "[1]")), "--workers", "1")
        done = standin("compare", "quick")
        assert done.returncode == 0
        assert done.stdout.startswith("There is one configuration, units=1: mean ")
        assert json.loads(standin("compare", "quick", "--format", "json").stdout)["pairs"] == []
        assert standin("compare", "quick", "--format", "csv").stdout == "a,b,outcome,verdict\n"
        assert "one configuration" in standin("compare", "quick", "--format", "markdown").stdout

    def test_one_repeat(self, standin, tmp_path):
        """Nothing can be concluded, and nothing is."""
        standin("run", write(tmp_path, QUICK.replace("repeats: 3", "repeats: 1")), "--workers", "1")
        done = standin("compare", "quick")
        assert "undecided: too few repeats" in done.stdout
        assert "is better" not in done.stdout

    def test_all_diverged(self, standin, tmp_path):
        """Said first; no number is made up."""
        standin("run", write(tmp_path, QUICK), "--workers", "1", STANDIN_DIVERGED="1,2")
        done = standin("compare", "quick")
        assert done.stdout.startswith("No repeat has a score: all diverged.")
        assert "undecided: all repeats diverged" in done.stdout
        assert json.loads(standin("compare", "quick", "--format", "json").stdout)["ranking"][0]["mean"] is None

    def test_half_finished(self, standin, tmp_path, monkeypatch):
        """The finished repeats are compared, and the missing ones reported."""
        from scheduler.lifecycle import local_workers

        def stop(*_args, **_more):
            raise KeyboardInterrupt

        monkeypatch.setattr(local_workers, "run_workers", stop)
        assert standin("run", write(tmp_path, THREE)).returncode == 130
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            from tests.examples import finish

            finish(store, store.jobs.claim_next(owner="o", lease=60, workers=2)[:5], "o")
        for form in ("table", "markdown"):
            said = standin("compare", "quick", "--format", form).stdout
            assert "Partial: repeats are missing" in said
            assert "25 of 30 repeats have no result yet" in said

    def test_many_configurations_are_cut_and_said_to_be(self, standin, tmp_path):
        """Thirty rows of each table, those of the best; everything with --all, and in the formats for programs."""
        many = QUICK.replace("[1, 2]", str(list(range(1, 41))))
        standin("run", write(tmp_path, many), "--workers", "1", STANDIN_EFFECT="30")
        said = standin("compare", "quick").stdout
        assert "Showing 30 of 40 configurations, the best. --all shows every one." in said
        assert "Showing 30 of 780 pairs, those of the best configurations. --all shows every one." in said
        lines = [line for line in said.splitlines() if line.startswith("units=")]
        assert sum("+-" not in line for line in lines) == 1 + 30
        assert sum("+-" in line for line in lines) == 30  # all repeats together
        assert "\nand 10 more\n" in said
        assert said.count("units=40 is better") == 30
        everything = standin("compare", "quick", "--all").stdout
        assert "--all" not in everything
        assert sum(line.startswith("units=") and "+-" not in line for line in everything.splitlines()) == 1 + 780
        assert len(loaded(standin("compare", "quick", "--format", "json").stdout)[1]) == 780

    def test_unknown_experiments_are_named(self, standin, tmp_path):
        """With the nearest name, and exit code 1."""
        standin("run", write(tmp_path, QUICK), "--workers", "1")
        done = standin("compare", "quikc")
        assert done.returncode == 1
        assert "No experiment 'quikc'" in done.stderr
        assert "Nearest: quick" in done.stderr


class TestReportFormats:
    """`report --format latex|parquet` and `--output`."""

    def test_parquet_has_a_row_a_repeat(self, three, tmp_path):
        """The frame of the results, read back by pandas, from a file or from stdout."""
        done = three("report", "quick", "--format", "parquet", "--output", "results.parquet")
        assert (done.returncode, done.stdout) == (0, "")
        assert "written: results.parquet" in done.stderr
        frame = pd.read_parquet(tmp_path / "results.parquet")
        with open_store(f"sqlite:///{tmp_path / 'results.db'}") as store:
            stored = store.results.frame(1)
        assert list(frame.columns) == list(stored.columns)
        for name in ("configuration", "repeat", "seed", "state", "test_rmse", "job"):
            assert list(frame[name]) == list(stored[name]), name
        assert not frame["diverged"].any()

    def test_parquet_of_diverged_repeats(self, standin, tmp_path):
        """They are rows without a score, and flagged."""
        standin("run", write(tmp_path, QUICK), "--workers", "1", STANDIN_DIVERGED="2")
        standin("report", "quick", "--format", "parquet", "--output", "results.parquet")
        frame = pd.read_parquet(tmp_path / "results.parquet")
        assert list(frame["diverged"]) == [False] * 3 + [True] * 3
        assert np.isnan(frame["test_rmse"][3:]).all()

    def test_latex_is_a_booktabs_table(self, three, tmp_path):
        """The numbers of describe(), with everything escaped that LaTeX would take for a command."""
        three("report", "quick", "--format", "latex", "--output", "table.tex")
        lines = (tmp_path / "table.tex").read_text().splitlines()
        assert lines[2] == r"\begin{tabular}{lrrr}"
        assert lines[4] == r"test RMSE & units=1 & units=2 & units=30 \\"
        assert [line.split(" & ")[0] for line in lines[6:14]] == [
            *("count", "mean", "std", "min", r"25\%", r"50\%", r"75\%", "max")
        ]
        assert lines[14] == r"\midrule"
        assert r"\multicolumn{4}{l}{baseline: persistence 136.761} \\" in lines[15:-2]
        assert lines[-1] == r"\end{tabular}"

    def test_a_table_in_a_file_has_no_colors(self, three, tmp_path):
        """What is written is what is printed."""
        printed = three("report", "quick").stdout
        three("report", "quick", "--output", "report.txt")
        assert (tmp_path / "report.txt").read_text() == printed

    def test_plots_are_png_and_svg(self, three, tmp_path):
        """Both of each picture."""
        three("report", "quick", "--plots", "plots")
        assert {path.name for path in (tmp_path / "plots").iterdir()} == {
            f"quick-{name}.{kind}"
            for name in ("scores", "trajectories", "forecasts", "ensembles")
            for kind in ("png", "svg")
        }

    def test_a_file_that_cannot_be_written_is_named(self, three, tmp_path):
        """Exit code 2, one line."""
        (tmp_path / "taken").mkdir()
        done = three("report", "quick", "--output", "taken")
        assert done.returncode == 2
        assert "taken" in done.stderr
