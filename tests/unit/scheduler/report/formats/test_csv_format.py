"""The summaries as CSV."""

import io

import pandas as pd

from scheduler.report.formats.csv_format import as_csv
from tests.reports import small_report


def test_csv_has_every_digit():
    """What is read back is what was stored."""
    data = small_report()
    back = pd.read_csv(io.StringIO(as_csv(data)))
    pd.testing.assert_frame_equal(back, data.summaries, check_dtype=False, rtol=1e-15)
