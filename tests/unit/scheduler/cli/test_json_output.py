"""What commands write for programs: valid JSON with the documented keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from scheduler.cli.json_output import write_json


def test_times_are_iso_and_missing_numbers_null(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """At every depth."""
    write_json({"a": [{"time": datetime(2026, 1, 2, 3, tzinfo=UTC)}, float("nan"), -float("inf")], "b": (1, None)})
    written = json.loads(capfdbinary.readouterr().out)
    assert written == {"a": [{"time": "2026-01-02T03:00:00+00:00"}, None, None], "b": [1, None]}
