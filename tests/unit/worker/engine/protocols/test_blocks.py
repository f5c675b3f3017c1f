"""Which lanes are trained side by side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from worker.engine.lane_rows import LaneRows
from worker.engine.protocols import blocks


def test_lanes_with_as_many_rows_share_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block trains as many batches as its longest lane has: a short one beside it would wait."""
    configuration: Any = None
    layout: Any = Mock(lanes=2)
    monkeypatch.setattr(blocks, "program", lambda configuration, layout: SimpleNamespace(layout=layout))
    monkeypatch.setattr(blocks, "_by_program", lambda *given: {("", layout): [0, 1, 2, 3]})
    each: list[Any] = [SimpleNamespace(train=[0.0] * rows) for rows in (9, 3, 8, 2)]
    found = blocks.blocks([configuration] * 4, LaneRows(each=each, apart=True), lambda *given: layout)
    assert [block.positions for block in found] == [[3, 1], [2, 0]]
