"""Logs for people and for programs."""

from __future__ import annotations

import json
import logging

import pytest

from store.errors import UsageError
from store.logs import JsonLines, as_json


def test_a_record_is_one_object_a_line() -> None:
    """With what was given as extra, and the traceback."""
    problem = ValueError("bad\nlane")
    given = {"name": "worker", "levelname": "ERROR", "msg": "pack of %d", "args": (3,), "experiment": 7}
    record = logging.makeLogRecord(given | {"exc_info": (type(problem), problem, None)})
    text = JsonLines().format(record)
    found = json.loads(text)
    assert "\n" not in text
    assert (found["level"], found["logger"], found["message"], found["experiment"]) == (
        "error",
        "worker",
        "pack of 3",
        7,
    )
    assert found["traceback"].endswith("ValueError: bad\nlane\n")
    assert found["time"].endswith("+00:00")


def test_the_format_is_text_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, asked in (("", False), ("text", False), ("json", True)):
        monkeypatch.setenv("LOG_FORMAT", value)
        assert as_json() is asked
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(UsageError, match=r"'xml', and must be text or json"):
        as_json()
