"""The formats of `scheduler compare`."""

from __future__ import annotations

from scheduler.report.formats import verdict_files, verdicts
from scheduler.report.formats.registry import ComparisonFormat

TABLE = ComparisonFormat(
    write=lambda data, most: verdicts.as_markdown(data, most=most),
    show=lambda data, console, most: verdicts.show(data, console, most=most),
)
CSV = ComparisonFormat(write=lambda data, _most: verdict_files.as_csv(data))
JSON = ComparisonFormat(write=lambda data, _most: verdict_files.as_json(data))
MARKDOWN = ComparisonFormat(write=lambda data, most: verdicts.as_markdown(data, most=most))
