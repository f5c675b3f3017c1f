"""What a notebook shows of a study."""

from __future__ import annotations

from dataclasses import replace

from scheduler.report.formats.notebook import as_notebook_html
from scheduler.statistics.summary import summarise
from tests.reports import HOSTILE, made_splits, small_report


def test_it_has_the_headline_the_answer_and_the_summaries() -> None:
    """In this order."""
    html = as_notebook_html(replace(small_report(), answer="nobody is better"))
    places = [html.index(part) for part in ("8 of 8 repeats done", "nobody is better", "<table", "units=2", "50%")]
    assert places == sorted(places)


def test_the_score_is_named() -> None:
    """In the corner of the table."""
    assert "<th>test RMSE</th>" in as_notebook_html(small_report())


def test_a_partial_study_says_so() -> None:
    """As the other formats do."""
    assert "Partial: repeats are missing." in as_notebook_html(small_report(missing=3))
    assert "Partial" not in as_notebook_html(small_report())


def test_names_and_answers_are_escaped() -> None:
    """They come from the user."""
    results = small_report(configurations=1).results.assign(configuration=HOSTILE)
    data = small_report(results=results, summaries=summarise(results), experiment=HOSTILE, answer=f"{HOSTILE} is best")
    html = as_notebook_html(data)
    assert "<img" not in html
    assert "</script" not in html


def test_warnings_are_listed_below() -> None:
    """Escaped, once for all splits."""
    for data in (small_report(), made_splits()):
        html = as_notebook_html(replace(data, warnings=("y is <constant>",)))
        assert html.endswith("<p><strong>Warnings</strong></p><ul><li>y is &lt;constant&gt;</li></ul>")
        assert html.count("Warnings") == 1
        assert "Warnings" not in as_notebook_html(data)


def test_many_configurations_are_rows_and_abridged() -> None:
    """A notebook is no place for a thousand rows."""
    html = as_notebook_html(small_report(configurations=100))
    assert html.count("<tr") < 70


def test_several_splits_have_a_line_of_the_answer_and_a_table_each() -> None:
    """A table under the name of its split."""
    html = as_notebook_html(made_splits())
    assert "<p>small, last 4 rows: small, units=2 is better.</p>" in html
    assert "<p>large, last 4 rows: large, units=2 is better.</p>" in html
    tables = html.split("<table")
    assert len(tables) == 3
    assert "large" not in tables[1].split("</table>")[0]
    assert tables[1].endswith("<p><strong>large, last 4 rows</strong></p>\n")
