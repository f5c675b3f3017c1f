"""Our results against the published numbers: rulings come from the scores, and the page says what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scheduler.replication.findings import Ruling, check_finding, from_summaries
from scheduler.replication.page import page
from scheduler.replication.published import FOLDER, NOISE, TABLES, Finding, Table
from scheduler.replication.runs import VARIANTS, Run
from scheduler.statistics.comparison import compare

EPOCHS = next(table for table in TABLES if table.stem == "tune_epochs")


def results(means: dict[str, float], *, std: float = 5.0, repeats: int = 30) -> pd.DataFrame:
    """Return scores whose means are exactly these."""
    rng = np.random.default_rng(3)
    parts = []
    for label, mean in means.items():
        drawn = rng.normal(size=repeats)
        scores = mean + std * (drawn - drawn.mean()) / drawn.std(ddof=1)
        parts.append(pd.DataFrame({"configuration": label, "repeat": range(repeats), "test_rmse": scores}))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(seed=frame["repeat"], state="done", diverged=False, train_rmse=frame["test_rmse"])


def verdict(relation: str, a: float, b: float, **how: float) -> str:
    """Return the judgement of a finding on a against b."""
    finding = Finding(words="w", pairs=(("a", "b"),), relation=relation)  # type: ignore[arg-type]
    published = pd.DataFrame({"count": [30, 30], "mean": [90.0, 99.0], "std": [5.0, 5.0]}, index=["a", "b"])
    both = results({"a": a, "b": b}, **how)  # type: ignore[arg-type]
    turned = both.iloc[::-1].reset_index(drop=True)
    said = {check_finding(finding, compare(frame), published).ruling for frame in (both, turned)}
    assert len(said) == 1
    return said.pop()


class TestFindings:
    """A finding is decided by our own scores, whichever of a pair comes first in the grid."""

    def test_a_lower_error_holds_when_it_is_told_apart(self) -> None:
        """The direction decides, not the size."""
        assert verdict("lower", 80, 90) == Ruling.HOLDS
        assert verdict("lower", 90, 80) == Ruling.FAILS

    def test_a_lower_error_does_not_hold_without_a_difference(self) -> None:
        """Surely alike is no finding."""
        assert verdict("lower", 90, 90, repeats=300) == Ruling.FAILS

    def test_too_few_repeats_decide_nothing(self) -> None:
        """Neither direction is claimed on noise."""
        assert verdict("lower", 88, 90, std=20) == Ruling.UNDECIDED
        assert verdict("not lower", 88, 90, std=20) == Ruling.UNDECIDED

    def test_nothing_gained_holds_when_a_gain_beyond_the_noise_is_ruled_out(self) -> None:
        """Also where the two cannot be distinguished."""
        assert verdict("not lower", 90, 80) == Ruling.HOLDS
        assert verdict("not lower", 90, 90) == Ruling.HOLDS
        assert verdict("not lower", 80, 90) == Ruling.FAILS

    def test_the_interval_of_summaries_is_welchs(self) -> None:
        """As SciPy's from the same statistics."""
        one = pd.Series({"count": 30, "mean": 82.1, "std": 4.1})
        other = pd.Series({"count": 12, "mean": 91.6, "std": 6.1})
        rng = np.random.default_rng(1)
        drawn = [rng.normal(size=int(row["count"])) for row in (one, other)]
        exact = [row["mean"] + row["std"] * (x - x.mean()) / x.std(ddof=1) for row, x in zip((one, other), drawn)]  # noqa: B905
        known = stats.ttest_ind(*exact, equal_var=False).confidence_interval(0.95)
        found = from_summaries(one, other)
        assert (found.low, found.high) == pytest.approx((known.low, known.high))
        assert found.difference == pytest.approx(82.1 - 91.6)


class TestPublished:
    """The tables that come with the project."""

    @pytest.mark.parametrize("table", TABLES, ids=[table.stem for table in TABLES])
    def test_findings_are_about_configurations_of_the_table(self, table: Table) -> None:
        """Every pair and every score was published."""
        published = table.published()
        for finding in table.findings:
            rows = published[published["score"] == finding.score]
            assert {name for pair in finding.pairs for name in pair} <= set(rows["configuration"])

    @pytest.mark.parametrize("table", TABLES, ids=[table.stem for table in TABLES])
    def test_its_grids_have_its_configurations(self, table: Table) -> None:
        """The shipped grids, as they are named, label configurations as the table does."""
        from pathlib import Path

        from scheduler.grid.grid import Grid

        for variant in VARIANTS:
            path = Path(__file__).parents[4] / variant.command(table).removeprefix("scheduler run ")
            grid = Grid.load(path)
            assert grid.name == variant.experiment(table)
            assert {point.label for point in grid.points} == set(table.published()["configuration"])

    def test_scores_of_single_repeats_are_summarised(self) -> None:
        """The trajectories were published repeat by repeat."""
        raw = pd.read_csv(FOLDER / "diagnostic_epochs.csv")
        found = TABLES[0].published().set_index(["score", "configuration"])
        mine = raw.loc[raw["configuration"] == "epochs=2000", "train_rmse"]
        assert found.loc[("train_rmse", "epochs=2000"), "mean"] == pytest.approx(mine.mean())

    def test_the_noise_is_that_of_the_reruns(self) -> None:
        """104.57 to 98.34."""
        assert pytest.approx(6.23) == NOISE


class TestPage:
    """The whole page."""

    def test_an_empty_store_names_every_command(self) -> None:
        """A table that was not run is named with the command that runs it."""
        text = page({}, {})
        for variant in VARIANTS:
            for table in TABLES:
                assert f"Not in this store. `{variant.command(table)}` runs it." in text
        assert "holds |" not in text

    def test_verdicts_follow_the_scores(self) -> None:
        """Scores against a finding turn it around; nothing is written down beforehand."""
        good = dict(zip(EPOCHS.published()["configuration"], (109, 104, 108, 116, 128), strict=True))
        assert "| 1000 epochs have a lower error than 4000 and 6000 | holds | not run |" in page(one_run(good), {})
        bad = good | {"epochs=6000": 90.0}
        text = page(one_run(bad), {})
        assert "| 1000 epochs have a lower error than 4000 and 6000 | does not hold | not run |" in text
        assert "| more epochs than 1000 do not lower the error | does not hold | not run |" in text

    def test_means_are_placed_inside_or_beyond_the_noise(self) -> None:
        """By the difference and its interval."""
        means = EPOCHS.published().set_index("configuration")["mean"]
        rows = [line for line in page(one_run(dict(means + 40)), {}).splitlines() if line.startswith("| | ours")]
        assert all(line.endswith("| beyond |") for line in rows)
        rows = [line for line in page(one_run(dict(means)), {}).splitlines() if line.startswith("| | ours")]
        assert all(line.endswith("| inside |") for line in rows)
        assert len(rows) == 5

    def test_missing_repeats_are_said(self) -> None:
        """A run that is under way is shown as far as it is."""
        run = one_run(dict(EPOCHS.published().set_index("configuration")["mean"]))["tune-epochs"]
        run.results.loc[0, "state"] = "queued"
        assert "Partial: 1 of 150 repeats are missing." in page({"tune-epochs": run}, {})

    def test_another_grid_of_that_name_is_not_taken_for_it(self) -> None:
        """Without the configurations of the table there is nothing to hold against it."""
        assert "grids/tune_epochs.yaml` runs it." in page(one_run({"epochs=1": 100.0, "epochs=2": 100.0}), {})

    def test_both_variants_are_held_against_each_other(self) -> None:
        """The last section says whose means are closer."""
        means = EPOCHS.published().set_index("configuration")["mean"]
        runs = one_run(dict(means + 9)) | {"older-keras-tune-epochs": one_run(dict(means + 2))["tune-epochs"]}
        text = page(runs, {})
        assert "| Tuning of the epochs | 9.00 | 2.00 |" in text
        assert (
            "Our means are closer to the published ones with an older Keras' settings in *tuning of the epochs*."
            in text
        )


def one_run(means: dict[str, float]) -> dict[str, Run]:
    """Return a store's content with only the table of the epochs."""
    run = Run(results=results(means), persistence=136.761, made_with={"python": "3", "keras": "3", "tensorflow": "2"})
    return {"tune-epochs": run}
