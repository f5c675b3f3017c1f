"""Short names of configurations: what they share is shortened, never what differs."""

from __future__ import annotations

import pytest

from scheduler.report.names import cut, shortened

CROSSED = [f"units={units}, dropout=0.2, learning_rate={rate}" for units in (1, 4) for rate in (0.001, 0.01)]


@pytest.mark.parametrize("most", [40, 34, 26, 20])
def test_values_that_differ_are_all_there(most: int) -> None:
    """`learning_rate=0.001` and `=0.01` are told apart at every length."""
    found = shortened(CROSSED, most)
    assert len(set(found)) == 4
    assert [name.rsplit("=", 1)[1] for name in found] == ["0.001", "0.01", "0.001", "0.01"]


def test_the_longest_field_is_shortened_first() -> None:
    """The others stay as they are, where that is enough."""
    assert shortened(CROSSED, 37)[0] == "units=1, dropout=0.2, learning…=0.001"


def test_fields_that_begin_alike_stay_apart() -> None:
    """As many letters are kept as tell them apart."""
    names = [f"recurrent_regularizer(l1={rate}), recurrent_dropout={rate}" for rate in (0.1, 0.2)]
    assert shortened(names, 20)[0] == "recurrent_r…(l1=0.1), recurrent_d…=0.1"


def test_words_that_all_begin_and_end_with_go() -> None:
    """As in the names of files."""
    names = [f"sales of the shop {number} in Berlin" for number in (12, 13)]
    assert shortened(names, 20) == ["…12 in Berlin", "…13 in Berlin"]


def test_short_names_stay_and_what_cannot_be_shown_is_replaced() -> None:
    """Line breaks become spaces."""
    assert shortened(["units=1", "a\n\tb", "\x1b"], 20) == ["units=1", "a b", "\N{REPLACEMENT CHARACTER}"]
    assert shortened([], 20) == []


def test_a_name_that_is_far_too_long_is_cut_in_its_middle() -> None:
    """Its ends are kept."""
    (name,) = shortened(["a" * 100 + "b" * 100], 20)
    assert len(name) == 40
    assert name.startswith("aaa")
    assert name.endswith("bbb")


def test_one_text_is_cut_at_its_end() -> None:
    """A series' name, for instance."""
    assert (cut("abcdef", 4), cut("abcd", 4)) == ("abc…", "abcd")
