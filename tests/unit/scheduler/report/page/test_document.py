"""The report page as a text: what it says, that it stays small, and that nothing of a user's becomes markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.report import page
from scheduler.report.report_data import ReportData
from tests.reports import HOSTILE, made_comparisons, made_report


class Reader(HTMLParser):
    """Collect the elements, links and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside: list[str] = []
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._inside.append(dict(attrs).get("id") or tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that a script ends."""
        if tag in {"script", "style"}:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Note words, or what a script has."""
        if self._inside:
            self.raw[self._inside[-1]] = self.raw.get(self._inside[-1], "") + data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return " ".join(" ".join(self.words).split())

    @property
    def payload(self) -> dict[str, Any]:
        """The data of the pictures."""
        content: dict[str, Any] = json.loads(self.raw["data"])
        return content

    def ids(self) -> list[str]:
        """All ids, in order."""
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]


def read(report: ReportData) -> Reader:
    """Make the page and read it."""
    return Reader(page.render(report))


def floats(text: str) -> np.ndarray[Any, Any]:
    """Unpack numbers as the page's script does."""
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


SECTIONS = [
    "answer",
    "summary",
    "scores",
    "trajectories",
    "forecasts",
    "comparisons",
    "baselines",
    "grid",
    "provenance",
]


class TestSections:
    def test_the_answer_comes_first_and_all_sections_follow(self) -> None:
        """Answer, summary, pictures, comparisons, baselines, grid, provenance, and a link to each."""
        report = made_report(comparisons=made_comparisons(), answer="units=3 is better.", notes=("Two notes.",))
        found = read(report)
        assert [name for name in found.ids() if name in SECTIONS] == SECTIONS
        links = [attributes["href"] for tag, attributes in found.elements if tag == "a"]
        assert links == ["#answer", *(f"#{name}" for name in SECTIONS)]
        assert found.text.index("units=3 is better.") < found.text.index("Two notes.") < found.text.index("25%")

    def test_what_the_store_does_not_have_is_left_out_and_named(self) -> None:
        """No empty charts: one line says what is missing."""
        found = read(made_report(points=0, horizon=0, baselines=None))
        assert not {"trajectories", "forecasts", "comparisons", "baselines"} & set(found.ids())
        assert "the store has none: trajectories, forecasts, comparisons, baselines." in found.text

    def test_without_comparisons_the_page_claims_nothing(self) -> None:
        """The lowest mean is called that, and not the best configuration."""
        said = read(made_report()).text
        assert "units=3 has the lowest mean test RMSE" in said
        assert "nothing is said of how sure that is" in said

    def test_partial_experiments_say_so(self) -> None:
        """States of the missing repeats are given."""
        said = read(made_report(waiting=5)).text
        assert "Partial. Not all repeats are in (15 queued)" in said
        assert "21 of 36 repeats" in said

    def test_the_best_baseline_is_told_with_how_many_means_are_below_it(self) -> None:
        """Whether anything beats it is seen at once."""
        assert "Best baseline 70.40 ETS; 0 of 3 means below it" in read(made_report()).text

    def test_grid_and_provenance_are_shown_as_they_are(self) -> None:
        """The grid keeps its lines."""
        text = page.render(made_report())
        assert "name: tune-units\ngrid:\n  model.units: [1, 2, 3]\n" in text
        assert "<dt>numerics</dt><dd>1</dd>" in text


class TestNumbers:
    def test_summaries_are_those_of_the_report(self) -> None:
        """The table has describe()'s numbers to six digits, and the exact ones to sort by."""
        report = made_report(diverged=2)
        text, row = page.render(report), report.summaries.iloc[0]
        for name in ("mean", "std", "min", "p25", "p50", "p75", "max"):
            assert f'data-v="{float(row[name])!r}">{row[name]:.3f}<' in text
        assert '<td data-v="10">10</td>' in text
        assert '<td data-v="2">2</td>' in text

    def test_boxes_are_of_all_finished_scores(self) -> None:
        """Median and quartiles are pandas' own; diverged repeats are counted apart."""
        report = made_report(diverged=2)
        box = read(report).payload["boxes"][0]
        kept = report.scores()["units=1"]
        np.testing.assert_allclose(box["box"][1:4], np.percentile(kept, [25, 50, 75]))
        np.testing.assert_allclose(floats(box["scores"]), np.sort(kept), rtol=1e-6)
        assert (box["n"], box["diverged"]) == (10, 2)

    def test_bands_are_percentiles_of_the_repeats(self) -> None:
        """Where all repeats have diverged there is no number."""
        report = made_report(points=20)
        packed = read(report).payload["trajectories"]["0"]
        expected = np.percentile(report.trajectories["units=1"].test, [10, 50, 90], axis=0)
        np.testing.assert_allclose([floats(curve) for curve in packed["test"]], expected, rtol=1e-5)

    def test_forecasts_know_their_place_in_the_series(self) -> None:
        """The test rows are found, so that the picture shows what came before."""
        packed = read(made_report(horizon=3, targets=2)).payload["forecasts"]["0"]
        assert packed["shape"] == [4, 3, 2]
        assert packed["start"] == [6, 0, 0]

    def test_forecasts_of_something_else_stand_alone(self) -> None:
        """Targets that are not a part of the series are drawn without it."""
        report = made_report(series_values=np.arange(12.0))
        assert read(report).payload["forecasts"]["0"]["start"] is None

    def test_seeds_are_exact(self) -> None:
        """63-bit seeds do not fit a number of JavaScript, so they travel as text."""
        assert read(made_report(repeats=2)).payload["seeds"] == ["6000000000000000000", "6000000000000000001"]


class TestAudit:
    def test_the_scores_at_the_picked_epochs_and_the_flags_are_shown(self) -> None:
        """What was not scored, as without a validation part, is left out."""
        frame = pd.DataFrame({"configuration": ["units=1"], "last": [104.5], "best": [91.25], "best_epoch": [420.0]})
        frame = frame.assign(optimism=13.25, validation=np.nan, validation_epoch=np.nan)
        found = read(made_report(audit=frame, audit_words=("units=1 is ahead only by its best epochs.",)))
        assert "units=1 is ahead only by its best epochs." in found.text
        assert "units=1 104.500 91.250 420 13.250" in found.text
        assert "chosen by validation" not in found.text

    def test_validation_curves_are_drawn_where_there_are_any(self) -> None:
        """Held-out training rows give a third curve."""
        report = made_report(["one"], points=10)
        curves = report.trajectories["one"]
        with_validation = SimpleNamespace(**vars(curves), validation=curves.test - 10)
        packed = read(made_report(["one"], trajectories={"one": with_validation})).payload["trajectories"]["0"]
        np.testing.assert_allclose(floats(packed["validation"][1]), floats(packed["test"][1]) - 10, rtol=1e-5)
        assert "validation" not in read(report).payload["trajectories"]["0"]


class TestComparisons:
    def test_every_cell_says_the_pair_both_ways(self) -> None:
        """Row against column: the sign, the number and the words turn with the direction."""
        text = page.render(made_report(comparisons=made_comparisons()))
        assert "units=2 is better than units=1 by 9.500 in the mean (95% interval 5.000 to 14.00)." in text
        assert "units=1 is worse than units=2 by 9.500 in the mean (95% interval 5.000 to 14.00)." in text
        assert "A repeat of units=1 beats one of units=2 with probability 25%" not in text
        assert "a repeat of units=1 beats one of units=2 with probability 25%" in text
        assert "p = 0.0004 by Welch&#x27;s t (repeats do not share seeds)" in text
        assert "units=3 against units=1: undecided: about 40 more repeats would settle it." in text

    def test_the_winner_counts_where_there_is_no_mean(self) -> None:
        """A configuration whose repeats all diverged has no mean, and is worse all the same."""
        row = {"a": "units=1", "b": "units=2", "difference": np.nan, "low": np.nan, "high": np.nan}
        frame = pd.DataFrame([{**row, "outcome": "better_a", "verdict": "better", "winner": "units=1"}])
        assert "units=1 is better than units=2." in page.render(made_report(comparisons=frame))

    def test_of_many_configurations_the_best_are_compared_and_it_says_so(self) -> None:
        """A matrix of 60 x 60 would not be read."""
        labels = [f"c{place}" for place in range(60)]
        said = read(made_report(labels, points=0, horizon=0, comparisons=made_comparisons(labels))).text
        assert "the 15 best means of 60" in said
        assert "The 300 of 1,770 with the least p" in said


class TestSafety:
    @pytest.fixture
    def hostile(self) -> str:
        """A page on which everything that a user can choose is hostile."""
        labels = [HOSTILE, HOSTILE + "2", "$data ${script}"]
        report = made_report(
            labels,
            comparisons=made_comparisons(labels),
            experiment=HOSTILE,
            description=HOSTILE,
            grid_text=HOSTILE,
            series_name=HOSTILE,
            series_times=(HOSTILE,) * 12,
            answer=HOSTILE,
            notes=(HOSTILE,),
            provenance={HOSTILE: HOSTILE},
            audit=pd.DataFrame({"configuration": [HOSTILE], "last": [1.0]}),
            audit_words=(HOSTILE,),
            counts={"done": 36, HOSTILE: 1},
            partial=True,
            ranking=pd.DataFrame({"configuration": labels, "group": [HOSTILE] * 3}),
            baselines=pd.DataFrame({"baseline": [HOSTILE], "rmse": [100.0], "note": [HOSTILE], "target": [HOSTILE]}),
        )
        return page.render(report)

    def test_labels_stay_text(self, hostile: str) -> None:
        """No element or attribute comes from a user."""
        found = Reader(hostile)
        assert not {"img", "b", "iframe", "object"} & {
            tag for tag, attributes in found.elements if tag != "b" or attributes
        }
        assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
        assert [tag for tag, _ in found.elements].count("script") == 2
        assert found.payload["labels"][0] == HOSTILE
        assert HOSTILE in found.text

    def test_only_the_pages_own_script_may_run(self, hostile: str) -> None:
        """The policy in the page names its script by hash and allows no request."""
        found = Reader(hostile)
        (policy,) = [a["content"] or "" for tag, a in found.elements if tag == "meta" and "http-equiv" in a]
        digest = base64.b64encode(hashlib.sha256(found.raw["script"].encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in policy
        assert "default-src 'none'" in policy

    def test_nothing_is_asked_from_elsewhere(self) -> None:
        """No address but the namespace of SVG is in the page."""
        found = Reader(page.render(made_report(comparisons=made_comparisons())))
        linked = [a.get("src") or a.get("href") or "" for _, a in found.elements]
        assert all(address.startswith(("#", "data:")) for address in linked if address)
        assert set(re.findall(r"https?://[^\"'\s<]+", found.raw["script"])) == {"http://www.w3.org/2000/svg"}

    def test_numbers_that_json_does_not_have_are_null(self) -> None:
        """A diverged repeat does not break the page."""
        found = read(made_report(diverged=12))
        assert found.payload["boxes"][0] == {"n": 0, "diverged": 12}
        assert "No repeat has a score: all diverged or failed." in found.text


class TestAccess:
    def test_every_id_is_unique_and_every_reference_leads_somewhere(self) -> None:
        """What labels a section is there, once."""
        found = read(made_report(comparisons=made_comparisons()))
        ids = found.ids()
        assert len(ids) == len(set(ids))
        wanted = [a[name] for _, a in found.elements for name in ("aria-labelledby", "aria-describedby") if name in a]
        assert set(wanted) <= set(ids)

    def test_tables_have_captions_and_heads(self) -> None:
        """Each table says what it shows, and each row has a head."""
        tags = [tag for tag, _ in read(made_report(comparisons=made_comparisons())).elements]
        assert tags.count("table") == tags.count("caption") == 5
        scopes = [a.get("scope") for tag, a in read(made_report()).elements if tag == "th"]
        assert set(scopes) == {"row", "col"}


class TestSize:
    def test_decimated_points_keep_both_ends(self) -> None:
        """Of 3,000 scores 400 are drawn, the least and the greatest among them; the box is of all."""
        report = made_report(["one"], repeats=3000, points=0, horizon=0)
        found, kept = read(report), report.scores()["one"]
        drawn = floats(found.payload["boxes"][0]["scores"])
        assert len(drawn) == 400
        np.testing.assert_allclose([drawn[0], drawn[-1]], [kept.min(), kept.max()], rtol=1e-6)
        assert found.payload["boxes"][0]["n"] == 3000
        assert "at most 400 points a box are drawn" in found.text
