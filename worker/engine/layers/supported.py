"""What is asked of stock Keras layers beyond what runs in all lanes: refused, since it would be computed otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from worker.engine.backend import keras
from worker.engine.layers.over_lanes import HAVE_FORMS

Layer = Any

_LAYERS: Final = keras.layers
#: The arguments that the mathematics of `over_lanes` is written for, by what a layer's `get_config` calls them.
_ASSUMED: Final[dict[type, dict[str, Any]]] = {
    _LAYERS.Attention: {"use_scale": False, "score_mode": "dot", "dropout": 0.0},
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
    _LAYERS.Embedding: {"mask_zero": False},
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


def check_graph(model: Any) -> None:
    """Check the layers of a graph, and how they are called.

    Raises:
        UnsupportedLayerError: As `check_layers`; or a layer is called with more than what it works on.
    """
    check_layers(model.layers)
    for node in [node for nodes in model._nodes_by_depth.values() for node in nodes if not node.is_input]:
        more = {name: value for name, value in node.arguments.kwargs.items() if value not in (None, False)}
        if type(node.operation) in HAVE_FORMS and (more or len(node.arguments.args) > 1):
            name, called = type(node.operation).__name__, ", ".join(more) or "more than one argument"
            raise UnsupportedLayerError(
                f"{name} is called with {called}; repeats are trained side by side where it is called with its inputs "
                "alone."
            )


def _check(layer: Layer) -> None:
    name = type(layer).__name__
    if isinstance(layer, _SELF_TAUGHT):
        raise UnsupportedLayerError(
            f"{name} learns from the batches it sees, which is not kept for each repeat; use LayerNormalization."
        )
    if isinstance(layer, _LAYERS.Masking):
        raise UnsupportedLayerError(f"{name} masks steps, which repeats that are trained side by side would not see.")
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
