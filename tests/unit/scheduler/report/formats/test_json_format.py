"""The report as JSON."""

import json

from scheduler.report.formats.json_format import as_json
from tests.reports import small_report


def test_what_has_no_number_is_null_in_json():
    """A configuration with one score has no standard deviation, and NaN is not JSON."""
    (row,) = json.loads(as_json(small_report(configurations=1, repeats=1)))["summaries"]
    assert row["std"] is None
    assert row["mean"] == 1.0
