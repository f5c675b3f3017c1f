"""What Keras calls the weights of a model, the same in every worker: names are counted from the model's first."""

from __future__ import annotations

import re
from typing import Any

_NUMBERED = re.compile(r"(.+?)_\d+\Z")
_WAYS = re.compile(r"(forward|backward)_")


def weight_paths(model: Any) -> tuple[str, ...]:
    """Return the path of each trainable variable, whatever number Keras gave its layer in this process."""
    automatic = {_snake_case(type(layer).__name__) for layer in model._flatten_layers()}
    counted: dict[str, dict[str, int]] = {}

    def renamed(name: str) -> str:
        numbered = _NUMBERED.match(name)
        base = numbered[1] if numbered else name
        if _WAYS.sub("", base) not in automatic:
            return name
        mine = counted.setdefault(base, {})
        number = mine.setdefault(name, len(mine))
        return f"{base}_{number}" if number else base

    return tuple("/".join(map(renamed, weight.path.split("/"))) for weight in model.trainable_variables)


def _snake_case(name: str) -> str:
    """Write the name of a class as Keras does when it names a layer."""
    words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
