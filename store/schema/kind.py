"""What grids, checks and estimates know of one kind of model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

Builder = TypeVar("Builder", bound=Callable[..., Any])


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
        own = own or (field == "cell" and self.recurrent and "units" in self.fields)
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
_NOT_OF_ALL: Final = _RECURRENT | {
    *("units", "cell", "encoder", "attention"),
    *("subsequences", "filters", "kernel_size", "pool_size"),
}


def described(**row: Any) -> Callable[[Builder], Builder]:
    """Describe the kind whose layers a function of an installed package makes (docs/models.md shows one).

    Args:
        row: the fields of `Kind`; without this decorator a kind has their defaults.
    """

    def mark(builder: Builder) -> Builder:
        builder.kind = Kind(**row)  # type: ignore[attr-defined]
        return builder

    return mark
