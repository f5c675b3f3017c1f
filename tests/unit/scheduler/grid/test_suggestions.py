"""What a name that is no field points to: what people know from Keras and pandas, the nearest spelling, or nothing."""

import pytest

from scheduler.grid.fields import FIELDS, axis_names, known
from scheduler.grid.grid import Grid
from scheduler.grid.other_tools.words import FIELD_OF, KIND_WORDS, SAYS
from store.errors import GridError
from store.schema.configuration import Model
from store.schema.spelling import nearest


def rate(name: str, value: float) -> str:
    """Return what is said of a learning rate that is no field of its own."""
    return (
        f"it is an argument of the optimizer: write training: {{optimizer: {{name: {name}, learning_rate: {value}}}}}, "
        f"or as an axis training.optimizer.learning_rate: [{value}]"
    )


KINDS = "vanilla, stacked, bidirectional, cnn_lstm, conv_lstm, encoder_decoder, cnn or mlp"


def mistakes(text: str) -> list[str]:
    """List what is wrong with a grid on the shampoo series, without the file and the line."""
    with pytest.raises(GridError) as raised:
        Grid.parse(f"series: shampoo\n{text}", file="g")
    return [mistake.split(": ", maxsplit=1)[1] for mistake in raised.value.mistakes]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("training: {lr: 0.1}", f"training.lr is not a field; {rate('adam', 0.1)}"),
        (
            "training: {learning_rate: 0.1, optimizer: sgd}",
            f"training.learning_rate is not a field; {rate('sgd', 0.1)}",
        ),
        ("learning_rate: 0.1", f"learning_rate is not a field; {rate('adam', 0.1)}"),
        (
            "training: {momentum: 0.1}",
            "training.momentum is not a field; it is an argument of the optimizer: write training: {optimizer: {name: "
            "sgd, momentum: 0.1}}, or as an axis training.optimizer.momentum: [0.1]",
        ),
        (
            "model: {layers: 2}",
            "model.layers is not a field; write the units of each layer, model: {kind: stacked, units: [1, 1]}",
        ),
        (
            "model: {return_sequences: true}",
            "model.return_sequences is not a field; model.kind sets it for every layer",
        ),
        (
            "training: {validation_split: 0.2}",
            "training.validation_split is not a field; write protocol.validation: a whole number from 0",
        ),
        (
            "training: {patience: 3}",
            "training.patience is not a field; write training.early_stopping: {patience: 20}, and protocol.validation, "
            "the number of rows that it watches",
        ),
        ("model: {shuffle: false}", "model.shuffle is not a field; write training: {shuffle: false}"),
        (
            "model: {kind: GRU}",
            f"model.kind is GRU; allowed: {KINDS}; write model.cell: gru, in a kind such as vanilla",
        ),
        ("model: {kind: lstm}", f"model.kind is lstm; allowed: {KINDS}; did you mean vanilla?"),
        ("epochs: 3", "epochs is not a field; write training: {epochs: 3}"),
        ("units: 3", "units is not a field; write model: {units: 3}"),
        ("kind: stacked", "kind is not a field; did you mean model.kind or protocol.kind?"),
        ("training: {units: 3}", "training.units is not a field; write model: {units: 3}"),
        ("training: {seed: 3}", "training.seed is not a field; write seed: 3 at the top of the file"),
        ("training: {batch-size: 3}", "training.batch-size is not a field; write training: {batch_size: 3}"),
        ("model.units: 3", "model.units is not a field; dotted names are for axes: write model: {units: ...}"),
        (
            "training: {optimizer.rho: 3}",
            "training.optimizer.rho is not a field; dotted names are for axes: write training: {optimizer: {rho: ...}}",
        ),
        (
            "protocol: {kind: update, lasts: 3}",
            "protocol.lasts is not a field; did you mean protocol.last? (with kind update)",
        ),
        (
            "training: {qwerty: 3}",
            "training.qwerty is not a field; training has epochs, batch_size, shuffle, optimizer, schedule, "
            "early_stopping and loss",
        ),
    ],
)
def test_a_field(text: str, mistake: str) -> None:
    """The hint takes the place of the list of all fields."""
    assert mistakes(text) == [mistake]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("training.learning_rate", "write training.optimizer.learning_rate: [1]"),
        ("lr", "write training.optimizer.learning_rate: [1]"),
        ("batch_size", "write training.batch_size: [1]"),
        ("model.epoch", "write training.epochs: [1]"),
        ("trainig.epochs", "write training.epochs: [1]"),
    ],
)
def test_an_axis(name: str, hint: str) -> None:
    """The names that an axis may have are compared by their last words, not by the section all have in common."""
    assert mistakes(f"grid: {{{name}: [1]}}") == [f"{name} is not a field that can be an axis; {hint}"]


def test_an_excluded_axis() -> None:
    """Only the axes of this grid are suggested."""
    said = mistakes("grid: {model.units: [1, 2]}\nexclude: [{units: 1}]")
    assert said == ["units is not an axis of this grid; the axes are model.units; did you mean model.units?"]


@pytest.mark.parametrize(("word", "allowed"), [("layers", "filters"), ("lags", "units"), ("lr", "loss"), ("l3", "l1")])
def test_far_words_are_not_guessed(word: str, allowed: str) -> None:
    """Another word is worse than none."""
    assert nearest(word, [allowed]) is None


@pytest.mark.parametrize(
    ("prepare", "hint"),
    [
        ("{scale: z-score}", "did you mean standard?"),
        ("{scale: {Sales: MinMaxScaler}}", "write the two ends, such as [0, 1]"),
        ("{transform: {Sales: ln}}", "did you mean log?"),
        ("{transform: boxcox}", "did you mean box_cox?"),
        ("{transform: null}", "write none"),
        ("{strategy: iterated}", "did you mean recursive?"),
    ],
)
def test_words_of_values(prepare: str, hint: str) -> None:
    """The value that another tool's word stands for."""
    (said,) = mistakes(f"prepare: {prepare}")
    assert said.endswith(f"; {hint}")


def test_words_hide_no_field() -> None:
    """A word of another library is not a field here, and what it points to is."""
    last_words = {name.rpartition(".")[2] for name in (*FIELDS, *axis_names()) if name.count(".") < 2}
    assert not last_words & {*FIELD_OF, *SAYS}
    assert all(known(name) for name in FIELD_OF.values())
    kinds = [says.split()[3].rstrip("?") for says in KIND_WORDS.values() if says.startswith("did you mean")]
    assert all(Model(kind=kind).kind == kind for kind in kinds)
