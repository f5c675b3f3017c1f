"""The static tables of names against Keras itself."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from store.schema.keras_catalogue import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, PLATEAU, SCHEDULES, Offered
from store.schema.model import Model
from worker.engine.backend import keras

#: optimizers that need more than numbers, or that train and forecast with different weights
NOT_OFFERED = {"LossScaleOptimizer", "MultiOptimizer", "OptimizerMap", "Optimizer", "Muon", "ScheduleFreeAdamW"}
#: arguments that are not numbers of a run, or that only change how Keras does its bookkeeping
ASIDE = {
    *("self", "name", "kwargs", "args", "seed", "dtype", "reduction", "input_axes", "output_axes"),
    *("use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"),
}


def arguments(made: Any) -> dict[str, Any]:
    """Return the arguments of a class with their defaults."""
    parameters = inspect.signature(made.__init__).parameters
    return {name: parameter.default for name, parameter in parameters.items() if name not in ASIDE}


@pytest.mark.parametrize(
    ("module", "name", "offered"),
    [
        (module, name, offered)
        for module, table in (("optimizers", OPTIMIZERS), ("losses", LOSSES), ("initializers", INITIALIZERS))
        for name, offered in table.items()
    ],
)
class TestNames:
    """Optimizers, losses and initializers."""

    def test_arguments_and_defaults_are_keras_own(self, module: str, name: str, offered: Offered) -> None:
        """None is missing, none is made up, and an argument left out means what Keras means by it."""
        made = getattr(getattr(keras, module), offered.class_name)
        assert {key: argument.default for key, argument in offered.arguments.items()} == arguments(made)

    def test_keras_knows_every_spelling(self, module: str, name: str, offered: Offered) -> None:
        """A name means in a grid what it means in Keras, where Keras has the name."""
        made = getattr(getattr(keras, module), offered.class_name)
        for spelling in (name, *offered.also):
            try:
                found = getattr(keras, module).get(spelling)
            except (ValueError, KeyError):
                assert spelling in ("lamb", "logcosh", "constant")  # Keras has the class, and not by this name alone
                continue
            found = getattr(found, "__name__", None) if inspect.isfunction(found) else type(found)
            assert found is made or str(found).replace("_", "") == made.__name__.lower()

    def test_limits_hold_the_default(self, module: str, name: str, offered: Offered) -> None:
        """A default is allowed."""
        assert all(argument.fits(argument.default) for argument in offered.arguments.values())
        assert getattr(getattr(keras, module), offered.class_name)()


def test_a_plateau_means_what_it_means_in_keras() -> None:
    """Its arguments are those of the callback, but for what is watched, which is one thing here."""
    offered, aside = SCHEDULES[PLATEAU], {"monitor", "mode", "verbose"}
    keras_own = arguments(getattr(keras.callbacks, offered.class_name))
    found = {name: argument.default for name, argument in offered.arguments.items()}
    assert found == {name: default for name, default in keras_own.items() if name not in aside}


def test_every_optimizer_is_offered() -> None:
    """All but those that need more than numbers."""
    there = {name for name, made in vars(keras.optimizers).items() if inspect.isclass(made)}
    assert there - NOT_OFFERED == {offered.class_name for offered in OPTIMIZERS.values()}


def test_activations_keep_the_shape() -> None:
    """Each is Keras' own under its names, and gives as many values as it takes."""
    taken = keras.ops.convert_to_tensor([[-1.0, 0.0, 2.0]])
    for name, others in ACTIVATIONS.items():
        activation = keras.activations.get(name)
        assert activation(taken).shape == taken.shape
        assert all(keras.activations.get(other) is activation for other in others)


def test_every_activation_is_offered() -> None:
    """All but those that change the shape, choose among values, or need an argument."""
    functions = {name for name, made in vars(keras.activations).items() if inspect.isfunction(made)}
    known = {*ACTIVATIONS, *(other for others in ACTIVATIONS.values() for other in others)}
    assert functions - known == {"deserialize", "get", "serialize", "glu", "sparsemax", "threshold"}


def test_defaults_of_the_model_are_those_of_the_layer() -> None:
    """A field that is left out means what it means in Keras."""
    parameters = inspect.signature(keras.layers.LSTM.__init__).parameters
    ours = Model().model_dump(mode="json")
    for name in set(parameters) & set(ours) - {"units", "stateful"}:
        value = ours[name]["name"] if name.endswith("_initializer") else ours[name]
        assert value == parameters[name].default, name
