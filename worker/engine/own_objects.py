"""Objects that Keras does not have, or no longer: a loss, an initializer of gates, an older activation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from worker.engine.backend import keras

Tensor = Any


class Quantile(keras.losses.Loss):  # type: ignore[misc]
    """The pinball loss of several quantiles of each value, which a model forecasts side by side.

    An error counts `q` times where the forecast is too low and `1 - q` times where it is too high; the loss is least
    where a share `q` of the values lies below the forecast.
    """

    def __init__(
        self,
        quantiles: Sequence[float] = (0.1, 0.5, 0.9),
        reduction: str = "sum_over_batch_size",
        name: str = "quantile",
    ) -> None:
        super().__init__(name=name, reduction=reduction)
        self.quantiles = tuple(quantiles)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Compute the loss of (..., values) and their forecasts, (..., values * quantiles)."""
        *_, values = y_true.shape
        forecasts = keras.ops.reshape(y_pred, (-1, *y_pred.shape[1:-1], values, len(self.quantiles)))
        errors = keras.ops.expand_dims(keras.ops.cast(y_true, forecasts.dtype), -1) - forecasts
        shares = keras.ops.convert_to_tensor(self.quantiles, dtype=forecasts.dtype)
        return keras.ops.mean(keras.ops.maximum(shares * errors, (shares - 1.0) * errors), axis=(-2, -1))


#: those that `store.schema.keras_catalogue` offers beside Keras' own, by the names of their classes
OURS: Final[dict[str, Any]] = {"Quantile": Quantile}

#: `Bidirectional` copies its layers by their configuration, so Keras must know what is not its own
_known_to_keras = keras.saving.register_keras_serializable("repeats")


@_known_to_keras
class GateByGate(keras.initializers.Initializer):  # type: ignore[misc]
    """Draws the weights of each gate as a matrix of its own, from its own child of `seed`."""

    def __init__(self, each: Any, gates: int = 4) -> None:
        self.each, self.gates, self.seed = each, gates, 0

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        """Draw weights whose last axis holds the gates side by side."""
        gates = []
        for seed in np.random.SeedSequence(self.seed).generate_state(self.gates):
            self.each.seed = int(seed)
            gates.append(self.each((*shape[:-1], shape[-1] // self.gates), dtype=dtype))
        return keras.ops.concatenate(gates, axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Give the arguments, by which Keras copies a layer."""
        return {"each": keras.initializers.serialize(self.each), "gates": self.gates}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> GateByGate:
        """Make it from its arguments."""
        return cls(keras.initializers.deserialize(config["each"]), config["gates"])


@_known_to_keras  # type: ignore[untyped-decorator]
def keras2_hard_sigmoid(x: Any) -> Any:
    """Rise from 0 to 1 with a slope of 0.2."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


#: what Keras meant by a name before version 3
OLDER_ACTIVATIONS: Final[dict[str, Callable[[Any], Any]]] = {
    "keras2_hard_sigmoid": keras2_hard_sigmoid,
}
