"""The report as Markdown, to paste into an issue or a paper's draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.report.formats.registry import ReportFormat
from scheduler.report.formats.summary import baseline_lines, describe, headline, number
from scheduler.text import printable

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


def as_markdown(data: ReportData) -> str:
    """Write the headline, the answer, the `describe()` table and the baselines as Markdown."""
    frame = describe(data)
    labels = [printable(label).replace("|", "\\|") for label in frame.columns]
    lines = [headline(data), "", *([f"**{printable(data.answer)}**", ""] if data.answer else [])]
    lines += ["| test RMSE | " + " | ".join(labels) + " |", "|---" + "|---:" * len(labels) + "|"]
    for statistic, row in frame.iterrows():
        cells = " | ".join(number(str(statistic), value) for value in row)
        lines.append(f"| {statistic} | {cells} |")
    if data.partial:
        lines += ["", "Partial: repeats are missing."]
    return "\n".join([*lines, *(f"{line}\n" if line else line for line in baseline_lines(data))]).rstrip()


FORMAT = ReportFormat(write=as_markdown)
