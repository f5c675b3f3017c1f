"""What the page shows in which order: of one split its sections; of several, a block with the sections of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.report.page.answer import answers, best_first
from scheduler.report.page.data import payload
from scheduler.report.page.facts import facts_of_split, provenance
from scheduler.report.page.sections import Section, Tables, sections
from scheduler.report.page.split_table import split_table
from scheduler.report.report_data import ReportData
from scheduler.report.shown import narrowed
from store.commands import command

#: splits that have a block; the answer names all
MOST_BLOCKS = 50


@dataclass(frozen=True, slots=True)
class Block:
    """One of several splits by itself."""

    #: the start of all its ids
    identity: str
    heading: str
    facts: Sequence[str]
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class Content:
    """All of the page between its head and its scripts."""

    first: Sequence[Section]
    last: Sequence[Section]
    blocks: Sequence[Block] = ()
    #: what the scripts draw, by the id of its element
    payloads: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def linked(self) -> list[Section | Block]:
        """What the navigation leads to."""
        return [*self.first, *self.blocks, *self.last]


def content(report: ReportData) -> Content:
    """Return what the page shows."""
    if report.parts:
        return _several(report)
    order = best_first(report)
    shown = narrowed(report, order)
    data, notes = payload(shown, order[: len(shown.labels)])
    first = sections(report, order, shown)
    return Content(first, _last(report, [*_not_shown(shown, order), *notes]), payloads={"data": data})


def _not_shown(shown: ReportData, order: Sequence[str]) -> Iterator[str]:
    if len(shown.labels) < len(order):
        yield (
            f"Tables and pictures show the {len(shown.labels):,} best means of {len(order):,} configurations; "
            f"{_all_as_csv(shown)} has all."
        )


def _all_as_csv(report: ReportData) -> str:
    return command("report", report.experiment, "--format", "csv", store=report.store)


def _several(report: ReportData) -> Content:
    parts = report.parts[:MOST_BLOCKS]
    made, payloads, notes = [], {}, list(_left_out(report))
    for place, part in enumerate(parts, start=1):
        identity, order = f"split-{place}", best_first(part)
        shown = narrowed(part, order, len(parts))
        data, own = payload(shown, order[: len(shown.labels)], identity, len(parts))
        payloads[f"{identity}-data"] = data
        notes += [f"{part.split}: {note}" for note in (*_not_shown(shown, order), *own)]
        own_sections = sections(part, order, shown, len(parts))
        made.append(Block(identity, part.split, list(facts_of_split(part)), own_sections))
    first = [Section("answer", "Answer", "answer.html", answers(report))]
    first += [Section("warnings", "Warnings", "warnings.html", report.warnings)] if report.warnings else []
    if len(report.parts) > MOST_BLOCKS:
        tables = Tables([split_table(report.parts)], list(_left_out(report)))
        first.append(Section("splits", "Splits", "tables.html", tables))
    return Content(first, _last(report, notes), made, payloads)


def _left_out(report: ReportData) -> Iterator[str]:
    if len(report.parts) > MOST_BLOCKS:
        yield (
            f"The first {MOST_BLOCKS} of {len(report.parts):,} splits have a block of their own; the table of splits "
            f"and {_all_as_csv(report)} have all."
        )


def _last(report: ReportData, notes: Sequence[str]) -> list[Section]:
    """Make the sections about the experiment as a whole."""
    made = [
        Section("grid", "Grid", "grid.html", report.grid_text),
        Section("provenance", "Provenance", "provenance.html", provenance(report, notes)),
    ]
    return [section for section in made if section.content]
