"""The page of an experiment with several splits: a block for each, and nothing across them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scheduler.report.page import blocks
from scheduler.report.report_data import ReportData
from tests.page_reader import Reader, read
from tests.reports import HOSTILE, made_report, made_splits

OWN = ["answer", "summary", "scores", "trajectories", "forecasts", "comparisons", "baselines", "audit"]


@pytest.fixture(scope="module")
def report() -> ReportData:
    """Two splits of very different scale."""
    return made_splits()


@pytest.fixture(scope="module")
def found(report: ReportData) -> Reader:
    """The page of both."""
    return read(report)


class TestSeveralSplits:
    def test_the_answer_on_top_has_a_line_for_each_split(self, found: Reader) -> None:
        """And no figure that mixes them."""
        top = found.text
        small, large = (top.index(f"{name}, last 4 rows: {name}, units=2 is better.") for name in ("small", "large"))
        assert small < large < top.index("Diverged") < top.index("Lowest mean")

    def test_each_section_is_there_for_each_split_under_its_name(self, found: Reader) -> None:
        """With ids of its own, to which links lead."""
        wanted = [f"split-{place}-{name}" for place in (1, 2) for name in OWN]
        assert [name for name in found.ids() if name in wanted] == wanted
        links = [(attributes["href"] or "")[1:] for tag, attributes in found.elements if tag == "a"]
        assert links == ["answer", "answer", "split-1", "split-2", "grid", "provenance", *wanted]

    def test_every_id_is_unique_and_every_reference_leads_somewhere(self, found: Reader) -> None:
        """As on the page of one split."""
        ids = found.ids()
        assert len(ids) == len(set(ids))
        assert {a["aria-labelledby"] for _, a in found.elements if "aria-labelledby" in a} <= set(ids)

    def test_each_block_draws_its_own_split_only(self, found: Reader) -> None:
        """Names, references and digits are those of the split."""
        small, large = (json.loads(found.raw[f"split-{place}-data"]) for place in (1, 2))
        assert (small["labels"], small["unit"]) == (["small, units=1", "small, units=2"], "small")
        assert large["labels"] == ["large, units=1", "large, units=2"]
        assert small["references"][0]["value"] * 1e6 == pytest.approx(large["references"][0]["value"])
        assert small["places"] > large["places"]
        assert "data" not in found.raw

    def test_no_row_of_a_table_compares_two_splits(self, report: ReportData) -> None:
        """A pair has both its configurations in one block."""
        for block in blocks.content(report).blocks:
            (compared,) = [section.content for section in block.sections if section.identity == "comparisons"]
            assert {label.split(",")[0] for label in compared.matrix.labels} == {block.heading.split(",")[0]}

    def test_a_split_that_was_not_compared_claims_nothing(self) -> None:
        """Its means are told by themselves."""
        said = read(made_splits(answer=None, comparisons=None)).text
        assert "large, last 4 rows: large, units=2 has the lowest mean" in said

    def test_warnings_are_told_once_after_the_answer(self, report: ReportData) -> None:
        """They are of the experiment; no block repeats them."""
        made = blocks.content(replace(report, warnings=("A value is far out.",)))
        assert [section.identity for section in made.first] == ["answer", "warnings"]

    def test_the_names_of_splits_stay_text(self) -> None:
        """They come from the names of files and columns."""
        found = read(made_splits(split=HOSTILE, unit=HOSTILE))
        assert [tag for tag, _ in found.elements].count("script") == 3
        assert not {"img", "iframe"} & {tag for tag, _ in found.elements}

    def test_of_very_many_splits_the_first_have_a_block(self, report: ReportData) -> None:
        """The answer names all, and a note says where the others are."""
        many = replace(report, parts=report.parts[:1] * (blocks.MOST_BLOCKS + 1))
        made = blocks.content(many)
        assert len(made.blocks) == blocks.MOST_BLOCKS
        assert len(made.first[0].content.lines) == blocks.MOST_BLOCKS + 1
        assert any("first 50 of 51 splits" in line for line in made.last[-1].content.left_out)
        (splits,) = [section.content for section in made.first if section.identity == "splits"]
        assert len(splits.tables[0].rows) == blocks.MOST_BLOCKS + 1
        assert "the table of splits and `scheduler report tune-units --format csv` have all" in splits.notes[0]


def test_one_split_has_its_sections_without_a_block() -> None:
    """Its ids have nothing before them."""
    made = blocks.content(made_report())
    assert made.blocks == ()
    assert list(made.payloads) == ["data"]
    assert [section.identity for section in made.linked][:2] == ["answer", "summary"]
