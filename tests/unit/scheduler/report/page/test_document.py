"""The report page as a text: what it says, that it stays small, and that nothing of a user's becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re

import numpy as np
import pandas as pd
import pytest

from scheduler.report import page
from scheduler.report.report_data import BaselineForecast
from tests.page_reader import Reader, read
from tests.reports import HOSTILE, made_comparisons, made_report

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
        assert "so this difference may be chance" in said

    def test_partial_experiments_say_so(self) -> None:
        """States of the missing repeats are given."""
        said = read(made_report(waiting=5)).text
        assert "Partial. Some repeats are missing (15 queued)" in said
        assert "21 of 36 repeats" in said

    def test_the_best_baseline_is_told_with_how_many_means_are_below_it(self) -> None:
        """Whether anything beats it is seen at once."""
        assert "Best baseline 70.40 ETS; 0 of 3 means below it" in read(made_report()).text

    def test_grid_and_provenance_are_shown_as_they_are(self) -> None:
        """The grid keeps its lines."""
        text = page.render(made_report())
        assert "name: tune-units\ngrid:\n  model.units: [1, 2, 3]\n" in text
        assert "<dt>numerics</dt><dd>1</dd>" in text


class TestSafety:
    @pytest.fixture
    def hostile(self) -> str:
        """A page on which everything that a user can choose is hostile."""
        labels = [HOSTILE, HOSTILE + "2", "$data ${script}", "{{ data }}{% for x in y %}"]
        report = made_report(
            labels,
            comparisons=made_comparisons(labels),
            experiment=HOSTILE,
            description=HOSTILE,
            grid_text=HOSTILE,
            series_name=HOSTILE,
            series_times=(HOSTILE,) * 12,
            target_names=(HOSTILE,),
            baseline_forecast=BaselineForecast(HOSTILE, np.ones((4, 1, 1))),
            step_scores=pd.DataFrame(
                {"configuration": HOSTILE, "repeat": 0, "target": [1, 2], "step": 1, "rmse": 1.0, "mae": 1.0}
            ),
            answer=HOSTILE,
            notes=(HOSTILE,),
            provenance={HOSTILE: HOSTILE},
            audit=pd.DataFrame({"configuration": [HOSTILE], "last": [1.0]}),
            audit_words=(HOSTILE,),
            counts={"done": 36, HOSTILE: 1},
            partial=True,
            ranking=pd.DataFrame({"configuration": labels, "group": [HOSTILE] * 4}),
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
        assert "{{ data }}{% for x in y %}" in found.text

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
