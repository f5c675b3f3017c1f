"""The kinds of models: what grids, checks and estimates know of each; its layers are in `worker.engine.models`.

Two places make a kind: its row in `KINDS` here, and the function of its layers there. An installed package may have
kinds of its own (docs/models.md shows both).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store.schema.kind import Kind
from store.schema.own_kinds import OWN

_CONVOLUTION = ("subsequences", "filters", "kernel_size")

_BUILT_IN: Final[dict[str, Kind]] = {
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
        layers="`LSTM`, or those of `encoder`; `RepeatVector(horizon)`, `LSTM` with `return_sequences`; with "
        "`attention`, `Attention` of these steps over the encoder's, beside them; `TimeDistributed(Dense)`",
        fields=("units", "encoder", "attention"),
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


class _Kinds(dict[str, Kind]):
    """Kinds by their names; one that a store has and no installed package is a kind like any other."""

    def __missing__(self, name: str) -> Kind:
        return Kind(layers="of a package that is not installed")


for _name in set(OWN) & set(_BUILT_IN):  # the names of built-in kinds stay theirs
    del OWN[_name]
KINDS: Final = _Kinds(_BUILT_IN | {name: own.kind for name, own in OWN.items()})


def kinds_with(field: str, kinds: Mapping[str, Kind] = KINDS) -> tuple[str, ...]:
    """List the kinds that have a field of `model`; none are listed for a field that every kind has."""
    found = tuple(name for name, kind in kinds.items() if kind.has(field))
    return found if len(found) < len(kinds) else ()
