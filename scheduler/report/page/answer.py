"""The first thing on the page: the answer in words, how complete it is, and the few figures behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.report.report_data import ReportData
from scheduler.text import many, short


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the answer."""

    name: str
    value: str
    #: what it is of
    about: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first section says."""

    #: one for each split
    lines: Sequence[str]
    #: the states of the repeats that are missing; None where none is
    missing: str | None
    notes: Sequence[str]
    figures: Sequence[Figure]


def answer(report: ReportData, order: Sequence[str]) -> Answer:
    """Return the answer, or what the means say where nothing was compared, and the figures."""
    return Answer(
        lines=[_words(report, order)],
        missing=_missing(report) if report.partial else None,
        notes=report.all_notes,
        figures=list(_figures(report, order)),
    )


def best_first(report: ReportData) -> list[str]:
    """Order the configurations by their mean score; those without a score come last."""
    means = {label: float(np.mean(found)) if len(found) else math.inf for label, found in report.scores().items()}
    return sorted(report.labels, key=lambda label: means[label])


def answers(report: ReportData) -> Answer:
    """Return the answer of each split, and no figure that would mix them."""
    return Answer(
        lines=[f"{part.split}: {_words(part, best_first(part))}" for part in report.parts],
        missing=_missing(report) if report.partial else None,
        notes=report.all_notes,
        figures=list(_losses(report)),
    )


def _words(report: ReportData, order: Sequence[str]) -> str:
    return _sentence(report.answer or in_means(report, order))


def _sentence(words: str) -> str:
    return words if words.rstrip().endswith((".", "!", "?")) else f"{words.rstrip()}."


def in_means(report: ReportData, order: Sequence[str]) -> str:
    """Describe the means, and claim no more."""
    scores = {label: found for label, found in report.scores().items() if len(found)}
    if not scores:
        return "No repeat has a score yet." if report.partial else "No repeat has a score: all diverged or failed."
    best = next(label for label in order if label in scores)
    found = scores[best]
    spread = f" (standard deviation {short(float(np.std(found, ddof=1)))})" if len(found) > 1 else ""
    which = "the lowest" if len(scores) > 1 else "a"
    over = f"{short(float(found.mean()))}{spread} over {many(len(found), 'repeat')}"
    mean = f"{best} has {which} mean {report.score_name}: {over}."
    unproved = " The configurations were not compared, so this difference may be chance."
    return mean + unproved * (len(scores) > 1)


def _missing(report: ReportData) -> str:
    return ", ".join(f"{count:,} {state}" for state, count in report.counts.items() if count and state != "done")


def _figures(report: ReportData, order: Sequence[str]) -> Iterator[Figure]:
    found = report.scores()
    means = {label: float(found[label].mean()) for label in order if len(found[label])}
    if means:
        best = next(iter(means))
        yield Figure("Lowest mean" if len(means) > 1 else "Mean", short(means[best]), best)
    yield from _baselines(report, means)
    yield from _losses(report)


def _losses(report: ReportData) -> Iterator[Figure]:
    lost, failed, done = sum(report.diverged().values()), report.counts.get("failed", 0), report.counts.get("done", 0)
    yield Figure("Diverged", f"{lost:,}", f"of {many(done, 'repeat')}" + f"; {failed:,} failed" * bool(failed))


def _baselines(report: ReportData, means: Mapping[str, float]) -> Iterator[Figure]:
    for reference in reversed(report.references):
        below = f"{sum(mean < reference.value for mean in means.values()):,} of {many(len(means), 'mean')} below it"
        about = [reference.baseline] * reference.best + [below] * bool(means)
        yield Figure("Best baseline" if reference.best else "Persistence", short(reference.value), "; ".join(about))
