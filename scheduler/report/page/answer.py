"""The first thing on the page: the answer in words, how complete it is, and the few figures behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scheduler.report.page.text import escape, many, short
from scheduler.report.report_data import ReportData

#: name, value, what it is (HTML)
Figure = tuple[str, str, str]


def section(report: ReportData, order: Sequence[str]) -> str:
    """Write the answer, or what the means say where nothing was compared, and the figures."""
    words = escape(_sentence(report.answer or in_means(report, order)))
    figures = "".join(
        f"<div><dt>{name}</dt><dd><b>{value}</b> <span>{told}</span></dd></div>"
        for name, value, told in _figures(report, order)
    )
    told = "".join(f"<li>{escape(note)}</li>" for note in report.all_notes)
    notes = f'<ul class="notes">{told}</ul>' if told else ""
    return f'{_partial(report)}<p class="answer">{words}</p>{notes}<dl class="figures">{figures}</dl>'


def _sentence(words: str) -> str:
    return words if words.rstrip().endswith((".", "!", "?")) else f"{words.rstrip()}."


def in_means(report: ReportData, order: Sequence[str]) -> str:
    """Say what the means say, and no more."""
    scores = {label: found for label, found in report.scores().items() if len(found)}
    if not scores:
        return "No repeat has a score yet." if report.partial else "No repeat has a score: all diverged or failed."
    best = next(label for label in order if label in scores)
    found = scores[best]
    spread = f" (standard deviation {short(float(np.std(found, ddof=1)))})" if len(found) > 1 else ""
    which = "the lowest" if len(scores) > 1 else "a"
    mean = f"{best} has {which} mean test RMSE: {short(float(found.mean()))}{spread} over {many(len(found), 'repeat')}."
    unproved = " The configurations were not compared, so nothing is said of how sure that is."
    return mean + unproved * (len(scores) > 1)


def _partial(report: ReportData) -> str:
    if not report.partial:
        return ""
    others = ", ".join(
        f"{count:,} {escape(state)}" for state, count in report.counts.items() if count and state != "done"
    )
    told = f" ({others})" if others else ""
    return (
        f'<p class="notice"><strong>Partial.</strong> Not all repeats are in{told}: the numbers will still change.</p>'
    )


def _figures(report: ReportData, order: Sequence[str]) -> list[Figure]:
    found = report.scores()
    means = {label: float(found[label].mean()) for label in order if len(found[label])}
    figures: list[Figure] = []
    if means:
        best = next(iter(means))
        figures.append(("Lowest mean" if len(means) > 1 else "Mean", short(means[best]), escape(best)))
    figures += _baseline(report, means)
    lost, failed, done = sum(report.diverged().values()), report.counts.get("failed", 0), report.counts.get("done", 0)
    figures.append(("Diverged", f"{lost:,}", f"of {many(done, 'repeat')}" + f"; {failed:,} failed" * bool(failed)))
    return figures


def _baseline(report: ReportData, means: Mapping[str, float]) -> list[Figure]:
    errors = report.baseline_errors

    def below(error: float) -> str:
        return (
            f"{sum(mean < error for mean in means.values()):,} of {many(len(means), 'mean')} below it" if means else ""
        )

    figures: list[Figure] = []
    best = next(iter(errors), "persistence")
    if best != "persistence":
        figures.append(("Best baseline", short(errors[best]), f"{escape(best)}; {below(errors[best])}".rstrip("; ")))
    if report.persistence is not None:
        figures.append(("Persistence", f"{report.persistence:,.3f}", below(report.persistence)))
    return figures
