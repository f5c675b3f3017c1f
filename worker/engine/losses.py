"""Losses that Keras does not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

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
