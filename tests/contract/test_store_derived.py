"""What is computed from results, and the series: summaries, comparisons and baselines are read as they were written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from store import NotFound, Store, StoreError
from tests.contract.saved_results import query
from tests.examples import SERIES, conclude, experiment, run_all, submit

BASELINE = pd.DataFrame([{"split": "s", "baseline": "drift", "rmse": 1.0}])


class TestDerived:
    """Summaries, comparisons and baselines."""

    SUMMARY = pd.DataFrame(
        {
            "configuration": ["b", "a"],
            "count": [3, 0],
            **{
                name: [float(place), np.nan]
                for place, name in enumerate(("mean", "std", "min", "p25", "p50", "p75", "max"))
            },
            "diverged": [1, 2],
        }
    )

    def test_summaries_come_back_in_the_order_of_the_grid(self, store: Store, store_url: str) -> None:
        """What was written is read, by frame and by view; writing again replaces it."""
        made = submit(store, experiment(labels=["a", "b"])).experiment
        assert store.results.summaries(made.id).empty
        for _ in range(2):
            conclude(store, made.id, summaries=self.SUMMARY)
        frame = store.results.summaries(made.id)
        expected = self.SUMMARY.iloc[::-1].reset_index(drop=True)
        pd.testing.assert_frame_equal(frame.drop(columns="split"), expected)
        rows = query(
            store_url, "SELECT configuration, count, mean, p50, diverged FROM summaries ORDER BY configuration"
        )
        assert rows == [("a", 0, None, None, 2), ("b", 3, 0.0, 4.0, 1)]

    def test_done_experiment_is_summarised_then(self, store: Store) -> None:
        """Writing the summaries of an experiment that is done settles it; of one that runs it does not."""
        made = submit(store, experiment(labels=["a", "b"])).experiment
        conclude(store, made.id, summaries=self.SUMMARY)
        assert store.experiments.get("tune").summarised_at is None
        run_all(store)
        store.experiments.close_if_done()
        assert store.experiments.unsummarised() == [made.id]
        conclude(store, made.id, summaries=self.SUMMARY.assign(count=3, diverged=0))
        assert store.experiments.unsummarised() == []
        conclude(store, made.id, summaries=self.SUMMARY)  # of other results than there are
        assert store.experiments.unsummarised() == [made.id]

    def test_conclusions_of_other_results_are_not_written(self, store: Store) -> None:
        """Repeats or looks that came after the results were read: what is stored stays, all of it."""
        made = submit(store, experiment(labels=["a", "b"])).experiment
        changes = (
            lambda: run_all(store),
            lambda: store.experiments.plan_looks(made.id, (3, 5)),
            lambda: submit(store, experiment("more", ["a"], repeats=5)) and None,
        )
        written = [store.results.version(made.id)]
        for change in changes:
            change()
            written.append(store.results.version(made.id))
        assert len(set(written)) == 3  # another experiment's repeats are none of its own
        conclude(store, made.id, summaries=self.SUMMARY)
        pairs = pd.DataFrame([{"a": "a", "b": "b", "verdict": "better"}])
        late = {"summaries": self.SUMMARY.assign(count=9), "comparisons": pairs, "baselines": BASELINE}
        assert not store.results.write_conclusions(made.id, of=written[0], **late)
        assert store.results.summaries(made.id)["count"].tolist() == [0, 3]
        assert store.results.comparisons(made.id).empty
        assert store.results.baselines(made.id).empty
        assert store.results.write_conclusions(made.id, of=written[-1], **late)
        assert store.results.summaries(made.id)["count"].tolist() == [9, 9]

    def test_unknown_configuration_is_refused(self, store: Store) -> None:
        """A summary of a configuration that the experiment does not have is a mistake, and named."""
        made = submit(store, experiment(labels=["a"])).experiment
        with pytest.raises(NotFound, match=r"Experiment 1 has no configuration b\."):
            conclude(store, made.id, summaries=self.SUMMARY)

    def test_comparisons_keep_order_and_further_columns(self, store: Store, store_url: str) -> None:
        """Comparisons come back as written, with columns that the table does not have."""
        made = submit(store).experiment
        frame = pd.DataFrame(
            [
                {
                    "a": "units=2",
                    "b": "units=1",
                    "difference": -1.5,
                    "outcome": "better_b",
                    "verdict": "better",
                    "winner": "units=1",
                    "more": 0,
                    "paired": True,
                },
                {
                    "a": "units=1",
                    "b": "units=3",
                    "difference": np.nan,
                    "outcome": "undecided",
                    "verdict": "undecided",
                    "winner": None,
                    "more": 12,
                    "paired": False,
                },
            ]
        )
        conclude(store, made.id, comparisons=frame)
        conclude(store, made.id, comparisons=frame)
        read = store.results.comparisons(made.id)
        assert read[["a", "b", "verdict", "more", "paired"]].to_dict("records") == (
            frame[["a", "b", "verdict", "more", "paired"]].to_dict("records")
        )
        assert read["difference"].tolist()[0] == -1.5
        assert query(store_url, "SELECT a, verdict, winner, outcome FROM comparisons ORDER BY a DESC") == [
            ("units=2", "better", "units=1", "better_b"),
            ("units=1", "undecided", None, "undecided"),
        ]

    def test_incomplete_comparison_is_refused(self, store: Store) -> None:
        """A row without its verdict is refused, and what was there stays."""
        made = submit(store).experiment
        conclude(store, made.id, comparisons=pd.DataFrame([{"a": "x", "b": "y", "verdict": "better"}]))
        with pytest.raises(StoreError, match="A row for comparison_rows needs a, b, verdict"):
            conclude(store, made.id, comparisons=pd.DataFrame([{"a": "x", "b": "y"}]))
        assert len(store.results.comparisons(made.id)) == 1

    def test_baselines_can_be_used_again(self, store: Store) -> None:
        """Another experiment on the same split finds the baselines that were computed for the first."""
        first = submit(store, experiment("first")).experiment
        assert store.results.baselines_of(["shampoo/12"]) == {}
        frame = pd.DataFrame(
            [
                {"split": "shampoo/12", "baseline": "persistence", "rmse": 136.761, "mae": 110.0, "mase": np.inf},
                {"split": "other/3", "baseline": "drift", "rmse": 1.0, "order": "1,0,0"},
            ]
        )
        store.results.write_baselines(first.id, frame)
        assert store.results.baselines(first.id)["baseline"].tolist() == ["persistence", "drift"]
        again = store.results.baselines_of(["shampoo/12"])["shampoo/12"]
        assert again[["baseline", "rmse"]].to_dict("records") == [{"baseline": "persistence", "rmse": 136.761}]
        assert store.results.comparisons(first.id).empty

    def test_a_baseline_has_a_row_for_each_target(self, store: Store) -> None:
        """Where several columns are forecast, each has its errors, and so have all together."""
        made = submit(store).experiment
        targets = ["all targets", "tens", "fives"]
        rows = [{"split": "s", "target": target, "baseline": "drift", "rmse": 1.0} for target in targets]
        store.results.write_baselines(made.id, pd.DataFrame(rows))
        assert store.results.baselines(made.id)["target"].tolist() == targets


class TestSeries:
    """`store.series`."""

    def test_series_is_read_as_it_was_put(self, store: Store) -> None:
        """Values, columns and times come back; a second put of the same content changes nothing."""
        store.series.put(SERIES)
        store.series.put(replace(SERIES, name="the same under another name"))
        found = store.series.get(SERIES.content_hash)
        assert (found.name, found.columns, found.times) == (SERIES.name, SERIES.columns, SERIES.times)
        assert np.array_equal(found.values, SERIES.values)

    def test_series_without_times(self, store: Store) -> None:
        """A series need not have times."""
        store.series.put(replace(SERIES, times=()))
        assert store.series.get(SERIES.content_hash).times == ()

    def test_unknown_series_is_named(self, store: Store) -> None:
        """A series that is not there says what to do."""
        with pytest.raises(NotFound, match=r"No series with the content hash 'nothing' in .*Submit its grid again"):
            store.series.get("nothing")
