"""Rows of a series: which times each sees and is asked for, and which are for training and testing."""

from typing import Any

import pytest

from store.schema.configuration import Configuration, SeriesChoice
from store.schema.framing import Frame, frame


def cut(
    observations: int, *, inputs: tuple[str, ...] = ("a",), targets: tuple[str, ...] = ("a",), **fields: Any
) -> Frame:
    """Frame a series of so many observations."""
    series = SeriesChoice(name="s", content_hash="x", inputs=inputs, targets=targets)
    return frame(Configuration.model_validate({"series": series} | fields), observations)


def test_the_shampoo_series() -> None:
    """36 observations, differenced, one lag: 34 rows, 22 to train on and 12 to test; 20 after a trim of 2."""
    framed = cut(36, prepare={"trim": 0})
    assert (framed.rows, len(framed.train), len(framed.test)) == (34, 22, 12)
    assert (framed.timesteps, framed.features) == (1, 1)
    assert list(framed.input_times(0)) == [1]
    assert list(framed.target_times(33)) == [35]
    trimmed = cut(36, prepare={"trim": 2})
    assert (trimmed.train, trimmed.trim) == (range(2, 22), 2)


@pytest.mark.parametrize(
    ("fields", "trim"),
    [({"batch_size": 4}, 2), ({"batch_size": 5}, 2), ({"batch_size": 11}, 0), ({"batch_size": 1}, 0)],
)
def test_auto_trims_what_the_batch_size_leaves_over(fields: dict[str, int], trim: int) -> None:
    """22 training rows are trimmed to a multiple of the batch size."""
    assert cut(36, training=fields).trim == trim


def test_padding_trims_nothing() -> None:
    """With padding, `auto` keeps all rows."""
    assert cut(36, prepare={"pad": True}).trim == 0


@pytest.mark.parametrize(
    ("target_at", "first", "last"),
    [("next", [3], 8), ("last", [2], 9), ("previous", [1], 9)],
)
def test_where_the_first_target_is(target_at: str, first: list[int], last: int) -> None:
    """After the last input step, at it, or before it; 10 observations and 3 lags."""
    framed = cut(10, test=1, prepare={"difference": 0, "lags": 3, "target_at": target_at})
    assert list(framed.input_times(0)) == [0, 1, 2]
    assert list(framed.target_times(0)) == first
    assert framed.input_times(framed.rows - 1)[-1] == last


def test_a_block_of_targets_keeps_a_gap() -> None:
    """No training target is among the test targets, unless the gap is 0."""
    framed = cut(11, test=1, training={"batch_size": 1}, prepare={"difference": 0, "lags": 3, "horizon": 2})
    assert (framed.rows, framed.train, framed.test) == (7, range(5), range(6, 7))
    assert max(framed.target_times(4)) < min(framed.target_times(6))
    assert cut(
        11, test=1, training={"batch_size": 1}, prepare={"difference": 0, "lags": 3, "horizon": 2, "gap": 0}
    ).train == range(6)


def test_validation_rows_come_before_the_test_rows_with_a_gap_of_their_own() -> None:
    """Neither part's targets are seen before."""
    framed = cut(
        40, test=5, training={"batch_size": 1}, prepare={"difference": 0, "horizon": 3}, protocol={"validation": 4}
    )
    assert (framed.rows, framed.test, framed.validation, framed.train) == (37, range(32, 37), range(26, 30), range(24))


def test_lags_as_time_steps() -> None:
    """Lags become time steps, and columns features; as features they multiply."""
    framed = cut(30, inputs=("a", "b"), test=3, prepare={"lags": 4, "lags_as": "timesteps"})
    assert (framed.timesteps, framed.features) == (4, 2)
    framed = cut(30, inputs=("a", "b"), test=3, prepare={"lags": 4})
    assert (framed.timesteps, framed.features) == (1, 8)


def test_columns_may_be_differenced_apart() -> None:
    """Rows begin where all inputs and targets exist."""
    framed = cut(30, inputs=("a", "b"), targets=("a",), test=3, prepare={"difference": {"a": 12, "b": 0}})
    assert list(framed.input_times(0)) == [12]
    framed = cut(30, inputs=("b",), targets=("a",), test=3, prepare={"difference": {"a": 12, "b": 0}})
    assert list(framed.target_times(0)) == [12]


def test_no_test_rows() -> None:
    """All rows are training rows then, without a gap."""
    framed = cut(10, test=0, training={"batch_size": 3}, prepare={"difference": 0, "target_at": "previous"})
    assert (framed.train, framed.test) == (range(9), range(9, 9))


@pytest.mark.parametrize(
    "fields", [{"test": 99}, {"prepare": {"lags": 99}}, {"prepare": {"gap": 99}}, {"prepare": {"trim": 99}}]
)
def test_what_is_too_much_leaves_nothing(fields: dict[str, Any]) -> None:
    """Ranges are empty, never negative; the grid says what is wrong."""
    framed = cut(36, **fields)
    assert len(framed.train) == 0
    assert framed.trim >= 0
