"""The kinds of models: what grids, checks and estimates know of each; its layers are in `worker.engine.models`.

Two places make a kind: its row in `KINDS` here, and the function of its layers there (docs/models.md shows both).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of model."""

    #: the layers, in the words of the documentation
    layers: str
    #: the fields of `model` that it has beside those of every kind
    fields: tuple[str, ...] = ("units",)
    #: whether it has recurrent layers, and so the fields of these
    recurrent: bool = True
    #: whether it is made of `dense` layers alone, so that it needs some
    needs_dense: bool = False
    #: how many recurrent layers one number of `units` makes
    default_layers: int = 1
    #: how many recurrent layers there may be; None for any number
    most_layers: int | None = None
    #: how often a row passes through each layer, for the estimate of the time
    passes: int = 1
    #: whether repeats are trained side by side; a convolution over time gains nothing by it
    packed: bool = True
    #: what other libraries and papers call it
    also: tuple[str, ...] = ()

    def has(self, field: str) -> bool:
        """Return whether a field of `model` applies."""
        own = field in self.fields or (self.recurrent and field in _RECURRENT)
        return own or field not in _NOT_OF_ALL


#: fields of `model` that all kinds with recurrent layers have
_RECURRENT: Final = frozenset(
    {
        "stateful",
        "activation",
        "recurrent_activation",
        "use_bias",
        "unit_forget_bias",
        "kernel_initializer",
        "recurrent_initializer",
        "bias_initializer",
        "gates",
        "dropout",
        "recurrent_dropout",
        "kernel_regularizer",
        "recurrent_regularizer",
        "bias_regularizer",
        "activity_regularizer",
    }
)
#: fields of `model` that a kind has only if its row or its recurrent layers say so
_NOT_OF_ALL: Final = _RECURRENT | {"units", "subsequences", "filters", "kernel_size", "pool_size"}
_CONVOLUTION = ("subsequences", "filters", "kernel_size")

KINDS: Final[dict[str, Kind]] = {
    "vanilla": Kind(
        layers="`LSTM`, `Dense`",
        most_layers=1,
        also=("lstm",),
    ),
    "stacked": Kind(
        layers="`LSTM` for each number of `units`, all but the last with `return_sequences`; `Dense`",
        default_layers=2,
        also=("deep", "multilayer"),
    ),
    "bidirectional": Kind(
        layers="`Bidirectional(LSTM)` for each number of `units`; `Dense`",
        passes=2,
        also=("bilstm", "bi_lstm"),
    ),
    "cnn_lstm": Kind(
        layers="for each of `subsequences`: `Conv1D`, `MaxPooling1D`, `Flatten`; then `LSTM` for each number of "
        "`units`; `Dense`",
        fields=("units", *_CONVOLUTION, "pool_size"),
    ),
    "conv_lstm": Kind(
        layers="`ConvLSTM2D` over the `subsequences`, each an image of one row; `Flatten`, `Dense`",
        fields=_CONVOLUTION,
        packed=False,
    ),
    "encoder_decoder": Kind(
        layers="`LSTM`, `RepeatVector(horizon)`, `LSTM` with `return_sequences`, `TimeDistributed(Dense)`",
        default_layers=2,
        most_layers=2,
        also=("seq2seq", "autoencoder"),
    ),
    "cnn": Kind(
        layers="`Conv1D`, `MaxPooling1D`, `Flatten`; `Dense`",
        fields=("activation", "filters", "kernel_size", "pool_size"),
        recurrent=False,
        also=("conv1d", "convnet"),
    ),
    "mlp": Kind(
        layers="`Flatten`, `Dense` for each number of `dense`; `Dense`",
        fields=(),
        recurrent=False,
        needs_dense=True,
        also=("dense", "feedforward", "dnn"),
    ),
}


def kinds_with(field: str, kinds: Mapping[str, Kind] = KINDS) -> tuple[str, ...]:
    """List the kinds that have a field of `model`; none are listed for a field that every kind has."""
    found = tuple(name for name, kind in kinds.items() if kind.has(field))
    return found if len(found) < len(kinds) else ()
