"""The display of a study in a notebook: the headline, the answer, the `describe()` table and the warnings."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from scheduler.report.formats.summary import WIDEST, describe, headline
from scheduler.text import printable

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData

#: configurations shown; pandas replaces those in the middle by dots
MOST_ROWS = 60


def as_notebook_html(data: ReportData) -> str:
    """Return an HTML fragment; of several splits, the answers and then a table for each."""
    paragraphs = [f"<strong>{_text(headline(data))}</strong>"]
    paragraphs += [_text(line) for line in (data.answer or "").splitlines()]
    paragraphs += ["Partial: repeats are missing."] if data.partial else []
    tables = [part for one in data.parts for part in (f"<p><strong>{_text(one.split)}</strong></p>", _table(one))]
    return "\n".join([*(f"<p>{one}</p>" for one in paragraphs), *(tables or [_table(data)]), *_warnings(data)])


def _warnings(data: ReportData) -> list[str]:
    """Return the warnings as a list under a heading, or nothing."""
    lines = "".join(f"<li>{_text(line)}</li>" for line in data.warnings)
    return [f"<p><strong>Warnings</strong></p><ul>{lines}</ul>"] if lines else []


def _table(data: ReportData) -> str:
    frame = describe(data)
    frame.columns = frame.columns.map(printable)
    if len(frame.columns) > WIDEST:
        frame = frame.T
    frame.index.name, frame.columns.name = None, data.score_name
    return frame.to_html(max_rows=MOST_ROWS, na_rep="-", float_format="{:g}".format, border=0)


def _text(text: str) -> str:
    return escape(printable(text))
