"""What the page shows in which order: of one split its sections; of several, a block with the sections of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.report.page.answer import answers, best_first
from scheduler.report.page.data import payload
from scheduler.report.page.facts import facts_of_split, provenance
from scheduler.report.page.sections import Section, sections
from scheduler.report.report_data import ReportData
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
    data, notes = payload(report, order)
    return Content(sections(report, order), _last(report, notes), payloads={"data": data})


def _several(report: ReportData) -> Content:
    shown = report.parts[:MOST_BLOCKS]
    made, payloads, notes = [], {}, list(_left_out(report))
    for place, part in enumerate(shown, start=1):
        identity, order = f"split-{place}", best_first(part)
        data, own = payload(part, order, identity, len(shown))
        payloads[f"{identity}-data"] = data
        notes += [f"{part.split}: {note}" for note in own]
        made.append(Block(identity, part.split, list(facts_of_split(part)), sections(part, order, len(shown))))
    first = [Section("answer", "Answer", "answer.html", answers(report))]
    first += [Section("warnings", "Warnings", "warnings.html", report.warnings)] if report.warnings else []
    return Content(first, _last(report, notes), made, payloads)


def _left_out(report: ReportData) -> Iterator[str]:
    if len(report.parts) > MOST_BLOCKS:
        yield (
            f"The first {MOST_BLOCKS} of {len(report.parts):,} splits have a block of their own; "
            f"{command('report', report.experiment, '--format', 'csv', store=report.store)} has all."
        )


def _last(report: ReportData, notes: Sequence[str]) -> list[Section]:
    """Make the sections about the experiment as a whole."""
    made = [
        Section("grid", "Grid", "grid.html", report.grid_text),
        Section("provenance", "Provenance", "provenance.html", provenance(report, notes)),
    ]
    return [section for section in made if section.content]
