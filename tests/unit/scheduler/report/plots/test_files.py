"""The pictures as files: which are written, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.report import plots
from tests.pictures import drawn
from tests.reports import made_report, made_splits


class TestSave:
    def test_writes_each_picture_in_each_format_under_the_experiments_name(self, tmp_path: Path) -> None:
        """A README can name the files in advance."""
        written = plots.save(made_report(points=8, repeats=3), tmp_path / "new" / "plots")
        pictures = ("scores", "trajectories", "forecasts", "ensembles")
        names = [f"tune-units-{name}.{kind}" for name in pictures for kind in ("png", "svg")]
        assert [path.name for path in written] == names
        assert all(path.stat().st_size > 1000 for path in written)
        assert written[0].read_bytes().startswith(b"\x89PNG")

    def test_the_same_data_gives_the_same_file(self, tmp_path: Path) -> None:
        """A picture under version control changes only when the numbers do."""
        first, second = (plots.save(made_report(points=8), tmp_path / name, ["svg"]) for name in "ab")
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

    def test_no_configuration_draws_nothing(self, tmp_path: Path) -> None:
        """An experiment without a row has no picture."""
        assert plots.save(made_report(labels=()), tmp_path) == []

    def test_what_is_missing_leaves_its_picture_out(self, tmp_path: Path) -> None:
        """The scores are drawn all the same."""
        assert list(drawn(made_report(points=0, horizon=0), tmp_path)) == ["scores"]

    @pytest.mark.parametrize("name", ["../../etc/passwd", "a b/c", "é $x$", "...", "x" * 300, "\x00\n"])
    def test_any_name_stays_in_the_directory(self, tmp_path: Path, name: str) -> None:
        """A hostile experiment name cannot choose where files go."""
        (path,) = plots.save(made_report(points=0, horizon=0, experiment=name), tmp_path, ["svg"])
        assert path.parent == tmp_path
        assert len(path.name) < 100

    def test_each_of_several_splits_has_files_of_its_own(self, tmp_path: Path) -> None:
        """Scores of different scale are not drawn into one picture."""
        written = plots.save(made_splits(trajectories={}, forecasts={}), tmp_path, ["svg"])
        names = ["tune-units-small-last-4-rows-scores.svg", "tune-units-large-last-4-rows-scores.svg"]
        assert [path.name for path in written] == names
        assert "small, units=1" not in written[1].read_text()

    def test_splits_whose_names_are_alike_do_not_overwrite_each_other(self, tmp_path: Path) -> None:
        """Also where the file system ignores case or the names differ in signs only."""
        written = plots.save(made_splits(trajectories={}, forecasts={}, split="a?"), tmp_path, ["svg"])
        assert [path.name for path in written] == ["tune-units-a-scores.svg", "tune-units-a-2-scores.svg"]
