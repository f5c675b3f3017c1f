"""The matrix that packed training is compared with Keras over: steps, kinds, options, optimizers and protocols."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from store.records import Series
from store.schema.configuration import BatchTransfer, Configuration, Fixed, Update
from tests.integration.engine.reference import Float64s, KerasRepeat, configured, packed
from worker.engine.protocols.walk import child

STEPS: Final = (1, 2, 6, 7, 12, 25, 48)
KINDS: Final[dict[str, dict[str, Any]]] = {
    "vanilla": {"units": 9},  # wider than what is summed at once with lanes last
    "stacked": {"units": (20, 3)},  # wider than what has its lanes last, and than what is multiplied as sums
    "bidirectional": {"units": 2},
    "cnn_lstm": {"units": 2, "filters": 3, "pool_size": 2},
    "conv_lstm": {"filters": 2, "kernel_size": 2},
    "encoder_decoder": {"units": (3, 2)},
    "both_ways": {"kind": "encoder_decoder", "units": 2, "encoder": {"units": (3, 2), "bidirectional": True}},
    "attention": {"kind": "encoder_decoder", "units": (2, 4), "attention": True, "encoder": {"bidirectional": True}},
    "cnn": {"filters": 3, "pool_size": 1},
    "mlp": {"dense": (4,)},
}
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "penalties": {
        "dropout": 0.2,
        "recurrent_dropout": 0.3,
        "stateful": False,
        "kernel_regularizer": {"l1": 0.01},
        "recurrent_regularizer": {"l2": 0.02},
        "bias_regularizer": {"l2": 0.01},
        "activity_regularizer": {"l1": 0.01, "l2": 0.01},
    },
    "activations": {"activation": "softplus", "recurrent_activation": "hard_sigmoid", "use_bias": False},
    "one_dropout": {
        "recurrent_dropout": 0.3,
        "gates": "apart",
        "activation": "relu",
        "kernel_initializer": "he_normal",
    },
    "gru": {"cell": "gru", "dropout": 0.2, "recurrent_dropout": 0.3, "bias_initializer": "random_normal"},
    "simple_rnn": {"cell": "simple_rnn", "dropout": 0.2, "bias_regularizer": {"l2": 0.01}},
    "dense": {
        "dense": (4, 3),
        "dense_activation": "tanh",
        "dense_dropout": 0.2,
        "dense_kernel_regularizer": {"l1": 0.01, "l2": 0.01},
        "dense_bias_regularizer": {"l2": 0.01},
        "dense_activity_regularizer": {"l1": 0.01},
    },
}
OPTIMIZERS: Final[dict[str, dict[str, Any]]] = {
    "adam": {"name": "adam"},
    "clipped": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "clipnorm": 0.05},
    "layerwise": {"name": "lamb"},
    "rmsprop": {"name": "rmsprop", "momentum": 0.5},
}
PROTOCOLS: Final[dict[str, dict[str, Any]]] = {
    "fixed": {"kind": "fixed"},
    "warm_up": {"kind": "fixed", "warm_up": True},
    "update": {"kind": "update", "update_epochs": 2},
    "refit": {"kind": "refit"},
    "one_by_one": {"kind": "fixed", "forecast_batch_size": 1, "warm_up": True},
    "batch_transfer": {"kind": "batch_transfer", "forecast_batch_size": 2},
}
CHOICES: Final = {
    "steps": STEPS,
    "kind": tuple(KINDS),
    "option": tuple(OPTIONS),
    "optimizer": tuple(OPTIMIZERS),
    "protocol": tuple(PROTOCOLS),
}
#: Options of recurrent layers that a kind does not have, and attention where there is one step to weigh.
WITHOUT: Final = frozenset(
    frozenset({("kind", kind), ("option", option)})
    for kinds, options in (
        (("cnn", "mlp"), ("penalties", "activations", "one_dropout", "gru", "simple_rnn")),
        (("conv_lstm",), ("gru", "simple_rnn")),
    )
    for kind in kinds
    for option in options
) | {frozenset({("kind", "attention"), ("steps", 1)})}
#: how far packed training may be from Keras, as a share of the series' scale
CLOSE: Final = 1e-4
ROWS: Final = 8
#: Epochs that the whole product is trained for, by steps: Keras takes long over many.
EPOCHS: Final = {1: 50, 2: 50, 6: 50, 7: 50, 12: 25, 25: 12, 48: 6}


def series(observations: int) -> Series:
    """Return a series without a pattern, so that every weight matters."""
    values = 100 + 30 * np.sin(np.arange(observations) ** 1.7)
    return Series(name="waves", columns=("value",), values=values[:, None], content_hash=f"waves {observations}")


def point(
    *, steps: int, kind: str, option: str, optimizer: str, protocol: str, epochs: int
) -> tuple[Configuration, Series]:
    """Return the configuration of a point and its series; the recurrent loop of every kind has that many steps."""
    wide = kind in ("cnn_lstm", "conv_lstm")
    model = {"kind": kind, **KINDS[kind], **({"subsequences": steps} if wide else {}), **OPTIONS[option]}
    lags, horizon = steps * (2 if wide else 1), min(steps, 12) if model["kind"] == "encoder_decoder" else 1
    test = 0 if protocol == "batch_transfer" else 2
    given = series(lags + horizon + ROWS + test + (horizon - 1 if test else 0))
    return configured(
        given,
        test=test,
        prepare={"difference": 0, "lags": lags, "lags_as": "timesteps", "horizon": horizon},
        model=model,
        training={"epochs": epochs, "batch_size": 1 if protocol == "update" else 2, "optimizer": OPTIMIZERS[optimizer]},
        protocol=PROTOCOLS[protocol],
    ), given


def distance(epochs: int, **chosen: Any) -> float:
    """Train a point by both, and measure how far their curves and forecasts are apart, in spans of the series."""
    configuration, given = point(epochs=epochs, **chosen)
    result = packed(configuration, given)[1]
    assert result.forecasts
    # A few batches take less than tracing what they do.
    keras = KerasRepeat(configuration, given, 51, our_draws=True, traced=epochs > 5)
    span = float(np.ptp(given.values))
    if isinstance(configuration.protocol, Fixed):
        reference = keras.run(epochs, warm_up=configuration.protocol.warm_up)
        assert result.trajectory
        curves = [(reference.train, result.trajectory.train_rmse), (reference.test, result.trajectory.test_rmse)]
        pairs = [*curves, (reference.forecast, result.forecasts.forecast)]
    else:
        pairs = [(_walked(keras, configuration), result.forecasts.forecast)]
    return max(float(np.abs(ours - theirs).max()) for ours, theirs in pairs) / span


def _walked(keras: KerasRepeat, configuration: Configuration) -> Float64s:
    prepared, epochs = keras.prepared, configuration.training.epochs
    if isinstance(configuration.protocol, BatchTransfer):
        keras.fit_epochs(epochs, prepared.train)
        return prepared.invert(keras.predict(prepared.train), prepared.train)
    found = []
    for step in range(len(prepared.test)):
        known = prepared.known(step)
        known = known[len(known) % configuration.training.batch_size :]
        if not isinstance(configuration.protocol, Update):
            keras.restart(child(51, step))
            keras.fit_epochs(epochs, known)
        else:
            keras.fit_epochs(configuration.protocol.update_epochs if step else epochs, known)
        found.append(keras.predict(prepared.test[step : step + 1]))
    return prepared.invert(np.concatenate(found), prepared.test)
