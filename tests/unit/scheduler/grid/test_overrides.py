"""Fields set on the command line: `--set` takes the place of the file's, and its mistakes are named by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

TEXT = """\
name: tune
series: shampoo
model: {units: 2}
training: {epochs: 100, optimizer: adam}
repeats: 30
grid:
  training.batch_size: [1, 2]
"""


def read(*overrides: str, text: str = TEXT) -> Grid:
    """Read a grid with some fields set."""
    return Grid.parse(text, file="g.yaml", overrides=overrides)


def refused(*overrides: str, text: str = TEXT) -> list[str]:
    """Return the mistakes of a grid with some fields set."""
    with pytest.raises(GridError) as raised:
        read(*overrides, text=text)
    return list(raised.value.mistakes)


class TestWhatIsSet:
    """Any dotted field, with a value in YAML."""

    def test_a_field_of_the_experiment(self) -> None:
        """The file's value gives way."""
        assert read("repeats=5").repeats == 5

    def test_fields_of_parts(self) -> None:
        """Fields beside them stay; a part that the file does not have is made."""
        configuration = read("training.epochs=7", "prepare.lags=3").points[0].configuration
        assert (configuration.training.epochs, configuration.prepare.lags) == (7, 3)
        assert configuration.model.units == 2

    def test_an_argument_of_what_has_a_name(self) -> None:
        """`adam` becomes Adam with an argument; a field that is left out has its default's name."""
        names = ("training.loss.name=huber", "model.kernel_initializer.name=zeros")
        configuration = read("training.optimizer.learning_rate=0.01", *names).points[0].configuration
        assert configuration.training.optimizer.arguments == {"learning_rate": 0.01}
        assert (configuration.training.loss.name, configuration.model.kernel_initializer.name) == ("huber", "zeros")

    def test_values_are_yaml(self) -> None:
        """Lists, mappings, switches and text."""
        one = read("model={kind: stacked, units: [3, 4], stateful: false}", "description=a = b").points[0]
        assert one.configuration.model.layers == (3, 4)
        assert read("description=a = b").description == "a = b"
        assert read("prepare.scale=null").points[0].configuration.prepare.scale is None

    def test_an_axis(self) -> None:
        """An axis is set as a whole, or added."""
        labels = [point.label for point in read("grid.training.batch_size=[2]", "grid.model.units=[1, 3]").points]
        assert labels == ["batch_size=2, units=1", "batch_size=2, units=3"]

    def test_the_last_one_wins(self) -> None:
        """As options of a command do."""
        assert read("repeats=5", "repeats=6").repeats == 6

    def test_the_series(self, tmp_path: Path) -> None:
        """A path is relative to the grid file, as in it."""
        (tmp_path / "s.csv").write_text("t,v\n" + "\n".join(f"{year},{year % 7}" for year in range(1960, 2010)))
        (tmp_path / "g.yaml").write_text(TEXT)
        grid = Grid.load(tmp_path / "g.yaml", overrides=["series={path: s.csv, time: t}"])
        assert [series.name for series in grid.series_data()] == ["s"]

    def test_the_text_that_is_stored_stands_for_the_same(self) -> None:
        """The grid that the store keeps can be run again without the options."""
        together = "grid.[model.units, test]=[[1, 12], [2, 6]]"
        changed = read("repeats=5", "training.optimizer.learning_rate=1e-2", together)
        assert len(changed) == 4
        assert changed.text.startswith("# 'g.yaml' with --set 'repeats=5' --set ")
        again = read(text=changed.text)
        assert (again.repeats, again.points) == (changed.repeats, changed.points)

    def test_without_overrides_the_text_is_the_files(self) -> None:
        """Comments and order stay."""
        assert read().text == TEXT


class TestMistakes:
    """Each names the option, not a line of the file."""

    @pytest.mark.parametrize(
        ("override", "mistake"),
        [
            ("training.epoch=5", "--set training.epoch: training.epoch is not a field; did you mean training.epochs?"),
            ("repeat=5", "--set repeat: repeat is not a field; did you mean repeats?"),
            ("repeats=many", "--set repeats: repeats is many; allowed: a whole number from 1"),
            ("training.epochs=0", "--set training.epochs: training.epochs is 0; allowed: a whole number from 1"),
            ("repeats", "--set repeats: a field and its value are needed, such as --set repeats=5"),
            ("=5", "--set =5: a field and its value are needed, such as --set repeats=5"),
            (
                "model.units=[1",
                "--set model.units: not YAML: did not find expected ',' or ']'; check indentation, colons, brackets "
                "and quotes",
            ),
            (
                "training.batch_size=4",
                "--set training.batch_size: the grid varies training.batch_size, so the value would not be used; set "
                "the axis instead: --set 'grid.training.batch_size=[...]'",
            ),
            (
                "grid.model.unit=[1]",
                "--set grid.model.unit: model.unit is not a field that can be an axis; did you mean model.units?",
            ),
            ("model.units.x=1", "--set model.units.x: model.units.x is not a field"),
        ],
    )
    def test_one_line_each(self, override: str, mistake: str) -> None:
        """What was given, what is allowed, and the nearest spelling."""
        (found,) = refused(override)
        assert found.startswith(mistake)

    def test_values_that_do_not_fit_the_rest(self) -> None:
        """A check of several fields names the option that set the field at fault."""
        (found,) = refused("training.batch_size=5", text="series: shampoo\nprepare: {trim: 2}")
        assert re.match(r"--set training\.batch_size: training\.batch_size is 5, which does not divide", found)

    def test_mistakes_of_the_file_keep_their_lines(self) -> None:
        """Options come first."""
        found = refused("training.epochs=0", text=TEXT.replace("units: 2", "units: 0"))
        assert [one.partition(": ")[0] for one in found] == ["--set training.epochs", "g.yaml:3"]

    def test_the_advice_for_an_axis_works(self) -> None:
        """Setting the axis is what it says."""
        assert len(read("grid.training.batch_size=[4]")) == 1
