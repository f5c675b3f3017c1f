"""Times of one length, read by the places of their digits, equal those that strptime reads."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.series.time_forms.fixed_width import read_digits_at

FORMS = ("%d/%m/%Y %H:%M", "%Y%m%d%H%M%S", "%d.%m.%Y", "%m-%d-%Y %H:%M:%S")


@given(times=st.lists(st.datetimes(min_value=datetime(1000, 1, 1)), min_size=1), form=st.sampled_from(FORMS))
@settings(max_examples=25, deadline=None)
def test_they_are_those_that_strptime_reads(times: list[datetime], form: str) -> None:
    """Any time, any of these formats."""
    texts = [time.strftime(form) for time in times]
    found = read_digits_at(texts, form)
    assert found is not None
    np.testing.assert_array_equal(found, [np.datetime64(datetime.strptime(text, form), "us") for text in texts])


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["1/2/2020"], "%d/%m/%Y"),
        (["30/02/2020"], "%d/%m/%Y"),
        (["01/13/2020"], "%d/%m/%Y"),
        (["01/02/2020 24:00"], "%d/%m/%Y %H:%M"),
        (["01/02/2020", "01.02.2020"], "%d/%m/%Y"),
        (["0x/02/2020"], "%d/%m/%Y"),
        (["1 Jan 2020"], "%d %b %Y"),
        (["01/02/20"], "%d/%m/%y"),
        (["\N{ARABIC-INDIC DIGIT ZERO}1/02/2020"], "%d/%m/%Y"),
    ],
)
def test_others_are_left_to_strptime(texts: list[str], form: str) -> None:
    """Of another length, no such day, or a format with words."""
    assert read_digits_at(texts, form) is None
