"""What plain Keras does not have of a model: found in its configuration, and written into the script that loads it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from textwrap import dedent
from typing import Any

from worker.engine.backend import keras

#: packages whose objects plain Keras has
_PLAIN = ("keras", "builtins")


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCode:
    """Code of the script that registers what plain Keras does not have."""

    #: its lines, up to the mapping `CUSTOM`; empty where plain Keras has everything
    text: str = ""
    #: the end of "It needs TensorFlow, NumPy and pandas"
    needs: str = ""
    #: how the model loads
    loads: str = "`model.keras` loads with plain Keras."
    #: for the user: what the script has beside plain Keras
    notes: tuple[str, ...] = ()


def own_code(model: Any, *, imported: bool = False) -> OwnCode:
    """Find the classes and functions of a model that plain Keras does not have.

    Args:
        model: a Keras model.
        imported: whether the script imports them from their package; otherwise it has their source.
    """
    found = dict(_custom(model.get_config(), _functions(model)))
    if not found:
        return OwnCode()
    names = ", ".join(one.__name__ for one in found.values())
    packages = ", ".join(sorted({one.__module__.partition(".")[0] for one in found.values()}))
    parts = dict.fromkeys(part for one in found.values() for part in ([one] if imported else _with_bases(one)))
    mapping = ", ".join(f"{registered!r}: {one.__name__}" for registered, one in found.items())
    lines = [f"from {one.__module__} import {one.__name__}" if imported else f"\n{_source(one)}" for one in parts]
    how = f"imports it from {packages}, which must be installed" if imported else "has its source and registers it"
    return OwnCode(
        text="\n".join(["", *lines, "", "", "#: what plain Keras does not have", f"CUSTOM = {{{mapping}}}"]),
        needs=f", and {packages}" if imported else "",
        loads=f"`model.keras` loads once Keras knows {names}, as below.",
        notes=(f"plain Keras has no {names}: forecast.py {how}",),
    )


def _custom(config: Any, functions: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the registered name and the object of everything in a configuration that plain Keras does not have."""
    if isinstance(config, Mapping):
        module, name, inner = (config.get(key) for key in ("module", "class_name", "config"))
        if name == "function" and isinstance(inner, str) and inner in functions:
            yield inner, functions[inner]
        elif isinstance(module, str) and module.partition(".")[0] not in _PLAIN:
            yield str(config.get("registered_name") or name), getattr(import_module(module), str(name))
        config = list(config.values())
    for value in config if isinstance(config, list | tuple) else ():
        yield from _custom(value, functions)


def _functions(model: Any) -> dict[str, Any]:
    """Return the functions of a model's layers that plain Keras does not have, by the names that it saves."""
    layers = [part for layer in model._flatten_layers() for part in (layer, getattr(layer, "cell", None))]
    values = [value for layer in layers if layer is not None for value in vars(layer).values()]
    own = [one for one in values if inspect.isfunction(one) and one.__module__.partition(".")[0] not in _PLAIN]
    return {keras.saving.get_registered_name(one): one for one in own}


def _with_bases(one: Any) -> list[Any]:
    """Return a class after its own bases that plain Keras does not have; of a function, itself."""
    bases = reversed(one.__mro__) if inspect.isclass(one) else [one]
    return [base for base in bases if base.__module__.partition(".")[0] not in _PLAIN]


def _source(one: Any) -> str:
    """Return the source of a class or function without its decorators, which register it under the same name."""
    text = dedent(inspect.getsource(one))
    (node,) = ast.parse(text).body
    return "\n".join(text.splitlines()[node.lineno - 1 :])
