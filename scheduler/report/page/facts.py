"""What the page tells of the experiment itself: its sizes and times, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.report.page.text import duration, moment
from scheduler.report.report_data import ReportData
from scheduler.text import many
from store.schema.spelling import listed

#: values of a fact, such as the machines or the series' hashes, that are shown; the rest is counted
_MOST_VALUES = 5
#: what the store may not have, as the fields of a report
_KEPT = ("trajectories", "forecasts", "comparisons", "baselines")
#: those that are not shown over several splits, and the views of the store that have them
_BY_SPLIT = {"trajectories": "trajectory_points", "forecasts": "forecasts"}


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
    facts = {"experiment": report.experiment, "repeats": states}
    facts |= {name: _few(str(value)) for name, value in report.provenance.items()}
    return Provenance(facts, [*notes, *_missing(report)], report.series_notes)


def _few(values: str) -> str:
    """Return the first of many values: a study of 1,000 series has as many hashes."""
    each = values.split(", ")
    more = len(each) - _MOST_VALUES
    return f"{', '.join(each[:_MOST_VALUES])} and {more:,} more" if more > 1 else values


def _missing(report: ReportData) -> Iterator[str]:
    """Yield what is not on the page because the store has none, and what is left out of a report of several splits."""
    missing = [name for name in _KEPT if not any(_has(part, name) for part in report.parts or (report,))]
    by_split = _BY_SPLIT if report.split_summaries is not None else {}
    if none := ", ".join(name for name in missing if name not in by_split):
        yield f"Not in this report, since the store has none: {none}."
    if single := [name for name in missing if name in by_split]:
        views = listed([by_split[name] for name in single], "and")
        yield f"Not in this report over all splits: {listed(single, 'and')}; for those of each split query {views}."


def _has(report: ReportData, name: str) -> bool:
    found = getattr(report, name)
    return found is not None and len(found) > 0
