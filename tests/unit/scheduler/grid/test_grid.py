"""Grid files: what is right is read, and every mistake is one whole line with its place and what is allowed."""

import os
import re
from pathlib import Path
from time import perf_counter

import pytest

from scheduler.grid.grid import MOST_CONFIGURATIONS, Grid
from store.errors import GridError
from tests.grids import grid, refused


class TestWhatIsRead:
    """A grid that is right."""

    def test_the_smallest_grid(self) -> None:
        """A series is enough; the name is the file's."""
        read = Grid.parse("series: shampoo", file="some/where/my grid.yaml")
        assert (read.name, len(read), read.repeats, read.jobs) == ("my-grid", 1, 30, 30)
        assert read.points[0].label == "base"
        assert read.points[0].configuration.canonical().startswith('{"series":{"content_hash":"')

    def test_the_last_axis_varies_fastest(self) -> None:
        """The order of configurations is that of the file."""
        read = grid("grid:\n  model.units: [2, 1]\n  training.epochs: [20, 10]")
        assert [point.label for point in read.points] == [
            "units=2, epochs=20",
            "units=2, epochs=10",
            "units=1, epochs=20",
            "units=1, epochs=10",
        ]
        assert [point.configuration.training.epochs for point in read.points] == [20, 10, 20, 10]

    def test_fields_that_vary_together(self) -> None:
        """A list of names has lists of values."""
        read = grid("grid: {[model.units, training.epochs]: [[1, 500], [2, 1000]]}")
        assert [point.axes for point in read.points] == [
            {"model.units": 1, "training.epochs": 500},
            {"model.units": 2, "training.epochs": 1000},
        ]

    def test_exclude_drops_points(self) -> None:
        """A partial point drops all that have its values."""
        read = grid(
            "grid: {model.units: [1, 2], training.epochs: [5, 6]}\nexclude: [{model.units: 2, training.epochs: 5}]"
        )
        assert [point.label for point in read.points] == [
            "units=1, epochs=5",
            "units=1, epochs=6",
            "units=2, epochs=6",
        ]

    def test_a_whole_part_may_be_an_axis(self) -> None:
        """A mapping takes the place of the base's."""
        read = grid(
            "model: {units: 5}\ntraining: {batch_size: 1}\nprepare: {lags: 4, lags_as: timesteps}\n"
            "grid: {model: [{units: 2}, {kind: cnn_lstm}]}"
        )
        assert [point.configuration.model.units for point in read.points] == [2, 1]
        assert [point.label for point in read.points] == ["units=2", "model=cnn_lstm"]

    def test_series_may_be_an_axis(self, tmp_path: Path) -> None:
        """Each series is read once, and labelled by its name."""
        (tmp_path / "own.csv").write_text("t,v\n" + "".join(f"{2000 + i},{i * i}\n" for i in range(36)))
        text = "training: {batch_size: 1}\ngrid: {series: [shampoo, {path: own.csv, time: t}], model.units: [1, 2]}"
        read = Grid.parse(text, file=str(tmp_path / "g.yaml"))
        assert [point.label for point in read.points] == [
            "series=shampoo, units=1",
            "series=shampoo, units=2",
            "series=own, units=1",
            "series=own, units=2",
        ]
        assert [series.name for series in read.series_data()] == ["shampoo", "own"]

    def test_arguments_may_be_axes(self) -> None:
        """An argument below a name that the base gives, or that is the default."""
        read = grid("grid: {training.optimizer.name: [adam, sgd], training.optimizer.learning_rate: [0.1, 1]}")
        optimizers = [point.configuration.training.optimizer for point in read.points]
        assert [(one.name, one.learning_rate) for one in optimizers] == [
            ("adam", 0.1),
            ("adam", 1.0),
            ("sgd", 0.1),
            ("sgd", 1.0),
        ]
        assert grid("grid: {training.optimizer.learning_rate: [0.5]}").points[0].label == "learning_rate=0.5"

    def test_numbers_as_yaml_1_2_has_them(self) -> None:
        """`1e-3` is a number."""
        assert (
            grid("training: {optimizer: {name: adam, learning_rate: 1e-2}}")
            .points[0]
            .configuration.training.optimizer.learning_rate
            == 0.01
        )

    def test_load_is_relative_to_the_file(self, tmp_path: Path) -> None:
        """A path in a grid is relative to the grid."""
        (tmp_path / "s.csv").write_text("t,v\n" + "".join(f"{2000 + i},{i * i}\n" for i in range(36)))
        (tmp_path / "g.yaml").write_text("series: {path: s.csv, time: t, value: v}")
        assert Grid.load(tmp_path / "g.yaml").points[0].configuration.series.targets == ("v",)

    def test_a_file_whose_name_is_not_utf_8(self) -> None:
        """It is read, and kept under a name that a database takes."""
        assert Grid.parse("series: shampoo", file=os.fsdecode(b"a\xff.yaml")).file == "a?.yaml"


class TestMistakes:
    """One mistake, one line."""

    def test_all_at_once_in_the_order_of_lines(self) -> None:
        """Nothing hides behind the first mistake."""
        refused(
            "repeats: 0\nmodel: {unit: 3}\ntest: 50\ntraining: {epochs: x}\ngrid: {model.units: [1, a]}",
            "2: repeats is 0; allowed: a whole number from 1",
            "3: model.unit is not a field; did you mean model.units?",
            "5: training.epochs is x; allowed: a whole number from 1",
            "6: model.units is a; allowed: a whole number from 1, or a list of them",
        )

    def test_no_pydantic_text(self) -> None:
        """Messages are in our own words."""
        with pytest.raises(GridError) as raised:
            grid("prepare: {scale: [a], trim: x, lags_as: 3, difference: {a: b}}\nprotocol: []\nmodel: {units: {a: 1}}")
        text = str(raised.value)
        assert not re.search(r"Input should|type=|https?://|pydantic|validation error", text)
        assert len(raised.value.mistakes) == 6

    def test_stops_at_a_hundred(self) -> None:
        """A grid that is wrong everywhere says so without end in sight."""
        with pytest.raises(GridError) as raised:
            grid(f"grid:\n  model.units:\n{''.join(f'    - x{i}{chr(10)}' for i in range(500))}")
        assert len(raised.value.mistakes) == 101
        assert raised.value.mistakes[-1] == "g.yaml: there may be more mistakes; correct these first"


class TestSize:
    """Large grids take seconds or are refused at once."""

    def test_an_astronomic_product_is_refused_at_once(self) -> None:
        """Nothing is built before the count is known."""
        names = ("model.units", "training.epochs", "training.batch_size", "prepare.lags", "prepare.horizon", "test")
        axes = "".join(f"\n  {name}: {list(range(1, 1001))}" for name in names)
        started = perf_counter()
        refused(
            f"grid:{axes}",
            "2: the grid has more than 10^18 configurations x 30 repeats = more than 10^19 jobs; "
            f"allowed: {MOST_CONFIGURATIONS:,} configurations and 1,000,000 jobs: use fewer values, or vary some "
            "fields together",
        )
        assert perf_counter() - started < 30

    def test_too_many_repeats(self) -> None:
        """Jobs are counted, not only configurations."""
        refused(
            "repeats: 1000001",
            "1: the grid has 1 configurations x 1,000,001 repeats = 1,000,001 jobs; "
            "allowed: 200,000 configurations and 1,000,000 jobs: use fewer values, or vary some fields together",
        )


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("tune.yaml", "tune"),
        ("a b.yaml", "a-b"),
        ("-dash.yaml", "grid-dash"),
        (".hidden.yaml", "grid-hidden"),
        ("12.yaml", "grid-12"),
        ("2026-11.yaml", "2026-11"),
        ("\N{CJK UNIFIED IDEOGRAPH-4E00}.yaml", "grid"),
    ],
)
def test_the_name_of_a_file_becomes_one_of_an_experiment(file, name):
    """One that is not allowed, since it begins otherwise or is a number, stays recognizable and apart from others."""
    assert Grid.parse("series: shampoo", file=file).name == name
