"""Of very many configurations the best are shown."""

from __future__ import annotations

import pandas as pd
import pytest

from scheduler.report import shown
from scheduler.report.page.answer import best_first
from tests.page_reader import read
from tests.reports import made_report

LABELS = [f"units={place}" for place in range(12)]


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make room for five configurations."""
    monkeypatch.setattr(shown, "MOST", 5)
    monkeypatch.setattr(shown, "LEAST", 2)


def test_few_are_all_shown() -> None:
    """Nothing is left out, and nothing is copied."""
    report = made_report(LABELS[:5])
    assert shown.best(report.summaries.assign(split="s")) is None
    assert shown.narrowed(report, report.labels) is report
    assert shown.how_many(5, 5) == ""


def test_best_means_and_medians_of_each_split() -> None:
    """Pictures choose by the median, tables by the mean; splits share the room."""
    rows = [("a", 1, 9), ("b", 2, 8), ("c", 3, 7), ("d", 9, 1), ("e", 5, 5), ("f", 6, 6)]
    frame = pd.DataFrame(rows, columns=["configuration", "mean", "p50"])
    assert shown.best(frame.assign(split="s")) == {"a", "b", "c", "d", "e", "f"}
    several = pd.concat([frame.assign(split="s"), frame.assign(split="t", configuration=[*"ghijkl"])])
    assert shown.best(several) == {"a", "b", "d", "e", "g", "h", "j", "k"}


def test_the_page_shows_the_best_and_says_so() -> None:
    """Summary, boxes and curves are of the same five; the answer counts all twelve."""
    report = made_report(LABELS, repeats=4)
    order = best_first(report)
    found = read(report)
    assert {found.payload["labels"][place] for place in found.payload["best"]} == set(order[:5])
    assert [found.payload["labels"][place] for place in found.payload["best"]] == order[:5]
    assert len(found.payload["boxes"]) == 5
    assert "The 5 best means of 12." in found.text
    assert "Tables and pictures show the 5 best means of 12 configurations" in found.text
    assert "12 configurations" in found.text
