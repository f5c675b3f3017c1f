"""The pictures as files: what is drawn, for which experiments, and that labels stay text."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from scheduler.report import plots
from scheduler.report.report_data import ReportData, quantiles
from tests.reports import HOSTILE, made_report


def words(path: Path) -> str:
    """Read all text of an SVG; fails where it is not well-formed."""
    return " ".join("".join(part.itertext()) for part in ET.parse(path).iter("{http://www.w3.org/2000/svg}text"))


def drawn(report: ReportData, directory: Path) -> dict[str, str]:
    """Draw as SVG and read the words, by the picture's name."""
    return {path.stem.rsplit("-", 1)[1]: words(path) for path in plots.save(report, directory, ["svg"])}


class TestSave:
    def test_writes_each_picture_in_each_format_under_the_experiments_name(self, tmp_path: Path) -> None:
        """A README can name the files in advance."""
        written = plots.save(made_report(points=8, repeats=3), tmp_path / "new" / "plots")
        names = ["tune-units-scores.png", "tune-units-scores.svg", "tune-units-trajectories.png"]
        assert [path.name for path in written] == [*names, "tune-units-trajectories.svg"]
        assert all(path.stat().st_size > 1000 for path in written)
        assert written[0].read_bytes().startswith(b"\x89PNG")

    def test_the_same_data_gives_the_same_file(self, tmp_path: Path) -> None:
        """A picture under version control changes only when the numbers do."""
        first, second = (plots.save(made_report(points=8), tmp_path / name, ["svg"])[0] for name in "ab")
        assert first.read_bytes() == second.read_bytes()

    def test_no_configuration_draws_nothing(self, tmp_path: Path) -> None:
        """An experiment without a row has no picture."""
        assert plots.save(made_report(labels=()), tmp_path) == []

    def test_no_trajectories_leave_their_picture_out(self, tmp_path: Path) -> None:
        """The scores are drawn all the same."""
        assert list(drawn(made_report(points=0), tmp_path)) == ["scores"]

    @pytest.mark.parametrize("name", ["../../etc/passwd", "a b/c", "é $x$", "...", "x" * 300, "\x00\n"])
    def test_any_name_stays_in_the_directory(self, tmp_path: Path, name: str) -> None:
        """A hostile experiment name cannot choose where files go."""
        (path,) = plots.save(made_report(points=0, experiment=name), tmp_path, ["svg"])
        assert path.parent == tmp_path
        assert len(path.name) < 100


class TestWhatIsSaid:
    def test_persistence_and_counts(self, tmp_path: Path) -> None:
        """The persistence line is labelled with its exact RMSE."""
        said = drawn(made_report(points=8), tmp_path)["scores"]
        assert "persistence 136.761" in said
        assert "36 repeats" in said

    @pytest.mark.parametrize(("rmse", "side"), [(88.5, ""), (1e6, " is beyond the axis"), (-1e6, " is below the axis")])
    def test_the_best_baseline_is_drawn_too(self, tmp_path: Path, rmse: float, side: str) -> None:
        """The sentence above the table is about it, so a score below persistence alone must not look like a win."""
        found = pd.DataFrame({"baseline": ["persistence", "drift", "AR(1)"], "rmse": [2e6, 3e6, rmse]})
        said = drawn(made_report(points=0, baselines=found), tmp_path)["scores"]
        assert f"best baseline, AR(1) {rmse:.3f}{side}" in said
        assert "drift" not in said

    def test_partial_experiments_say_so(self, tmp_path: Path) -> None:
        """A picture that is passed on alone still says that repeats are missing."""
        said = drawn(made_report(points=8, waiting=5), tmp_path)
        assert all("PARTIAL: 21 of 36 repeats" in picture for picture in said.values())

    def test_diverged_repeats_are_counted_beside_their_box(self, tmp_path: Path) -> None:
        """A box is of the finished repeats; the others are not dropped in silence."""
        assert drawn(made_report(points=8, diverged=2), tmp_path)["scores"].count("2 diverged") == 3

    def test_all_diverged(self, tmp_path: Path) -> None:
        """There is a row for each configuration, without a box."""
        said = drawn(made_report(points=8, diverged=12), tmp_path)["scores"]
        assert said.count("no score") == 3
        assert said.count("12 diverged") == 3

    def test_a_score_far_out_is_counted_and_does_not_flatten_the_boxes(self, tmp_path: Path) -> None:
        """One repeat with an RMSE of a million leaves the axis to the others."""
        report = made_report(points=0)
        report.results.loc[3, "test_rmse"] = 1e6
        said = drawn(report, tmp_path)["scores"]
        assert "1 beyond" in said
        assert "1000000" not in said

    def test_of_many_configurations_the_best_are_drawn_and_it_says_so(self, tmp_path: Path) -> None:
        """500 boxes are no picture."""
        report = made_report([f"c{place}" for place in range(500)], repeats=3, points=4)
        said = drawn(report, tmp_path)
        assert "30 with the best median of 500" in said["scores"]
        assert "12 with the best median of 500" in said["trajectories"]

    def test_labels_are_text_and_not_markup_or_formulas(self, tmp_path: Path) -> None:
        """Labels come from the user's grid: hostile, in other scripts, very long, with control characters."""
        report = made_report(
            [HOSTILE, "$x^2$ \\frac", "\u65e5\u672c\u8a9e \x1b[31m", "long " * 60], points=4, repeats=2
        )
        said = drawn(report, tmp_path)["scores"]
        assert "</script><img src=x" in said
        assert "$x^2$ \\frac" in said
        assert "\u65e5\u672c\u8a9e" in said


class TestQuantiles:
    def test_agrees_with_numpy_where_values_are_missing(self) -> None:
        """Bands leave out the repeats that have diverged by then."""
        rng = np.random.default_rng(0)
        values = rng.normal(size=(31, 40)).astype(np.float32)
        values[rng.random(values.shape) < 0.3] = np.nan
        values[2:, 5] = np.inf
        expected = np.nanpercentile(np.where(np.isfinite(values), values, np.nan).astype(float), [10, 50, 90], axis=0)
        np.testing.assert_allclose(quantiles(values, (10, 50, 90)), expected, rtol=1e-6)

    def test_nothing_finite_is_nan(self) -> None:
        """An epoch at which all have diverged has no band, and no warning."""
        assert np.isnan(quantiles(np.full((3, 2), np.nan), (10, 50))).all()
