"""The grids that come with the project: each is right, explains itself, and computes what its table says."""

from pathlib import Path

import numpy as np
import pytest

from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from scheduler.series.source import bundled
from store.schema.configuration import Fixed
from store.schema.framing import Frame, frame

FOLDER = Path(__file__).parents[2] / "grids"
FILES = sorted(FOLDER.rglob("*.yaml"))
SUITE = {
    "vanilla": (6, [[70], [80], [90]], [[100]]),
    "stacked": (6, [[70], [80], [90]], [[100]]),
    "bidirectional": (6, [[70], [80], [90]], [[100]]),
    "cnn_lstm": (5, [[60], [70], [80], [90]], [[100]]),
    "conv_lstm": (5, [[60], [70], [80], [90]], [[100]]),
    "multiple_input": (7, [[80, 85], [90, 95], [100, 105]], [[205]]),
    "multiple_parallel": (6, [[70, 75, 145], [80, 85, 165], [90, 95, 185]], [[100, 105, 205]]),
    "vector_output": (5, [[70], [80], [90]], [[100], [110]]),
    "encoder_decoder": (5, [[70], [80], [90]], [[100], [110]]),
    "multiple_input_multi_step": (6, [[70, 75], [80, 85], [90, 95]], [[185], [205]]),
    "multiple_parallel_multi_step": (
        5,
        [[60, 65, 125], [70, 75, 145], [80, 85, 165]],
        [[90, 95, 185], [100, 105, 205]],
    ),
}
EPOCHS = dict.fromkeys(SUITE, 200) | {
    "cnn_lstm": 500,
    "conv_lstm": 500,
    "multiple_parallel": 400,
    "vector_output": 50,
    "encoder_decoder": 100,
    "multiple_parallel_multi_step": 300,
}


def load(name: str) -> Grid:
    """Load a shipped grid by its name."""
    return Grid.load(FOLDER / f"{name}.yaml")


def labels(name: str) -> list[str]:
    """List the configurations of a shipped grid."""
    return [point.label for point in load(name).points]


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(FOLDER)) for path in FILES])
def test_each_grid_is_right_and_opens_with_what_it_shows(path: Path) -> None:
    """A comment says what it shows and how long it takes; its name is the file's."""
    grid = Grid.load(path)
    comment = " ".join(line[2:] for line in grid.text.splitlines() if line.startswith("# "))
    assert grid.text.startswith("# ")
    assert "on two cores." in comment
    assert grid.name == path.stem.replace("_", "-")
    assert len({job.key for one in expand(grid).configurations for job in one.jobs}) == grid.jobs


def test_names_are_unique() -> None:
    """No two grids make experiments of one name."""
    names = [Grid.load(path).name for path in FILES]
    assert len(set(names)) == len(names)


def test_the_quickstart() -> None:
    """Three configurations, 30 repeats, 1000 epochs, a trajectory point after each."""
    grid = load("quickstart")
    assert [point.label for point in grid.points] == ["units=1", "units=2", "units=3"]
    assert grid.jobs == 90
    one = grid.points[0].configuration
    assert (one.training.epochs, one.training.batch_size) == (1000, 4)
    assert one.protocol == Fixed(warm_up=False, evaluate_every=1, validation=0)
    cut = frame(one, 36)
    assert (len(cut.train), len(cut.test)) == (20, 12)


@pytest.mark.parametrize(
    ("name", "expected", "repeats"),
    [
        ("diagnostic_epochs", ["epochs=500", "epochs=1000", "epochs=2000", "epochs=4000"], 10),
        ("diagnostic_batch_size", ["batch_size=4", "batch_size=2", "batch_size=1"], 10),
        ("diagnostic_units", ["units=1", "units=2", "units=3"], 10),
        ("tune_epochs", [f"epochs={epochs}" for epochs in (500, 1000, 2000, 4000, 6000)], 30),
        ("tune_batch_size", ["batch_size=1", "batch_size=2", "batch_size=4"], 30),
        ("tune_units", [f"units={units}" for units in range(1, 6)], 30),
        ("regularize_bias", ["l1=0, l2=0", "l1=0.01, l2=0", "l1=0, l2=0.01", "l1=0.01, l2=0.01"], 30),
        ("update", [f"update_epochs={epochs}" for epochs in (0, 2, 5, 10, 20, 50)], 10),
    ],
)
def test_the_tables_rows(name: str, expected: list[str], repeats: int) -> None:
    """Labels and repeats are those of the table."""
    assert labels(name) == expected
    assert load(name).repeats == repeats


def test_tuning_warms_up_and_trims_two_rows_always() -> None:
    """20 training rows even for a batch size of 1."""
    for name in ("tune_epochs", "tune_batch_size", "tune_units"):
        for point in load(name).points:
            assert len(frame(point.configuration, 36).train) == 20
            assert point.configuration.protocol.model_dump()["warm_up"] is True


def test_one_table_is_one_program_where_only_numbers_differ() -> None:
    """Epochs, regularizers and update epochs are numbers of the lanes."""
    for name in ("tune_epochs", "diagnostic_epochs", "regularize_bias", "regularize_input", "update"):
        assert len({job.program for one in expand(load(name)).configurations for job in one.jobs}) == 1


def test_updating_has_all_training_rows() -> None:
    """22 rows, in batches of 1."""
    for point in load("update").points:
        assert len(frame(point.configuration, 36).train) == 22


def test_the_batch_transfer_pairs() -> None:
    """Nine pairs whose input is s[t] and whose target is s[t-1], neither scaled nor differenced."""
    for point in load("batch_transfer").points:
        cut = frame(point.configuration, 10)
        values = bundled("fractions").values[:, 0]
        pairs = [(values[cut.input_times(row)[0]], values[cut.target_times(row)[0]]) for row in cut.train]
        assert pairs == [(round(0.1 * t, 1), round(0.1 * (t - 1), 1)) for t in range(1, 10)]
        assert point.configuration.prepare.scale is None


class TestSuite:
    """The model suite: rows by the framing rules against the published ones."""

    def test_it_is_whole(self) -> None:
        """Eleven models."""
        assert {path.stem.removeprefix("suite_") for path in FOLDER.glob("suite_*.yaml")} == set(SUITE)

    @pytest.mark.parametrize("name", SUITE)
    def test_rows(self, name: str) -> None:
        """The last training row ends at 90, and what is asked and expected is the published row."""
        rows, asked, expected = SUITE[name]
        grid = load(f"suite_{name}")
        (point,) = grid.points
        configuration = point.configuration
        (series,) = grid.series_data()
        cut = frame(configuration, len(series.values))
        assert len(cut.train) == configuration.training.batch_size == rows
        assert (configuration.training.epochs, grid.repeats) == (EPOCHS[name], 10)
        assert seen(series.columns, series.values, configuration.series.inputs, cut, cut.test[0]) == asked
        columns = [series.columns.index(column) for column in configuration.series.targets]
        np.testing.assert_array_equal(series.values[list(cut.target_times(cut.test[0]))][:, columns], expected)
        last = cut.train[-1]
        touched = max(*cut.input_times(last), *cut.target_times(last))
        assert series.values[touched, 0] == 90


def seen(
    columns: tuple[str, ...],
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    inputs: tuple[str, ...],
    cut: Frame,
    row: int,
) -> list[list[float]]:
    """Return what the model sees of a row: steps x columns."""
    places = [columns.index(column) for column in inputs]
    rows: list[list[float]] = values[list(cut.input_times(row))][:, places].tolist()
    return rows
