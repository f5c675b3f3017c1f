"""The report as one HTML file that needs no network: `render` makes its text, `write` puts it into a file."""

from scheduler.report.page.document import render, write

__all__ = ["render", "write"]
