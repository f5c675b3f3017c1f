"""Every option of a layer, every optimizer and every loss trains packed as it does by Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.integration.engine.reference import (
    CLOSE,
    KerasRepeat,
    configured,
    contrived,
    difference,
    differences,
    packed,
    shampoo,
)

SHAMPOO = shampoo()


class TestOptions:
    """Options of layers, optimizers and losses."""

    @pytest.mark.parametrize(
        ("model", "optimizer"),
        [
            (
                {
                    "kernel_regularizer": {"l1": 0.01, "l2": 0.02},
                    "bias_regularizer": {"l2": 0.01},
                    "kernel_initializer": "he_normal",
                    "recurrent_initializer": {"name": "orthogonal", "gain": 1.1},
                },
                {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
            ),
            (
                {
                    "recurrent_regularizer": {"l1": 0.01},
                    "activity_regularizer": {"l1": 0.01, "l2": 0.01},
                    "unit_forget_bias": False,
                    "bias_initializer": "random_normal",
                },
                {"name": "adam", "clipvalue": 0.01, "amsgrad": True},
            ),
            (
                {"activation": "relu", "recurrent_activation": "hard_sigmoid", "use_bias": False},
                {"name": "sgd", "learning_rate": 0.1, "global_clipnorm": 0.05},
            ),
        ],
        ids=lambda given: "-".join(map(str, given)),
    )
    def test_layer_options(self, model: dict[str, Any], optimizer: dict[str, Any]) -> None:
        """Regularizers, activations, initializers and arguments of optimizers, several at once."""
        assert difference(SHAMPOO, model=model | {"units": 3}, training={"optimizer": optimizer}) <= CLOSE

    @pytest.mark.parametrize(
        ("optimizer", "loss"),
        [
            ({"name": "rmsprop", "momentum": 0.5, "centered": True}, "mse"),
            ({"name": "adamw", "weight_decay": 0.01}, {"name": "huber", "delta": 0.3}),
            ("adadelta", "mae"),
            ("adafactor", "log_cosh"),
            ("adagrad", "mape"),
            ("adamax", "msle"),
            ("ftrl", "poisson"),
            ("lion", "mse"),
            ("nadam", "mse"),
        ],
        ids=lambda given: given if isinstance(given, str) else given["name"],
    )
    def test_optimizers_and_losses(self, optimizer: Any, loss: Any) -> None:
        """Each that is offered, with arguments; norms are of one repeat, not of the pack."""
        prepare = {"scale": [0.1, 1.0]}  # all losses are defined for it
        training = {"optimizer": optimizer, "loss": loss}
        assert difference(SHAMPOO, model={"units": 2}, prepare=prepare, training=training) <= CLOSE

    def test_shuffled_rows(self) -> None:
        """Keras' `fit`, fed in the order that a lane has in each epoch; what does not fill a batch is the last one."""
        parts: dict[str, Any] = {"model": {"units": 2, "stateful": False}, "prepare": {"pad": True}}
        configuration = configured(SHAMPOO, training={"epochs": 6, "batch_size": 8, "shuffle": True}, **parts)
        keras = KerasRepeat(configuration, SHAMPOO, 51, rows_free=True, traced=False)
        result = packed(configuration, SHAMPOO)[1]
        assert max(differences(keras.run(6), result).values()) <= CLOSE

    @pytest.mark.parametrize(
        "schedule",
        [
            {"name": "cosine_decay", "decay_steps": 4, "warmup_target": 0.005, "warmup_steps": 3, "alpha": 0.1},
            {"name": "exponential_decay", "decay_steps": 3, "decay_rate": 0.5, "staircase": True},
        ],
        ids=lambda schedule: schedule["name"],
    )
    def test_schedule(self, schedule: dict[str, Any]) -> None:
        """The learning rate is that of the epoch, by Keras' own schedules."""
        training = {"epochs": 8, "optimizer": {"name": "adam", "learning_rate": 0.002}, "schedule": schedule}
        configuration = configured(SHAMPOO, model={"units": 2}, training=training)
        keras = KerasRepeat(configuration, SHAMPOO, 51)
        assert max(differences(keras.run(8), packed(configuration, SHAMPOO)[1]).values()) <= CLOSE

    def test_quantiles(self) -> None:
        """Four numbers for each of three targets and two steps, all as by Keras: the median is scored."""
        parts = {"model": {"units": 2, "stateful": False}, "prepare": {"horizon": 2, "pad": True}}
        shares = (0.2, 0.5, 0.8, 0.95)
        training = {"loss": {"name": "quantile", "quantiles": list(shares)}, "epochs": 10}
        configuration = configured(contrived(14), test=3, training=training, **parts)
        keras, result = KerasRepeat(configuration, contrived(14), 51), packed(configuration, contrived(14))[1]
        assert max(differences(keras.run(10), result).values()) <= CLOSE
        said, test = result.forecasts, keras.prepared.test
        assert said is not None
        assert said.quantiles is not None
        assert said.quantiles.shares == shares
        assert said.quantiles.values[..., 1].tobytes() == said.forecast.tobytes()
        whole = keras.model.predict(test.inputs, verbose=0).reshape(*test.targets.shape, len(shares))
        for place in range(len(shares)):
            np.testing.assert_allclose(
                said.quantiles.values[..., place], keras.prepared.invert(whole[..., place], test), atol=CLOSE
            )
