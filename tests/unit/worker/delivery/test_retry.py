"""Actions of the store are repeated while it is unreachable."""

from __future__ import annotations

import pytest

from store import StoreUnreachable
from worker.delivery.retry import retry


def test_an_action_is_repeated_until_the_store_answers() -> None:
    """A database that restarts costs no result."""
    answers: list[int | StoreUnreachable] = [StoreUnreachable("away"), StoreUnreachable("away"), 7]

    def action() -> int:
        answer = answers.pop(0)
        if isinstance(answer, StoreUnreachable):
            raise answer
        return answer

    assert retry(action, pause=0.01) == 7


def test_retrying_ends() -> None:
    """A database that stays unreachable is an error, with its message."""

    def action() -> None:
        raise StoreUnreachable("still away")

    with pytest.raises(StoreUnreachable, match="still away"):
        retry(action, seconds=0.05, pause=0.01)
