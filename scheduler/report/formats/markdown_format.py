"""The report as Markdown, to paste into an issue or a paper's draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.report.formats.ensembles import ensemble_markdown
from scheduler.report.formats.intervals import interval_markdown
from scheduler.report.formats.registry import ReportFormat
from scheduler.report.formats.splits import split_markdown
from scheduler.report.formats.steps import step_cells
from scheduler.report.formats.summary import baseline_lines, cell, describe, headline, score_format
from scheduler.text import printable

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


def as_markdown(data: ReportData) -> str:
    """Return the headline, the answer, the `describe()` table and the baselines as Markdown, split by split."""
    if data.parts:
        return "\n\n".join([headline(data), *_warnings(data), *map(as_markdown, data.parts)])
    frame = describe(data)
    labels = [_cell(printable(label)) for label in frame.columns]
    digits = score_format(frame)
    lines = [headline(data), "", *([f"**{printable(data.answer)}**", ""] if data.answer else [])]
    lines += [f"{block}\n" for block in _warnings(data)]
    lines += [f"| {data.score_name} | " + " | ".join(labels) + " |", "|---" + "|---:" * len(labels) + "|"]
    for statistic, row in frame.iterrows():
        cells = " | ".join(cell(str(statistic), value, digits) for value in row)
        lines.append(f"| {statistic} | {cells} |")
    for heads, rows in step_cells(data):
        lines += ["", *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in _with_rule(heads, rows))]
    lines += [*split_markdown(data), *ensemble_markdown(data), *interval_markdown(data)]
    if data.partial:
        lines += ["", "Partial: repeats are missing."]
    return "\n".join([*lines, *(f"{line}\n" if line else line for line in baseline_lines(data))]).rstrip()


def _warnings(data: ReportData) -> list[str]:
    """Return the warnings as one block, and the notes on the series' files as another, or none."""
    found = (("Warnings:", data.warnings), ("Series:", data.series_notes))
    return ["\n".join([title, "", *(f"- {printable(line)}" for line in lines)]) for title, lines in found if lines]


def _with_rule(heads: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Insert Markdown's separator between the header and the rows of a table."""
    return [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


FORMAT = ReportFormat(write=as_markdown)
