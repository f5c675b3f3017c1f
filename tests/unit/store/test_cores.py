"""How many processes can run at once in a container."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.cores import cores


@pytest.fixture(autouse=True)
def _four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process use four cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})


@pytest.mark.parametrize(
    ("text", "expected"), [("max 100000", 4), ("150000 100000", 2), ("800000 100000", 4), ("10 100000", 1), ("?", 4)]
)
def test_the_second_version_of_control_groups(tmp_path: Path, text: str, expected: int) -> None:
    """A share of a core counts as one; without a limit the affinity decides."""
    (tmp_path / "cpu.max").write_text(text)
    assert cores(tmp_path) == expected


@pytest.mark.parametrize(("quota", "expected"), [(-1, 4), (200_000, 2)])
def test_the_first_version(tmp_path: Path, quota: int, expected: int) -> None:
    """-1 is no limit."""
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert cores(tmp_path) == expected


def test_without_control_groups(tmp_path: Path) -> None:
    """As on other systems."""
    assert cores(tmp_path) == 4
