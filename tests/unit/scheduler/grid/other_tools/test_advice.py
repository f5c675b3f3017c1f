"""What other tools write is answered with the lines of a grid that stand in its place, and they are taken."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from scheduler.grid.grid import Grid
from scheduler.grid.yaml_reader import parse
from store.errors import GridError

#: a grid with the wrong line, and what is to be written
LINES = [
    ("training: {lr: 0.1}", "training: {optimizer: {name: adam, learning_rate: 0.1}}"),
    ("training: {momentum: 0.9, epochs: 5}", "training: {optimizer: {name: sgd, momentum: 0.9}}"),
    ("training: {learning_rate: {min: 0.001, max: 0.1}}", "training.optimizer.learning_rate: [0.001, 0.01, 0.1]"),
    ("training: {optimizer: {name: adam, momentum: 0.9}}", "training: {optimizer: {name: sgd, momentum: 0.9}}"),
    (
        "training: {optimizer: {_target_: torch.optim.Adam, lr: 0.01, betas: [0.8, 0.99]}}",
        "training: {optimizer: {name: adam, learning_rate: 0.01, beta_1: 0.8, beta_2: 0.99}}",
    ),
    (
        "training: {optimizer: {name: adam, learning_rate: {min: 0.001, max: 0.1}}}",
        "training.optimizer.learning_rate: [0.001, 0.01, 0.1]",
    ),
    ("training: {optimizer: {adam: {lr: 0.01}}}", "training: {optimizer: {name: adam, learning_rate: 0.01}}"),
    ("training: {optimizer: 'optim.Adam(lr=0.01)'}", "training: {optimizer: {name: adam, learning_rate: 0.01}}"),
    ("grid: {training.optimizer: [Adam(lr=0.1), sgd]}", "training.optimizer: [{name: adam, learning_rate: 0.1}, sgd]"),
    ("grid: {model.units: {values: [1, 2], probabilities: [0.5, 0.5]}}", "model.units: [1, 2]"),
    (
        "grid: {model.units: {name: IntDistribution, attributes: {low: 1, high: 3, log: false}}}",
        "model.units: [1, 2, 3]",
    ),
    ("grid: {random_state: 'range(0, 10)'}", "repeats: 10"),
    ("training: {n_epochs: 7}", "training: {epochs: 7}"),
    ("training: {epochs: [10, 20]}", "training.epochs: [10, 20]"),
    ("training: {loss: [mse, mae]}", "training.loss: [mse, mae]"),
    ("prepare: {log_transform: true}", "prepare: {transform: log}"),
    ("prepare: {boxcox: true}", "prepare: {transform: box_cox}"),
    ("prepare: {standardize: true}", "prepare: {scale: standard}"),
    ("prepare: {recursive: true}", "prepare: {strategy: recursive}"),
    ("prepare: {seasonal_difference: 12}", "prepare: {difference: 12}"),
    ("prepare: {look_back: 3}", "prepare: {lags: 3}"),
    ("prepare: {window: [2, 3]}", "prepare.lags: [2, 3]"),
    ("prepare: {n_lags: {min: 1, max: 3}}", "prepare.lags: [1, 2, 3]"),
    ("model: {hidden_size: 8}", "model: {units: 8}"),
    ("model: {neurons: [2, 4]}", "model.units: [2, 4]"),
    ("model: {kind: stacked, neurons: [2, 4]}", "model: {units: [2, 4]}"),
    ("model: {num_layers: 2, units: 8}", "model: {kind: stacked, units: [8, 8]}"),
    ("model: {bidirectional: true}", "model: {kind: bidirectional}"),
    ("training: {epochs: 5}\nmodel: {units: '${training.epochs}'}", "model: {units: 5}"),
    ("n_repeats: 5", "repeats: 5"),
    ("n_test: 6", "test: 6"),
    ("training: {val_split: 4}", "protocol: {validation: 4}"),
    ("seed: [1, 2, 3]", "repeats: 3"),
    ("grid: {seed: [1, 2]}", "repeats: 2"),
    ("grid: {seed: {min: 0, max: 9}}", "repeats: 10"),
    ("grid: {random_state: {values: [1, 2]}}", "repeats: 2"),
    ("grid: {repeats: [10, 20]}", "repeats: 20"),
    ("grid: {model.units: 2}", "model.units: [2]"),
    ("grid: {lr: [0.1, 0.01]}", "training.optimizer.learning_rate: [0.1, 0.01]"),
    ("grid: {training.optimizer.lr: [0.1, 0.01]}", "training.optimizer.learning_rate: [0.1, 0.01]"),
    ("grid: {hidden_size: {values: [1, 2]}}", "model.units: [1, 2]"),
    ("grid: {model.units: [range(1, 4)]}", "model.units: [1, 2, 3]"),
    ("grid: {model.units: [{min: 1, max: 3}]}", "model.units: [1, 2, 3]"),
    (
        "grid: {training.optimizer: [adam, sgd], training.optimizer.momentum: [0.0, 0.9]}",
        "training.optimizer: [adam, sgd, {name: sgd, momentum: 0.9}]",
    ),
    (
        "training: {optimizer: sgd}\ngrid: {training.optimizer.rho: [0.9, 0.8]}",
        "training.optimizer: [rmsprop, {name: rmsprop, rho: 0.8}]",
    ),
    (
        "grid: {training.optimizer: [{_target_: torch.optim.SGD, lr: 0.1}, Adam]}",
        "training.optimizer: [{name: sgd, learning_rate: 0.1}, adam]",
    ),
    (
        "parameters: {lr: {min: 0.001, max: 0.1}, units: {values: [1, 2]}}",
        "grid: {training.optimizer.learning_rate: [0.001, 0.01, 0.1], model.units: [1, 2]}",
    ),
    (
        "training: {optimizer: {name: Adam, max_grad_norm: 1.0}}",
        "training: {optimizer: {name: adam, global_clipnorm: 1.0}}",
    ),
    ("metrics: [mae]", "score: mae"),
    ("fixed: {training.epochs: 3}", "training: {epochs: 3}"),
    ("hydra: {sweeper: {params: {model.units: 'range(1,4)'}}}", "grid: {model.units: [1, 2, 3]}"),
    ("test: {values: [2, 3]}", "test: [2, 3]"),
    ("grid: {model.units: {type: range, bounds: [1, 3]}}", "model.units: [1, 2, 3]"),
    (
        'training: {optimizer: {name: sgd, momentum: "0.9"}}',
        "training: {optimizer: {name: sgd, momentum: 0.9}}",
    ),
    ("training: {optimizer: lbfgs}", "training: {optimizer: adam}"),
]
#: what is before the line to write, and after it
_WRITE = re.compile(
    r"[;:,] (?:it is an argument of the optimizer: )?(?:to vary it, |each repeat has its own seed: |all configurations "
    r"have as many: |a grid has no references: |write its fields at the top of the file, )?(?:write )?(?:both as one "
    r"axis, |in the place of [\w.]+, |it under grid, as |the units of each layer, |the value itself, )?"
    r"(?P<line>[\w.]+: [^;]*?)(?:, or as an axis .*| at the top of the file.*|)\Z"
)


def refused(text: str) -> list[str]:
    """Return what is said of a grid on the shampoo series."""
    with pytest.raises(GridError) as raised:
        Grid.parse(f"series: shampoo\nprepare: {{pad: true}}\nmodel: {{stateful: false}}\n{text}", file="g")
    return list(raised.value.mistakes)


def taken(text: str) -> Grid:
    """Read a grid in which parts may be given twice."""
    merged: dict[str, Any] = {"series": "shampoo", "prepare": {"pad": True}, "model": {"stateful": False}}
    for part in text.split("\n"):
        for name, value in yaml.safe_load(part).items():
            if "." in name or (name == "test" and isinstance(value, list)):
                merged.setdefault("grid", {})[name] = value
            elif isinstance(value, dict) and name in merged:
                merged[name] |= value
            else:
                merged[name] = value
    return Grid.of(merged)


@pytest.mark.parametrize(("text", "wanted"), LINES, ids=[text.replace("\n", ", ") for text, _ in LINES])
def test_the_line_that_is_proposed_is_taken(text: str, wanted: str) -> None:
    """It has the user's own values."""
    with pytest.raises(GridError) as raised:
        Grid.parse("series: shampoo\n" + text, file="g")
    (mistake,) = raised.value.mistakes
    line = _WRITE.search(mistake)
    assert line is not None, mistake
    assert yaml.safe_load(line["line"]) == yaml.safe_load(wanted), mistake
    right = text.rpartition("\n")[0] or ("model: {kind: stacked}" if "stacked" in text else "")
    assert len(taken("\n".join(filter(None, [right, line["line"]])))) >= 1


def test_a_call_that_commas_part_is_put_together() -> None:
    """In brackets and braces, YAML parts `range(1, 5)`; other texts stay as they are."""
    assert parse("grid: {model.units: choice(1, 2, 3), a: 1}", "g").value == {
        "grid": {"model.units": "choice(1, 2, 3)", "a": 1}
    }
    assert parse("a: [load (kW, MW), b]", "g").value == {"a": ("load (kW", "MW)", "b")}


def test_the_ranges_of_a_random_search_join_the_axes_that_there_are() -> None:
    """What is no range is left out."""
    (said,) = refused(
        "random: {samples: 3, model.dropout: {type: uniform, min: 0.0, max: 0.5}}\ngrid: {model.units: [1]}"
    )
    assert said == "g:4: random is not a field; write under grid model.dropout: [0.0, 0.125, 0.25, 0.375, 0.5]"


def test_a_value_that_nothing_stands_for_is_refused_as_before() -> None:
    """No line is proposed where none is known."""
    assert refused("grid: {model.dropout: {a: 1}}") == [
        "g:4: model.dropout is {a: 1}; allowed: a list of at least one value, such as [1, 2]"
    ]


@pytest.mark.parametrize(
    ("columns", "inputs"),
    [
        ("targets: [gdp], known_covariates: [investment]", "{gdp: {}, investment: {known: true}}"),
        ("targets: [gdp], inputs: {gdp: {lags: 2}}, future: 1", None),
        ("targets: [gdp], inputs: {gdp: {lags: 2}}, known: investment", "{gdp: {lags: 2}, investment: {known: true}}"),
        ("targets: [gdp], exog: [investment]", "[gdp, investment]"),
        (
            "targets: [gdp], past_covariates: [consumption], future_covariates: [investment]",
            "{gdp: {}, consumption: {}, investment: {known: true}}",
        ),
    ],
)
def test_columns_of_other_tools_become_inputs(columns: str, inputs: str | None) -> None:
    """Beside the targets' own past, which those tools take for granted; the line is taken."""
    rest = "model: {stateful: false}\nprepare: {pad: true}\n"
    with pytest.raises(GridError) as raised:
        Grid.parse(f"series: {{name: us_economy, {columns}}}\n{rest}")
    lines = [one.partition("write series: ")[2] for one in raised.value.mistakes]
    if inputs is None:
        assert lines == [""]
        return
    assert set(lines) == {f"{{targets: [gdp], inputs: {inputs}}}"}
    assert len(Grid.parse(f"series: {{name: us_economy, {lines[0][1:]}\n{rest}")) == 1


@pytest.mark.parametrize(
    ("grid", "line"),
    [
        ("series: shampoo\nprepare: {known_future: [a]}", "write series: {inputs: {a: {known: true}}}"),
        (
            "series: {path: x.csv, time: t, value: y, covariates: a}",
            "write series: {targets: [y], inputs: [y, a]} in the place of y as value",
        ),
        (
            "series: shampoo\nprepare: {calendar: [month], holidays: [DE, AT]}",
            "write prepare: {calendar: [month, 'holiday:DE', 'holiday:AT']}",
        ),
    ],
)
def test_columns_elsewhere_and_holidays(grid: str, line: str) -> None:
    """With the user's own columns and countries."""
    with pytest.raises(GridError) as raised:
        Grid.parse(grid, file="g")
    assert any(one.endswith(line) for one in raised.value.mistakes), raised.value.mistakes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("grid: {model.units: glob(*)}", "a grid has no patterns of values"),
        (
            "grid: {model: {type: parameter_collection, params: {units: {type: choice, options: [1, 2]}}}}",
            "write its fields as axes: model.units: [1, 2]",
        ),
        (
            "training: {optimizer: {name: sgd, decay: 0.1}}",
            "{name: exponential_decay, decay_steps: 1, decay_rate: 0.999}",
        ),
        ("cv: 5", "write windows"),
        ("training: {verbose: 0}", "remove it: curves"),
        ("training: {n_estimators: 100}", "it belongs to trees"),
    ],
)
def test_words_without_a_line_are_answered(text: str, says: str) -> None:
    """Each by one sentence on what stands in their place."""
    (mistake,) = refused(text)
    assert says in mistake
