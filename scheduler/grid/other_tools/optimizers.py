"""Optimizers as other tools write them, and arguments of one optimizer under another, as Keras has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from scheduler.grid.other_tools.calls import read_call
from scheduler.yaml_text import scalar
from store.schema.keras_catalogue import OPTIMIZERS
from store.schema.keras_objects import Optimizer
from store.schema.spelling import nearest

#: keys under which other tools name the class
_NAMES = ("name", "_target_", "type", "class_name", "class", "kind", "optimizer")
#: arguments of other libraries -> those of Keras
_ARGUMENTS = {
    "lr": ("learning_rate",),
    "learningrate": ("learning_rate",),
    "eta": ("learning_rate",),
    "rate": ("learning_rate",),
    "eps": ("epsilon",),
    "betas": ("beta_1", "beta_2"),
    "beta1": ("beta_1",),
    "beta2": ("beta_2",),
    "alpha": ("rho",),
    "grad_clip": ("global_clipnorm",),  # of all gradients together, as PyTorch clips; clipnorm is of each by itself
    "gradient_clip": ("global_clipnorm",),
    "gradient_clip_val": ("global_clipnorm",),
    "max_grad_norm": ("global_clipnorm",),
    "clip_norm": ("clipnorm",),
}
#: the first optimizers that are tried for an argument
_USUAL = ("adam", "sgd", "rmsprop")


def keras_form(given: Any) -> dict[str, Any] | None:
    """Return the optimizer that is meant, as a grid has it: of Keras' names, and one that has all the arguments.

    Returns:
        The name and its arguments, which Keras takes; None if that cannot be told.
    """
    if isinstance(given, str):
        call = read_call(given)
        if call is not None and (call.arguments or _name({"name": call.name}) is None):
            return None
        given = {"name": given} if call is None else {"name": call.name, **call.named}
    if isinstance(given, Mapping) and len(given) == 1 and isinstance(inner := next(iter(given.values())), Mapping):
        given = {"name": next(iter(given)), **inner}
    if not isinstance(given, Mapping):
        return None
    name = _name(given)
    arguments = _arguments({key: value for key, value in given.items() if key not in _NAMES})
    for one in dict.fromkeys((*([name] if name else []), *_USUAL, *OPTIMIZERS)):
        if set(arguments) <= set(OPTIMIZERS[one].arguments):
            found = {"name": one, **arguments}
            return found if _is_valid(found) else None
    return None


def _name(given: Mapping[str, Any]) -> str | None:
    """Return the optimizer that is named, as in torch.optim.AdamW or tf.keras.optimizers.legacy.Adam."""
    text = next((str(given[key]) for key in _NAMES if key in given), "adam")
    text = text.rpartition(".")[2].removesuffix("()").lower().replace("optimizer", "")
    return text if text in OPTIMIZERS else nearest(text, OPTIMIZERS)


def _arguments(given: Mapping[str, Any]) -> dict[str, Any]:
    known = {argument for one in OPTIMIZERS.values() for argument in one.arguments}
    found: dict[str, Any] = {}
    for key, text in given.items():
        value = scalar(text) if isinstance(text, str) else text  # "0.9" in quotes
        names = _ARGUMENTS.get(str(key).lower(), ())
        if key in known or not names:
            found[str(key)] = value
        elif len(names) > 1 and isinstance(value, Sequence) and len(value) == len(names):
            found |= dict(zip(names, value, strict=True))
        else:
            found[names[0]] = value
    return found


def _is_valid(given: Mapping[str, Any]) -> bool:
    try:
        Optimizer.model_validate(dict(given))
    except ValidationError:
        return False
    return True


def each_alone(optimizers: Sequence[Any], argument: str, values: Sequence[Any]) -> list[Any] | None:
    """Return optimizers with the values of one argument, where they have it: the axis that takes the place of both.

    Where none of them has the argument, the first optimizer takes their place that does.
    """
    having = [one for one in optimizers if (form := keras_form(one)) and argument in OPTIMIZERS[form["name"]].arguments]
    found: list[Any] = []
    for one in optimizers:
        plain = keras_form({"name": one} if isinstance(one, str) else one)
        if plain is None:
            return None
        if having and one not in having:
            found.append(plain)
            continue
        for value in values:
            form = keras_form(plain | {argument: value})
            if form is None:
                return None
            found.append(form)
    kept = {Optimizer.model_validate(one).identity: short(one) for one in found}
    return list(kept.values())


def short(form: Mapping[str, Any]) -> Any:
    """Return an optimizer without the arguments that are at Keras' defaults; its name where no other is left."""
    name = form["name"]
    kept = {key: value for key, value in form.items() if key != "name"}
    kept = {key: value for key, value in kept.items() if value != OPTIMIZERS[name].arguments[key].default}
    return {"name": name, **kept} if kept else name
