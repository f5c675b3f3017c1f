"""The speed of an experiment, from what was seen of it."""

from __future__ import annotations

import pytest

from scheduler.web import pace
from scheduler.web.pace import Pace, Speed, rate_in_words
from tests.unit.scheduler.progress.statuses import status


def test_speed_is_of_the_last_minute_and_a_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats that were reused before the first look do not count."""
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    seen = Pace()
    assert seen(status(done=40, running=10)) == Speed()
    now[0] += 10
    assert seen(status(done=60, running=10)) == Speed(2.0, 20.0)
    now[0] += 200
    seen(status(done=60, running=10))
    now[0] += 50
    assert seen(status(done=65, running=10)).rate == pytest.approx(5 / 250)
    now[0] += 50
    assert seen(status(done=70, running=10)).rate == pytest.approx(0.1)


def test_nothing_is_known_where_nothing_trains_or_repeats_begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    seen = Pace()
    seen(status(done=40, running=10))
    now[0] += 10
    assert seen(status(done=50)) == Speed()
    now[0] += 10
    assert seen(status(done=20, running=10)) == Speed()


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (12.4, "12 repeats a second"),
        (1.26, "1.3 repeats a second"),
        (0.5, "30 repeats a minute"),
        (0.002, "7.2 repeats an hour"),
        (0.0, "0.0 repeats an hour"),
    ],
)
def test_a_rate_has_the_unit_in_which_it_is_above_one(rate: float, words: str) -> None:
    assert rate_in_words(rate) == words
