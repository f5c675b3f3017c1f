"""The picture of a forecast beyond the end."""

from __future__ import annotations

from pathlib import Path

from scheduler.report.plots.future import draw_future, save_future
from tests.unit.scheduler.future.made import made_future


def test_each_target_has_a_panel_with_its_bands() -> None:
    """Named by the times of the series and of what follows."""
    panels = draw_future(made_future(("sales", "price"), levels=(80.0, 95.0))).axes
    assert [axes.get_title(loc="left") for axes in panels] == ["sales, units=2", "price, units=2"]
    assert len(panels[0].collections) == 2
    assert panels[0].get_xticklabels()[-1].get_text() == "2022-09"


def test_it_is_a_png(tmp_path: Path) -> None:
    """Under the name of the study."""
    path = save_future(made_future(), tmp_path / "plots")
    assert path.name == "tune-future.png"
    assert path.read_bytes().startswith(b"\x89PNG")
