"""What a notebook shows of a study: the headline, the answer and the `describe()` table."""

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
    """Return an HTML fragment."""
    frame = describe(data)
    frame.columns = frame.columns.map(printable)
    if len(frame.columns) > WIDEST:
        frame = frame.T
    paragraphs = [f"<strong>{_text(headline(data))}</strong>"]
    paragraphs += [_text(data.answer)] if data.answer else []
    paragraphs += ["Partial: repeats are missing."] if data.partial else []
    table = frame.to_html(max_rows=MOST_ROWS, na_rep="-", float_format="{:g}".format, border=0)
    return "\n".join([*(f"<p>{one}</p>" for one in paragraphs), table])


def _text(text: str) -> str:
    return escape(printable(text))
