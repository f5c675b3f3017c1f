"""Grid files: what is right is read, and every mistake is one whole line with its place and what is allowed."""

import os
import re
from pathlib import Path
from time import perf_counter

import pytest

from scheduler.grid.grid import MOST_CONFIGURATIONS, Grid
from store.errors import GridError
from store.schema.fields import LARGEST

VARY = "series, test, prepare, model, training or protocol, or a field of one of them, such as model.units"
NAMED = "letters, digits, dots, dashes and underscores, at most 100, the first a letter or digit"
TEXT = "text, with no control characters but newlines and tabs"
AXIS = "a list of at least one value, such as [1, 2]"


def grid(text: str) -> Grid:
    """Parse a grid on the shampoo series."""
    return Grid.parse(f"series: shampoo\n{text}", file="g.yaml")


def refused(text: str, *mistakes: str) -> None:
    """Check that a grid on the shampoo series has exactly these mistakes, each given as `line: text`."""
    with pytest.raises(GridError) as raised:
        grid(text)
    assert list(raised.value.mistakes) == [f"g.yaml:{mistake}" for mistake in mistakes]


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


class TestLabels:
    """Labels are short and never alike."""

    @pytest.mark.parametrize(
        ("axes", "labels"),
        [
            ("model.bias_regularizer: [{l1: 0, l2: 0.01}, null]", ["l1=0, l2=0.01", "bias_regularizer=null"]),
            (
                "model.bias_regularizer: [{l1: 1}]\n  model.kernel_regularizer: [{l1: 2}]",
                ["bias_regularizer(l1=1), kernel_regularizer(l1=2)"],
            ),
            (
                "model.bias_regularizer.l1: [1]\n  model.kernel_regularizer.l1: [2]",
                ["bias_regularizer.l1=1, kernel_regularizer.l1=2"],
            ),
            (
                "training.optimizer: [adam, {name: sgd, momentum: 0.9}]",
                ["optimizer=adam", "optimizer=sgd(momentum=0.9)"],
            ),
            ("model.kind: [stacked]\n  model.units: [[1, 2]]", ["kind=stacked, units=[1, 2]"]),
            ("prepare.scale: [null, [0, 1]]", ["scale=null", "scale=[0, 1]"]),
        ],
    )
    def test_values_are_written_readably(self, axes: str, labels: list[str]) -> None:
        """Names, mappings and lists each in their own way."""
        assert [point.label for point in grid(f"grid:\n  {axes}").points] == labels

    def test_long_labels_stay_unique(self) -> None:
        """What is cut off is told apart by a number."""
        values = ", ".join(f"[{', '.join(['11'] * 99 + [str(last)])}]" for last in (1, 2))
        labels = [point.label for point in grid(f"model: {{kind: stacked}}\ngrid: {{model.units: [{values}]}}").points]
        assert len(set(labels)) == 2
        assert all(len(label) <= 170 for label in labels)


class TestMistakes:
    """One mistake, one line."""

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            ("repeats: 0", "2: repeats is 0; allowed: a whole number from 1"),
            ("repeats: '3'", "2: repeats is '3'; allowed: a whole number from 1"),
            ("repeats: 3.0", "2: repeats is 3.0; allowed: a whole number from 1"),
            ("repeats: true", "2: repeats is true; allowed: a whole number from 1"),
            ("repeats: [1]", "2: repeats is [1]; allowed: a whole number from 1"),
            ("seed: -1", "2: seed is -1; allowed: a whole number from 0 to below 2^63"),
            ("max_attempts: 0", "2: max_attempts is 0; allowed: a whole number from 1 to 100"),
            ("pack: atuo", "2: pack is atuo; allowed: a whole number from 1, or auto; did you mean auto?"),
            ("queue: ''", f"2: queue is ''; allowed: {NAMED}"),
            ("name: a/b", f"2: name is a/b; allowed: {NAMED}, and not digits alone"),
            ("name: .hidden", f"2: name is .hidden; allowed: {NAMED}, and not digits alone"),
            ("name: --help", f"2: name is --help; allowed: {NAMED}, and not digits alone"),
            ("name: 12", f"2: name is 12; allowed: {NAMED}, and not digits alone; put it in quotes to make it text"),
            ("name: '12'", f"2: name is '12'; allowed: {NAMED}, and not digits alone"),
            ("description: 5", f"2: description is 5; allowed: {TEXT}; put it in quotes to make it text"),
            ('description: "a\\0"', f"2: description is 'a\\x00'; allowed: {TEXT}"),
            ('description: "\\e[31m"', f"2: description is '\\x1b[31m'; allowed: {TEXT}"),
            (
                "traning: {}",
                "2: traning is not a field; did you mean training?",
            ),
            (
                "qwerty: {}",
                "2: qwerty is not a field; a grid has name, description, series, test, prepare, model, training, "
                "protocol, repeats, seed, grid, exclude, queue, pack and max_attempts",
            ),
            (
                "model: 3",
                "2: model is 3; allowed: a mapping of kind, units, stateful, activation, recurrent_activation, "
                "use_bias, unit_forget_bias, kernel_initializer, recurrent_initializer, bias_initializer, gates, "
                "dropout, "
                "recurrent_dropout, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, "
                "subsequences, filters, kernel_size and pool_size",
            ),
            (
                "training: {epoch: 3}",
                "2: training.epoch is not a field; did you mean training.epochs?",
            ),
            (
                f"training: {{epochs: {10**20}}}",
                f"2: training.epochs is {10**20}; allowed: a whole number from 1 to {LARGEST}",
            ),
            (
                f"model: {{kind: stacked, units: [3, {10**20}]}}",
                f"2: model.units is [3, {10**20}]; allowed: a whole number from 1 to {LARGEST}, or a list of them",
            ),
            (
                "model: {bias_regularizer: {l1: 1e10}}",
                "2: model.bias_regularizer.l1 is 10000000000.0; allowed: a number from 0 to 1000000000",
            ),
            ("max_attempts: 101", "2: max_attempts is 101; allowed: a whole number from 1 to 100"),
            ("training: {epochs: 1e3}", "2: training.epochs is 1000.0; allowed: a whole number from 1"),
            ("model: {units: []}", "2: model.units is []; allowed: a whole number from 1, or a list of them"),
            (
                "model: {units: [1, 2]}",
                "2: model.units has 2 layers, and vanilla has at most 1; allowed: one number, or kind stacked, "
                "bidirectional or cnn_lstm",
            ),
            (
                "model: {kind: encoder_decoder, units: [1, 2, 3]}",
                "2: model.units has 3 layers, and encoder_decoder has at most 2; allowed: 1 to 2 numbers, or kind "
                "stacked, bidirectional or cnn_lstm",
            ),
            ("model: {stateful: on}", "2: model.stateful is on; allowed: true or false"),
            ("model: {dropout: 1}", "2: model.dropout is 1; allowed: a number from 0 to below 1"),
            ("model: {dropout: .nan}", "2: model.dropout is .nan; allowed: a number from 0 to below 1"),
            ("model: {kernel_regularizer: {l1: -1}}", "2: model.kernel_regularizer.l1 is -1; allowed: a number from 0"),
            (
                "model: {kernel_regularizer: {l3: 1}}",
                "2: model.kernel_regularizer.l3 is not a field; model.kernel_regularizer has l1 and l2",
            ),
            (
                "model: {kernel_regularizer: l1}",
                "2: model.kernel_regularizer is l1; allowed: {l1: ..., l2: ...} or null of l1 and l2",
            ),
            (
                "model: {filters: 3}",
                "2: model.filters does not apply to kind vanilla; it is for cnn_lstm and conv_lstm; remove it",
            ),
            (
                "model: {use_bias: false, bias_initializer: ones}",
                "2: model.bias_initializer does not apply with model.use_bias: false; remove one of them",
            ),
            (
                "model: {bias_initializer: orthogonal}",
                "2: model.bias_initializer is orthogonal, which is for matrices only; "
                "allowed: an initializer for vectors, such as zeros",
            ),
            (
                "training: {optimizer: {name: adam, momentum: 0.9}}",
                "2: training.optimizer: adam has no argument 'momentum': its arguments are learning_rate, "
                "weight_decay, "
                "clipnorm, clipvalue, global_clipnorm, beta_1, beta_2, epsilon and amsgrad",
            ),
            (
                "training: {optimizer: {name: sgd, momentum: 2}}",
                "2: training.optimizer: momentum is 2; allowed for sgd: a number from 0 to below 1",
            ),
            (
                "training: {optimizer: {name: sgd, clipnorm: 1, clipvalue: 1}}",
                "2: training.optimizer: clipnorm and clipvalue are all given; allowed: one of them",
            ),
            (
                "training: {optimizer: {learning_rate: 1}}",
                "2: training.optimizer: a name is missing: a Keras optimizer such as adam, or {name: ..., arguments}",
            ),
            ("training: {loss: {name: mae, delta: 1}}", "2: training.loss: mae has no argument 'delta': it has none"),
            (
                "prepare: {difference: {Sale: 1}}",
                "2: prepare.difference names the column 'Sale', which the grid does not use; the columns are Sales",
            ),
            (
                "prepare: {scale: {price: null}}",
                "2: prepare.scale names the column 'price', which the grid does not use; the columns are Sales",
            ),
            (
                "prepare: {scale: [1, 0]}",
                "2: prepare.scale is [1, 0]; allowed: two numbers from -1e9 to 1e9, the lower one first, or null, or a "
                "mapping of columns to either",
            ),
            (
                "prepare: {lags: 40}",
                "2: prepare.lags is 40 and prepare.horizon 1, which leave no row of the 36 observations of "
                "shampoo; use smaller values, or a longer series",
            ),
            ("prepare: {trim: 22}", "2: prepare.trim is 22, and there are 22 training rows; allowed: 0 to 21, or auto"),
            (
                "test: 40",
                "2: test is 40, and shampoo has 36 observations, which make 34 rows; allowed: a whole number "
                "from 1 to 33",
            ),
            ("test: 0", "2: test is 0; protocol fixed forecasts the last rows; allowed: a whole number from 1"),
            (f"test: {10**20}", f"2: test is {10**20}; allowed: a whole number from 0 to {LARGEST}"),
            ("test: many", "2: test is many; allowed: a whole number from 0"),
            (
                "training: {batch_size: 5}",
                "2: training.batch_size is 5, which does not divide the 12 test rows; "
                "allowed: a batch size that divides all rows: 1, 2, 3, 4, 6 or 12; or prepare.pad: true",
            ),
            (
                "prepare: {trim: 0}",
                "1: training.batch_size is 4, which does not divide the 22 training rows; "
                "allowed: a batch size that divides all rows: 1 or 2; or prepare.trim: 2, 6, 10 or 14 with this batch "
                "size; or prepare.pad: true",
            ),
            (
                "prepare: {trim: 3}",
                "1: training.batch_size is 4, which does not divide the 19 training rows (after the trim of 3); "
                "allowed: a batch size that divides all rows: 1; or prepare.trim: 2, 6, 10 or 14 with this batch "
                "size; or prepare.pad: true",
            ),
            (
                "model: {stateful: false}\ntraining: {batch_size: 23}",
                "3: training.batch_size is 23, and there are 22 training rows; allowed: 1 to 22, or prepare.pad: true",
            ),
            (
                "prepare: {pad: true}\nprotocol: {warm_up: true}",
                "1: training.batch_size is 4, which does not divide the 22 training rows, which protocol.warm_up needs "
                "whole; allowed: a batch size that divides all rows: 1, 2, 11 or 22; "
                "or prepare.trim: 2, 6, 10 or 14 with this batch size",
            ),
            (
                "protocol: {validation: 5}",
                "1: training.batch_size is 4, which does not divide the 5 validation rows; "
                "allowed: a batch size that divides all rows: 1; or prepare.pad: true",
            ),
            (
                "protocol: {validation: 22}",
                "2: protocol.validation leaves no training row: of the 34 rows, 12 are test rows, 22 are held out, "
                "and gaps take the rest; use less",
            ),
            (
                "prepare: {gap: 22}",
                "2: prepare.gap leaves no training row: of the 34 rows, 12 are test rows, and gaps take the "
                "rest; use less",
            ),
            (
                "model: {stateful: false}\nprotocol: {warm_up: true}",
                "3: protocol.warm_up is true and model.stateful is false; a model without state has nothing to "
                "warm up: "
                "change one of them",
            ),
            (
                "protocol: {kind: update, warm_up: true}\ntraining: {batch_size: 1}",
                "2: protocol.warm_up is not a field; protocol has kind, update_epochs and last (with kind update)",
            ),
            (
                "protocol: {kind: updates}",
                "2: protocol.kind is updates; allowed: fixed, update, refit or batch_transfer; did you mean update?",
            ),
            (
                "protocol: {kind: refit}",
                "1: training.batch_size is 4; protocol refit trains on rows whose number grows by one and forecasts "
                "one at a time; allowed: 1",
            ),
            (
                "protocol: {kind: batch_transfer}",
                "1: test is 12; protocol batch_transfer forecasts the training rows themselves; allowed: 0",
            ),
            (
                "test: 0\nprotocol: {kind: batch_transfer, forecast_batch_size: 5}\nprepare: {trim: 2}",
                "3: protocol.forecast_batch_size is 5, which does not divide the 32 training rows (after the "
                "trim of 2); "
                "allowed: a batch size that divides all rows: 1, 2, 4, 8, 16 or 32; "
                "or prepare.trim: 4, 9, 14 or 19 with this batch size; or prepare.pad: true",
            ),
            (
                "model: {kind: cnn_lstm}",
                "2: model.subsequences is 2, which does not divide the 1 time step; allowed: 1; "
                "or prepare.lags_as: timesteps with more prepare.lags",
            ),
            (
                "model: {kind: conv_lstm, subsequences: 4}\nprepare: {lags: 6, lags_as: timesteps}",
                "2: model.subsequences is 4, which does not divide the 6 time steps; allowed: 1, 2, 3 or 6",
            ),
            (
                "model: {kind: conv_lstm, kernel_size: 3}\nprepare: {lags: 4, lags_as: timesteps}",
                "2: model.kernel_size is 3, and a subsequence has 2 time steps; allowed: 1 to 2",
            ),
            (
                "model: {kind: cnn_lstm, kernel_size: 2}\nprepare: {lags: 4, lags_as: timesteps}",
                "2: model.pool_size is 2, and the convolution leaves 1 time step of a subsequence; allowed: 1",
            ),
        ],
    )
    def test_of_a_field(self, text: str, mistake: str) -> None:
        """The line, what was given, what is allowed, and the nearest spelling."""
        refused(text, mistake)

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            ("grid: [1]", "2: grid is [1]; allowed: a mapping of dotted fields to lists of values"),
            (
                "grid:\n  model.unit: [1]",
                "3: model.unit is not a field that can be an axis; did you mean model.units?",
            ),
            (
                "grid:\n  epochs: [1]",
                "3: epochs is not a field that can be an axis; did you mean training.epochs?",
            ),
            ("grid:\n  qwerty: [1]", f"3: qwerty is not a field that can be an axis; allowed: {VARY}"),
            ("grid:\n  repeats: [1]", f"3: repeats applies to the whole grid and cannot be an axis; allowed: {VARY}"),
            ("grid:\n  model.units: 3", f"3: model.units is 3; allowed: {AXIS}"),
            ("grid:\n  model.units: []", f"3: model.units is []; allowed: {AXIS}"),
            ("grid:\n  model.units: [1, 2, 1]", "3: model.units has 1 twice, first on line 3; keep one of them"),
            (
                "grid:\n  training.optimizer:\n    - adam\n    - {name: Adam, learning_rate: 0.001}",
                "5: training.optimizer: {name: Adam, learning_rate: 0.001} is the same configuration as "
                "training.optimizer: adam on line 4; keep one of them",
            ),
            (
                "grid:\n  model.units:\n    - 1\n    - two",
                "5: model.units is two; allowed: a whole number from 1, or a list of them",
            ),
            (
                "grid:\n  [model.units, training.epochs]:\n    - [1, 2]\n    - [1]",
                "5: [1] is not a value for [model.units, training.epochs]; allowed: a list of 2 values",
            ),
            (
                "grid:\n  [model.units, training.epochs]: [[1, 2]]\n  model.units: [3]",
                "4: model.units is an axis twice, first on line 3; keep one of them",
            ),
            (
                "grid:\n  training.batch_size:\n    - 4\n    - 7",
                "5: training.batch_size is 7, which does not divide the 12 test rows; "
                "allowed: a batch size that divides all rows: 1, 2, 3, 4, 6 or 12; or prepare.pad: true",
            ),
            (
                "grid:\n  protocol.kind: [fixed, refits]",
                "3: protocol.kind is refits; allowed: fixed, update, refit or batch_transfer; did you mean refit?",
            ),
            ("exclude: 3", "2: exclude is 3; allowed: a list of mappings of axes to values"),
            ("exclude: [{model.units: 1}]", "2: model.units is not an axis of this grid; there are none"),
            (
                "grid: {model.units: [1, 2]}\nexclude: [{model.unit: 1}]",
                "3: model.unit is not an axis of this grid; the axes are model.units; did you mean model.units?",
            ),
            (
                "grid: {model.units: [1, 2]}\nexclude: [{model.units: 3}]",
                "3: model.units is never 3 in this grid; its values are 1 and 2",
            ),
            (
                "grid: {model.units: [1, 2]}\nexclude:\n  - {model.units: 1}\n  - {model.units: 2}",
                "3: exclude removes every point of the grid; keep at least one",
            ),
            (
                "grid: {[model.units, training.epochs]: [[1, 2], [3, 4]]}\nexclude: [{model.units: 1, "
                "training.epochs: 4}]",
                "3: this excludes no further point; correct it or remove it",
            ),
        ],
    )
    def test_of_an_axis(self, text: str, mistake: str) -> None:
        """The line is that of the value."""
        refused(text, mistake)

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            (
                "repeats: 3",
                "1: series is missing; allowed: a bundled name, {name: ..., targets: [...], inputs: [...]} or "
                "{path: ..., time: ..., value: ...}, such as series: shampoo",
            ),
            (
                "series: shampo",
                "1: series is shampo, which is not bundled; bundled are fractions, shampoo, tens, tens_and_fives, "
                "tens_to_110 and us_economy; a file of your own is {path: ..., time: ..., value: ...}; "
                "did you mean shampoo?",
            ),
            (
                "series: {name: tens_and_fives, targets: [summ]}",
                "the bundled series tens_and_fives:1: there is no column 'summ'; the columns are step, tens, fives and "
                "sum; did you mean sum?",
            ),
            (
                "series: {name: shampoo, path: a.csv}",
                "1: series has both a name and a path, or neither; allowed: one of them",
            ),
            ("series: {time: a}", "1: series has both a name and a path, or neither; allowed: one of them"),
            (
                "series: {path: a.csv, format: '%Y'}",
                "1: series.format tells how times are written; add series.time, or take it out",
            ),
            (
                "series: {path: a.csv, inputs: [a]}",
                "1: series.inputs needs series.targets, the columns that are forecast; add them",
            ),
            (
                "series: {path: a.csv, targets: [a, a]}",
                "1: series.targets is empty or has a column twice; allowed: columns, each once",
            ),
            (
                "series: {path: a.csv, target: [a]}",
                "1: series.target is not a field; did you mean series.targets?",
            ),
            (
                "series: [a]",
                "1: series is [a]; allowed: a bundled name, {name: ..., targets: [...], inputs: [...]} or "
                "{path: ..., time: ..., value: ...} of name, path, time, format, decimal, value, targets and inputs",
            ),
            (
                'series: {path: "a\\0.csv"}',
                "1: series.path is 'a\\x00.csv'; allowed: a path without control characters",
            ),
            (
                "series: {path: a.csv, targets: [2020]}",
                "1: series.targets is [2020]; allowed: a list of columns of the file; put it in quotes to make it text",
            ),
            ("series: {path: no.csv}", "no.csv: no such file; a path is relative to the grid file"),
        ],
    )
    def test_of_a_series(self, text: str, mistake: str) -> None:
        """A series is named, or read from a file, not both."""
        with pytest.raises(GridError) as raised:
            Grid.parse(text, file="g.yaml")
        lines = [line.removeprefix("g.yaml:") for line in raised.value.mistakes]
        assert mistake in lines

    def test_a_missing_series_is_said_once(self) -> None:
        """And does not hide what else is wrong."""
        with pytest.raises(GridError, match=r"^g:1: series is missing; [^\n]*\ng:1: test is a; [^\n]*$"):
            Grid.parse("test: a", file="g")

    def test_a_series_too_short_to_test(self, tmp_path: Path) -> None:
        """No number of test rows is allowed where one row cannot be cut in two."""
        (tmp_path / "s.csv").write_text("v\n1\n2\n3\n")
        with pytest.raises(GridError, match="test is 1, and s has 3 observations, which make 1 row; use a longer"):
            Grid.parse("series: {path: s.csv}\ntest: 1", file=str(tmp_path / "g"))

    def test_every_duplicate_is_named_once(self) -> None:
        """Both values are written out, whatever else varies and however many there are on a line."""
        alike = "training.optimizer: adam on line 3; keep one of them"
        refused(
            "grid:\n  training.optimizer: [adam, ADAM, Adam, sgd]\n  model.units: [1, [1], 2]",
            f"3: training.optimizer: ADAM is the same configuration as {alike}",
            f"3: training.optimizer: Adam is the same configuration as {alike}",
            "4: model.units: [1] is the same configuration as model.units: 1 on line 4; keep one of them",
        )

    def test_a_duplicate_in_several_axes(self) -> None:
        """All values that differ are named."""
        refused(
            "grid:\n  training.optimizer: [adam, Adam]\n  model.units: [1, [1]]\n"
            "exclude: [{training.optimizer: adam, model.units: [1]}, {training.optimizer: Adam, model.units: 1}]",
            "3: training.optimizer: Adam and model.units: [1] is the same configuration as training.optimizer: adam "
            "and model.units: 1 on line 3; keep one of them",
        )

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
            "2: the grid stands for more than 10^18 configurations x 30 repeats = more than 10^19 jobs; "
            f"allowed: {MOST_CONFIGURATIONS:,} configurations and 1,000,000 jobs: use fewer values, or vary some "
            "fields together",
        )
        assert perf_counter() - started < 30

    def test_too_many_repeats(self) -> None:
        """Jobs are counted, not only configurations."""
        refused(
            "repeats: 1000001",
            "1: the grid stands for 1 configurations x 1,000,001 repeats = 1,000,001 jobs; "
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
