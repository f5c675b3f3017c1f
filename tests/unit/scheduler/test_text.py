"""How numbers are written."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scheduler.text import many, number_format, printable, short

M = "\N{MINUS SIGN}"


class TestNumberFormat:
    @pytest.mark.parametrize(
        ("values", "shown"),
        [
            ([97.31234, 95.2222, 101.9], ["97.31", "95.22", "101.90"]),
            ([1e-9, 1.3e-9, 2.2e-9], [f"1.000e{M}09", f"1.300e{M}09", f"2.200e{M}09"]),
            ([1e20, 1.01e20, 1.03e20], ["1.0000e+20", "1.0100e+20", "1.0300e+20"]),
            ([0.5, -0.25], ["0.500", f"{M}0.250"]),
            ([123456.7, 234567.8], ["123,457", "234,568"]),
            ([5.0, 5.0], ["5.000", "5.000"]),
            ([122.3, 122.3 + 2e-14, 122.3 - 2e-14, 142.1, 116.2], ["122.3", "122.3", "122.3", "142.1", "116.2"]),
            ([0.0], ["0.000"]),
            ([], []),
        ],
    )
    def test_as_many_digits_as_tell_the_numbers_apart(self, values: list[float], shown: list[str]) -> None:
        """Chosen by the spread, whatever the size."""
        written = number_format(values)
        assert [written(value) for value in values] == shown

    def test_an_outlier_does_not_take_the_digits_of_the_others(self) -> None:
        """It is written with an exponent itself, as is what would look like 0."""
        written = number_format([95.1, 97.2, 1e20, 94.0, 1e-12])
        assert [written(value) for value in (95.1, 97.2, 1e20, 1e-12)] == ["95.10", "97.20", "1.000e+20", f"1.0e{M}12"]

    @pytest.mark.parametrize("missing", [math.nan, math.inf, None, "text", np.float32("nan")])
    def test_a_missing_number_is_a_dash(self, missing: object) -> None:
        """Nothing is invented."""
        assert number_format([1.0, 2.0])(missing) == "\N{EN DASH}"

    def test_a_known_spread_decides(self) -> None:
        """Digits far below a standard deviation are noise."""
        assert number_format([97.31234, 97.31299], spread=9.0)(97.31234) == "97.31"

    def test_numbers_of_numpy_are_numbers(self) -> None:
        """Of any precision."""
        assert number_format([1.0, 2.0])(np.float32(1.5)) == "1.50"


def test_a_single_number_has_four_digits() -> None:
    """In running text."""
    assert [short(value) for value in (95.0291, 0.0004, 136.761)] == ["95.03", "0.0004000", "136.8"]


def test_counts_have_their_noun() -> None:
    """One repeat, 1,000 repeats."""
    assert (many(1, "repeat"), many(1000, "repeat")) == ("1 repeat", "1,000 repeats")


def test_what_cannot_be_shown_is_replaced() -> None:
    """Control characters come from labels."""
    assert printable("a\x1b[31m\nb") == "a\N{REPLACEMENT CHARACTER}[31m\nb"


def test_a_zero_has_no_sign() -> None:
    """A difference of -0.0 is none."""
    assert number_format([0.0, 1.0])(-0.0) == number_format([0.0, 1.0])(0.0)
