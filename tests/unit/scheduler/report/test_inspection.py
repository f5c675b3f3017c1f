"""What `scheduler inspect` adds to what a file is understood as."""

from __future__ import annotations

from pathlib import Path

from scheduler.report.inspection import inspect_any


def test_a_value_far_outside_is_pointed_out(tmp_path: Path) -> None:
    """With the line that reads it as missing."""
    values = [300 + n % 7 for n in range(40)]
    values[20] = -999
    (tmp_path / "gas.csv").write_text("gas\n" + "\n".join(map(str, values)))
    text = str(inspect_any(tmp_path / "gas.csv"))
    assert "  warning     gas: 1 value of gas is far outside the rest (300.0 to 306.0): -999 in row 21;" in text
    assert "series.na: [-999]" in text
