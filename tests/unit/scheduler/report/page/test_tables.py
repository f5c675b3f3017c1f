"""The tables of the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.report import page
from scheduler.report.page import tables
from tests.page_reader import read
from tests.reports import made_report


class TestTables:
    def test_summaries_are_those_of_the_report(self) -> None:
        """The table has describe()'s numbers with three digits of their spread, and the exact ones to sort by."""
        report = made_report(diverged=2)
        text, row = page.render(report), report.summaries.iloc[0]
        for name in ("mean", "std", "min", "p25", "p50", "p75", "max"):
            assert f'data-v="{float(row[name])!r}">{row[name]:.2f}<' in text
        assert '<td data-v="10">10</td>' in text
        assert '<td data-v="2">2</td>' in text

    def test_the_scores_at_the_picked_epochs_and_the_flags_are_shown(self) -> None:
        """What was not scored, as without a validation part, is left out."""
        frame = pd.DataFrame({"configuration": ["units=1"], "last": [104.5], "best": [91.25], "best_epoch": [420.0]})
        frame = frame.assign(optimism=13.25, validation=np.nan, validation_epoch=np.nan)
        found = read(made_report(audit=frame, audit_words=("units=1 is ahead only by its best epochs.",)))
        assert "units=1 is ahead only by its best epochs." in found.text
        assert "units=1 104.5 91.2 420 13.25" in found.text
        assert "chosen by validation" not in found.text

    def test_train_rmse_and_mae_are_beside_the_scores(self) -> None:
        """As means of the repeats."""
        said = read(made_report()).text
        assert "Columns train RMSE and MAE: means of the repeats." in said
        assert "max train RMSE MAE diverged" in said

    def test_the_score_itself_is_not_beside_the_scores(self) -> None:
        """Where repeats are judged by MAE, the other one is RMSE."""
        frame = pd.DataFrame({"configuration": ["units=1"], "train_rmse": [6.5], "rmse": [9.5], "mae": [7.5]})
        found = tables.summary(made_report(["units=1"], mean_errors=frame, score="mae"))
        assert found is not None
        assert [column.head for column in found.columns][-3:] == ["train RMSE", "RMSE", "diverged"]

    def test_without_train_rmse_its_column_is_left_out(self) -> None:
        """Some protocols score no training part."""
        frame = pd.DataFrame({"configuration": ["units=1"], "train_rmse": [np.nan], "mae": [7.5]})
        found = tables.summary(made_report(["units=1"], mean_errors=frame))
        assert found is not None
        assert [column.head for column in found.columns][-2:] == ["MAE", "diverged"]

    def test_letters_of_groups_have_their_own_kind_of_column(self) -> None:
        """They are never wrapped."""
        ranking = pd.DataFrame({"configuration": ["units=1", "units=2", "units=3"], "group": ["abcdefgh", "a", "b"]})
        assert '<td class="letters">abcdefgh</td>' in page.render(made_report(ranking=ranking))

    @pytest.mark.parametrize(("scale", "shown"), [(1e-9, "e\N{MINUS SIGN}07<"), (1e18, "e+20<")])
    def test_very_small_and_very_large_scores_are_readable(self, scale: float, shown: str) -> None:
        """All digits that differ are there."""
        report = made_report()
        numbers = report.summaries.select_dtypes("number").columns.difference(["count", "diverged"])
        report.summaries[numbers] *= scale
        assert shown in page.render(report)
