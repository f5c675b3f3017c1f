"""All parameters of a configuration, by the names that a grid uses."""

from __future__ import annotations

import json

from scheduler.grid.fields import known
from store.schema.configuration import BatchTransfer, Configuration, Model, SeriesChoice, Training
from store.schema.parameters import parameters

SERIES = SeriesChoice(name="shampoo", content_hash="5e", targets=("sales",))


def test_defaults_are_included() -> None:
    """What the JSON leaves out is there; what decides no choice of the user's is not."""
    found = parameters(Configuration(series=SERIES).canonical())
    assert found["training.epochs"] == 1000
    assert found["training.optimizer"] == "adam"
    assert found["training.optimizer.learning_rate"] == 0.001
    assert found["model.kernel_regularizer.l2"] == 0.0
    assert found["prepare.scale"] == "[-1.0,1.0]"
    assert found["series.name"] == "shampoo"
    assert "series.content_hash" not in found


def test_what_differs_is_included() -> None:
    """A grid's own values are there by its own names, with the arguments of what is named."""
    training = Training.model_validate({"epochs": 5, "optimizer": {"name": "sgd", "learning_rate": 0.1}})
    found = parameters(Configuration(series=SERIES, test=3, model=Model(units=(2, 3)), training=training).canonical())
    assert (found["test"], found["training.epochs"], found["training.optimizer"]) == (3, 5, "sgd")
    assert (found["training.optimizer.learning_rate"], found["training.optimizer.momentum"]) == (0.1, 0.0)
    assert found["model.units"] == "[2,3]"


def test_what_the_kind_does_not_have_is_left_out() -> None:
    """A convolution has no units, another protocol no warm-up."""
    protocol = BatchTransfer(kind="batch_transfer")
    found = parameters(Configuration(series=SERIES, model=Model(kind="conv_lstm"), protocol=protocol).canonical())
    assert "model.units" not in found
    assert "model.filters" in found
    assert "protocol.warm_up" not in found
    assert found["protocol.forecast_batch_size"] == 1


def test_every_name_is_one_of_a_grid() -> None:
    """Whatever the view names can be written in a grid."""
    prepare = {"difference": {"sales": 12}, "scale": None}
    given = Configuration.model_validate({"series": SERIES, "prepare": prepare})
    assert [name for name in parameters(given.canonical()) if not known(name)] == []


def test_what_cannot_be_read_is_taken_as_it_is() -> None:
    """A configuration of another version shows what it says."""
    assert parameters(json.dumps({"zeta": 1, "alpha": {"beta": [1, 2]}})) == {"zeta": 1, "alpha.beta": "[1,2]"}
    assert parameters(json.dumps({"test": 5, "model": {"kind": "unheard"}}))["model.kind"] == "unheard"
