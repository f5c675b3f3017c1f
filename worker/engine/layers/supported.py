"""What is asked of stock Keras layers beyond what runs in all lanes: refused, since it would be computed otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from worker.engine.backend import keras

Layer = Any

_LAYERS: Final = keras.layers
#: The arguments that the mathematics of `over_lanes` is written for, by what a layer's `get_config` calls them.
_ASSUMED: Final[dict[type, dict[str, Any]]] = {
    _LAYERS.Bidirectional: {"merge_mode": "concat"},
    _LAYERS.Conv1D: {
        "padding": "valid",
        "strides": (1,),
        "dilation_rate": (1,),
        "groups": 1,
        "use_bias": True,
        "data_format": "channels_last",
    },
    _LAYERS.ConvLSTM2D: {"strides": (1, 1), "dilation_rate": (1, 1), "data_format": "channels_last"},
    _LAYERS.Dropout: {"noise_shape": None},
    _LAYERS.GRU: {"reset_after": True, "return_state": False},
    _LAYERS.LSTM: {"return_state": False},
    _LAYERS.SimpleRNN: {"return_state": False},
}
#: Layers that change what they know in training by other means than gradients.
_SELF_TAUGHT: Final = (_LAYERS.BatchNormalization, _LAYERS.SpectralNormalization)


class UnsupportedLayerError(ValueError):
    """A kind of model asks for what the engine does not train side by side."""


def check_layers(layers: Iterable[Layer]) -> None:
    """Check layers, not built yet, and those inside them.

    Raises:
        UnsupportedLayerError: One has an argument, a constraint or a state of its own that would be ignored.
    """
    for root in layers:
        for layer in root._flatten_layers():
            _check(layer)


def _check(layer: Layer) -> None:
    name = type(layer).__name__
    if isinstance(layer, _SELF_TAUGHT):
        raise UnsupportedLayerError(
            f"{name} learns from the batches it sees, which is not kept for each repeat; use LayerNormalization."
        )
    if not isinstance(layer, keras.layers.Layer) or type(layer).__module__.partition(".")[0] != "keras":
        return
    given = layer.get_config()
    for argument, value in _ASSUMED.get(type(layer), {}).items():
        if _plain(given.get(argument, value)) != value:
            raise UnsupportedLayerError(
                f"{name} has {argument} {given[argument]!r}; repeats are trained side by side with {value!r} only."
            )
    for argument, value in given.items():
        if argument.endswith("_constraint") and value is not None:
            raise UnsupportedLayerError(
                f"{name} has a {argument}; repeats are trained side by side without constraints. Use a regularizer."
            )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
