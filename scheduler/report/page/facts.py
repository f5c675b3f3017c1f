"""What the page tells of the experiment itself: its sizes and times, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.report.page.text import duration, moment
from scheduler.report.report_data import ReportData
from scheduler.text import many

#: what the store may not have, as the fields of a report
_KEPT = ("trajectories", "forecasts", "comparisons", "baselines")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from, and what the page leaves out."""

    facts: Mapping[str, object]
    left_out: Sequence[str]
    #: what was understood of the series' files
    series: Sequence[str] = ()


def facts(report: ReportData) -> Iterator[str]:
    """Count what the experiment has, and tell when it ran."""
    yield from _sizes(report)
    if report.parts:
        yield many(len(report.parts), "split")
    else:
        yield f"series {report.series_name}, {many(len(report.series_values), 'observation')}"
    yield f"submitted {moment(report.created)}"
    if report.finished is not None:
        yield f"took {duration(report.finished - report.created)}"


def facts_of_split(report: ReportData) -> Iterator[str]:
    """Count what one of several splits has."""
    yield from _sizes(report)
    yield f"series {report.unit_name}, {many(len(report.series_values), 'observation')}"


def _sizes(report: ReportData) -> Iterator[str]:
    jobs, done = sum(report.counts.values()), report.counts.get("done", 0)
    yield f"{done:,} of {many(jobs, 'repeat')}" if done < jobs else many(jobs, "repeat")
    yield many(len(report.labels), "configuration")


def provenance(report: ReportData, notes: Sequence[str]) -> Provenance:
    """Collect where the numbers come from, and what the page leaves out."""
    states = ", ".join(f"{count:,} {state}" for state, count in report.counts.items() if count)
    facts = {"experiment": report.experiment, "repeats": states, **report.provenance}
    missing = ", ".join(name for name in _KEPT if not any(_has(part, name) for part in report.parts or (report,)))
    told = [f"Not in this report, since the store has none: {missing}."] if missing else []
    return Provenance(facts, [*notes, *told], report.series_notes)


def _has(report: ReportData, name: str) -> bool:
    found = getattr(report, name)
    return found is not None and len(found) > 0
