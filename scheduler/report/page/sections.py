"""The sections about the configurations of one split: which there are and what each holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.report.formats.intervals import interval_lines
from scheduler.report.page import baseline_tables, tables
from scheduler.report.page.answer import answer
from scheduler.report.page.comparisons import comparisons
from scheduler.report.page.data.boxes import most_drawn
from scheduler.report.page.ensembles import ensembles
from scheduler.report.page.future import beyond_the_end
from scheduler.report.page.intervals import intervals
from scheduler.report.page.splits import splits
from scheduler.report.page.step_tables import step_tables
from scheduler.report.page.table import Table
from scheduler.report.report_data import ReportData
from scheduler.report.shown import how_many


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page: left out where it has no content."""

    identity: str
    heading: str
    #: the template that draws the content
    template: str
    content: Any


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that the page's scripts draw."""

    identity: str
    caption: str


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables, and what is to be said before them."""

    tables: Sequence[Table]
    notes: Sequence[str] = ()


def sections(report: ReportData, order: Sequence[str], shown: ReportData, blocks: int = 1) -> list[Section]:
    """Make the sections of one split, without those that have no content.

    Args:
        report: The split, or an experiment with one.
        order: Its configurations, best first.
        shown: The report of those that tables and pictures show.
        blocks: How many splits share the room of the page.
    """
    which = how_many(len(shown.labels), len(order))
    scores = _chart("boxes", _boxes_caption(shown, blocks) + which, shown.labels)
    audit = tables.audit(shown, which)
    made = [
        Section("answer", "Answer", "answer.html", answer(report, order)),
        Section("warnings", "Warnings", "warnings.html", report.warnings),
        Section("summary", "Summary", "tables.html", _tables(tables.summary(shown, which))),
        Section("scores", "Scores", "chart.html", scores),
        Section("over-splits", "Over all splits", "splits.html", splits(report)),
        Section("trajectories", "Trajectories", "chart.html", _chart("curves", _CURVES, shown.trajectories)),
        Section("forecasts", "Forecasts", "chart.html", _chart("forecast", _FORECASTS, shown.forecasts)),
        Section("future", "Beyond the end", "future.html", beyond_the_end(report.future)),
        Section("together", "All repeats together", "ensembles.html", ensembles(shown, order, which)),
        Section("intervals", "Intervals", "tables.html", _tables(*intervals(shown), notes=interval_lines(shown))),
        Section("steps", "Steps and targets", "tables.html", _tables(*step_tables(shown, which))),
        Section("comparisons", "Comparisons", "comparisons.html", comparisons(report, order)),
        Section("baselines", "Baselines", "tables.html", _tables(*baseline_tables.baselines(report))),
        Section("audit", "Selection audit", "tables.html", _tables(audit, notes=report.audit_words)),
    ]
    return [section for section in made if section.content]


_CURVES = (
    "RMSE after each epoch: the line is the median of the repeats, the band holds the middle 80% of them (10% to 90%)."
)
_FORECASTS = (
    "Forecasts of each test row: the line is the median of the repeats, the band holds the middle 80% of them "
    "(10% to 90%)."
)


def _chart(identity: str, caption: str, drawn: object) -> Chart | None:
    return Chart(identity, caption) if drawn else None


def _tables(*found: Table | None, notes: Sequence[str] = ()) -> Tables | None:
    there = [table for table in found if table is not None]
    return Tables(there, notes) if there else None


def _boxes_caption(report: ReportData, blocks: int) -> str:
    """Name what is drawn: every score as a point, or how many of how many."""
    counts = [len(found) for found in report.scores().values()]
    drawn, total = sum(min(count, most_drawn(len(counts) * blocks)) for count in counts), sum(counts)
    points = "Each repeat as a point" if drawn == total else f"{drawn:,} of {total:,} repeats as points"
    return f"{points}, each configuration as a box of all its scores."
