"""Both verdicts from the rows of results: on these splits and beyond them, in tables and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.comparison import compare
from scheduler.statistics.splits.reading import read_split_scores
from scheduler.statistics.splits.record import OverSplits
from scheduler.statistics.splits.verdicts import over_many_splits, stored_pairs, with_splits
from store.experiments.cells import Cell
from tests.scores import experiment

SCORE = "test_rmse"


def rows(values: np.ndarray, *, windows: int = 1, name: str = "all") -> tuple[pd.DataFrame, dict[str, Cell]]:
    """Return results, and the configurations on splits, from scores: `(configurations, splits, repeats)`."""
    cells, given = {}, {}
    for k, of_one in enumerate(values):
        for s, scores in enumerate(of_one):
            label = f"{name}-{k} on {s}"
            point, split, series = f"{name}-{k}", f"{name} {s}", f"series {s // windows}"
            cells[label] = Cell(label=label, point=point, split=split, all_splits=name, series_hash="1", series=series)
            given[label] = scores
    return experiment(given), cells


def drawn(configurations: int, splits: int, gap: float, repeats: int = 6) -> np.ndarray:
    rng = np.random.default_rng([configurations, splits])
    joint = rng.normal(size=(configurations, splits, 1)) + 50 * rng.normal(size=(1, splits, 1))
    joint[-1] -= gap
    return joint + 0.1 * rng.normal(size=(configurations, splits, repeats))


def found(values: np.ndarray, windows: int = 1) -> OverSplits:
    results, cells = rows(values, windows=windows)
    (one,) = over_many_splits(read_split_scores(results, cells, SCORE), alpha=0.05).values()
    return one


def test_scores_are_arranged_by_configuration_split_and_repeat():
    values = drawn(3, 4, 0.0)
    values[1, 2, 3], values[0, 0, 0] = np.inf, np.nan
    results, cells = rows(values, windows=2)
    one = read_split_scores(results.sample(frac=1, random_state=0), cells, SCORE)["all"]
    assert one.values == pytest.approx(values, nan_ok=True)
    assert one.labels == ("all-0", "all-1", "all-2")
    assert one.series == ("1 series 0", "1 series 0", "1 series 1", "1 series 1")
    assert one.windows == (1, 2, 1, 2)


def test_one_split_has_nothing_beyond_it():
    results, cells = rows(drawn(2, 1, 0.0))
    assert read_split_scores(results, cells, SCORE) == {}


@pytest.mark.parametrize(
    ("configurations", "splits", "gap", "windows", "words"),
    [
        (2, 6, 2.0, 6, "on 6 windows; over windows like these it is undecided: about "),
        (2, 5, 2.0, 1, "5 series; they are too few to say anything beyond them: that takes at least 6 series."),
        (2, 12, 9.0, 1, "series; over series like these it is better, too (p < 0.001 after Holm's correction)."),
        (3, 12, 9.0, 1, "series; over series like these all-2 is better, too (p"),
        (3, 12, 0.0, 1, "cannot be distinguished from any of the other 2: about "),
    ],
)
def test_both_answers(configurations: int, splits: int, gap: float, windows: int, words: str):
    values = drawn(configurations, splits, gap)
    results, cells = rows(values, windows=windows)
    pooled = compare(experiment(dict(enumerate(values.mean(axis=1)))))
    both = with_splits(pooled, {"": over_many_splits(read_split_scores(results, cells, SCORE), alpha=0.05)["all"]})
    kind = "windows" if windows > 1 else "series"
    assert both.answer.startswith(f"On these {splits} {kind} {pooled.answer[:-1]}; over" if "over" in words else "On")
    assert words.rsplit("; ", maxsplit=1)[-1] in both.answer
    table = stored_pairs(both)
    assert list(table["over"].unique()) == ["these splits", "beyond"]
    assert not table.duplicated(["a", "b", "over"]).any()


def test_sets_of_splits_are_one_family():
    """Where an axis changes the question, pairs are within each set, and the correction is over all."""
    first, second = rows(drawn(2, 12, 1.0), name="one"), rows(drawn(2, 12, 1.0), name="two")
    results = pd.concat([first[0], second[0]], ignore_index=True)
    scores = read_split_scores(results, first[1] | second[1], SCORE)
    alone = over_many_splits({"one": scores["one"]}, alpha=0.05)["one"].pairs["p_adjusted"].iloc[0]
    both = over_many_splits(scores, alpha=0.05)
    assert both["one"].pairs["p_adjusted"].iloc[0] == pytest.approx(2 * alone)
    assert both["one"].least == 7


def test_variances_are_a_table():
    one = found(drawn(3, 12, 0.0))
    assert list(one.variances["part"]) == ["configuration", "split", "configuration x split", "seed", "residual"]
    assert one.variances["share"].sum() == pytest.approx(1)
    assert one.advice.startswith("Beyond these series more series tell more, not more repeats: ")


def test_one_configuration_has_variances_and_no_pairs():
    one = found(drawn(1, 12, 0.0))
    assert one.pairs.empty
    assert one.variances["variance"].notna().sum() == 3


def test_divergence_is_noted():
    values = drawn(2, 12, 9.0)
    values[0, 3, :2] = np.inf
    results, cells = rows(values)
    pooled = compare(experiment(dict(enumerate(drawn(2, 12, 9.0).mean(axis=1)))))
    both = with_splits(pooled, {"": over_many_splits(read_split_scores(results, cells, SCORE), alpha=0.05)["all"]})
    assert "2 trainings diverged, on 1 split." in both.notes
