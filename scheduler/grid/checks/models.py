"""Checks of a model by itself: fields that it does not have, and layers that do not fit each other; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.grid.messages import Found
from store.schema.kinds import KINDS, kinds_with
from store.schema.model import Model
from store.schema.spelling import listed

_NOT_FOR_VECTORS = ("identity", "orthogonal")


def model_mistakes(model: Model, given: Iterable[str]) -> Iterator[Found]:
    """Check a model by itself; `given` are the fields that the grid sets."""
    for name in given:
        if not KINDS[model.kind].has(name) and not (name == "stateful" and not model.stateful):
            others = listed(kinds_with(name), "and")
            instead = "write model.dense" if name == "units" and KINDS[model.kind].needs_dense else "remove it"
            yield (
                ("model", name),
                f"model.{name} does not apply to kind {model.kind}; it is for {others}; {instead}",
            )
        elif model.cell != "lstm" and not name.startswith("dense_") and not model.has(name):
            yield ("model", name), f"model.{name} does not apply to cell {model.cell}; remove it"
        idle = name.startswith("dense_") and not model.dense and not KINDS[model.kind].needs_dense
        if idle and getattr(model, name) != Model.model_fields[name].default:
            yield ("model", name), f"model.{name} does not apply without model.dense; write model.dense, or remove it"
        if name in ("unit_forget_bias", "bias_initializer", "bias_regularizer") and not model.use_bias:
            yield ("model", name), f"model.{name} does not apply with model.use_bias: false; remove one of them"
    yield from _layer_mistakes(model)
    yield from _encoder_mistakes(model)
    if KINDS[model.kind].needs_dense and not model.dense:
        yield (
            ("model", "dense"),
            f"model.dense is [], and {model.kind} has no other layers; allowed: a list of whole numbers from 1, "
            "such as [16]",
        )
    if model.bias_initializer.name in _NOT_FOR_VECTORS:
        yield (
            ("model", "bias_initializer"),
            f"model.bias_initializer is {model.bias_initializer.name}, which is for matrices only; "
            "allowed: an initializer for vectors, such as zeros",
        )


def _encoder_mistakes(model: Model) -> Iterator[Found]:
    named, units = model.encoder.units, model.units
    if not KINDS[model.kind].has("encoder") or units == ():
        return
    if named and isinstance(units, tuple) and len(units) > 1:
        yield (
            ("model", "units"),
            f"model.units is {list(units)}, and model.encoder.units already names the encoder's layers; allowed: one "
            f"number, the decoder's, such as {units[-1]}",
        )
    elif model.attention:
        *encoder, decoder = model.layers
        gives = encoder[-1] * (2 if model.encoder.bidirectional else 1)
        if gives != decoder:
            both = f" ({encoder[-1]} each way)" if model.encoder.bidirectional else ""
            yield (
                ("model", "attention"),
                f"model.attention needs a decoder with as many units as the encoder gives a step, {gives}{both}, and "
                f"it has {decoder}; use model.units: {gives if named else [encoder[-1], gives]}",
            )


def _layer_mistakes(model: Model) -> Iterator[Found]:
    count = len(model.units) if isinstance(model.units, tuple) else 1
    most = KINDS[model.kind].most_layers
    path = ("model", "units")
    if count == 0:
        yield path, "model.units is []; allowed: a whole number from 1, or a list of them"
    elif most is not None and count > most:
        numbers = "one number" if most == 1 else f"1 to {most} numbers"
        free = [kind for kind in kinds_with("units") if KINDS[kind].most_layers is None]
        yield (
            path,
            f"model.units has {count} layers, and {model.kind} has at most {most}; allowed: {numbers}, or kind "
            f"{listed(free)}",
        )
