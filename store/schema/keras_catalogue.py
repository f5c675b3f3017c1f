"""Keras' own names that a grid may use, with their arguments, defaults and limits.

These are static tables, so that a grid is checked without loading TensorFlow; an integration test compares them with
Keras itself. What an older Keras meant by a name has a name that begins with its version. Left out: what needs more
than numbers (a schedule, a map of optimizers), classification losses, and activations that change the shape of what
they are given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from typing import Any, Final

Scalar = float | int | bool | str | tuple[float, ...] | None

#: the quantile that is scored
MEDIAN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its type, Keras' default, and what is allowed; `None` is allowed where it is the default."""

    default: Scalar
    kind: type
    low: float | None = None
    high: float | None = None
    #: whether `low` itself is allowed
    above: bool = False
    choices: tuple[str, ...] = ()
    #: whether lanes of one program may have different values, see `store.schema.fields.About`
    lane: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = {float: "a number", int: "a whole number", bool: "true or false"}[self.kind]
        if self.low is not None:
            words += f" {'above' if self.above else 'from'} {self.low:g}"
        if self.high is not None:
            words += f" to below {self.high:g}"
        return words + (" or null" if self.default is None else "")

    def fits(self, value: object) -> bool:
        """Return whether a value is allowed."""
        if value is None:
            return self.default is None
        if self.choices:
            return value in self.choices
        if self.kind is bool or isinstance(value, bool):
            return self.kind is bool and isinstance(value, bool)
        if not isinstance(value, (int, float) if self.kind is float else int):
            return False
        return self._within(float(value))

    def typed(self, value: Any) -> Scalar:
        """Return an allowed value in the type of the argument."""
        return None if value is None else self.kind(value)

    def _within(self, number: float) -> bool:
        if not isfinite(number):
            return False
        low = self.low is None or number > self.low or (number == self.low and not self.above)
        return low and (self.high is None or number < self.high)


class Quantiles(Argument):
    """Several shares that rise, among them the median."""

    @property
    def allowed(self) -> str:
        """The allowed values, in words."""
        return "a rising list of numbers above 0 and below 1, among them 0.5, such as [0.1, 0.5, 0.9]"

    def fits(self, value: object) -> bool:
        """Return whether a value is allowed."""
        if not isinstance(value, list | tuple) or any(type(one) not in (int, float) for one in value):
            return False
        rising = all(low < high for low, high in pairwise((0.0, *value, 1.0)))
        return rising and MEDIAN in value

    def typed(self, value: Any) -> Scalar:
        """Return an allowed value as numbers."""
        return tuple(float(one) for one in value)


@dataclass(frozen=True, slots=True)
class Offered:
    """A Keras class: its name in Keras, other spellings that Keras knows, and its arguments."""

    class_name: str
    also: tuple[str, ...] = ()
    arguments: dict[str, Argument] = field(default_factory=dict)


def _number(default: float, *, low: float | None = None, high: float | None = None, above: bool = False) -> Argument:
    return Argument(default, float, low, high, above)


def _share(default: float) -> Argument:
    return Argument(default, float, 0.0, 1.0)


_SMALL: Final = _number(1e-7, low=0, above=True)
_SWITCH: Final = Argument(False, bool)
_CLIP: Final = Argument(None, float, 0.0, None, True)
_ANY: Final = {
    "weight_decay": Argument(None, float, 0.0),
    "clipnorm": _CLIP,
    "clipvalue": _CLIP,
    "global_clipnorm": _CLIP,
}


def _optimizer(class_name: str, arguments: dict[str, Argument], rate: float = 0.001) -> Offered:
    learning_rate = Argument(rate, float, 0.0, above=True, lane=True)
    return Offered(class_name, (), {"learning_rate": learning_rate} | _ANY | arguments)


_BETAS: Final = {"beta_1": _share(0.9), "beta_2": _share(0.999)}
_ADAM: Final = _BETAS | {"epsilon": _SMALL}
_NONNEGATIVE: Final = _number(0.0, low=0)

OPTIMIZERS: Final[dict[str, Offered]] = {
    "adadelta": _optimizer("Adadelta", {"rho": _share(0.95), "epsilon": _SMALL}),
    "adafactor": _optimizer(
        "Adafactor",
        {
            "beta_2_decay": _number(-0.8),
            "epsilon_1": _number(1e-30, low=0, above=True),
            "epsilon_2": _number(1e-3, low=0, above=True),
            "clip_threshold": _number(1.0, low=0, above=True),
            "relative_step": Argument(True, bool),
        },
    ),
    "adagrad": _optimizer("Adagrad", {"initial_accumulator_value": _number(0.1, low=0), "epsilon": _SMALL}),
    "adam": _optimizer("Adam", _ADAM | {"amsgrad": _SWITCH}),
    "adamax": _optimizer("Adamax", _ADAM),
    "adamw": _optimizer("AdamW", _ADAM | {"amsgrad": _SWITCH, "weight_decay": _number(0.004, low=0)}),
    "ftrl": _optimizer(
        "Ftrl",
        {
            "learning_rate_power": _number(-0.5),
            "initial_accumulator_value": _number(0.1, low=0),
            "l1_regularization_strength": _NONNEGATIVE,
            "l2_regularization_strength": _NONNEGATIVE,
            "l2_shrinkage_regularization_strength": _NONNEGATIVE,
            "beta": _number(0.0),
        },
    ),
    "lamb": _optimizer("Lamb", _ADAM),
    "lion": _optimizer("Lion", {"beta_1": _share(0.9), "beta_2": _share(0.99)}),
    "nadam": _optimizer("Nadam", _ADAM),
    "rmsprop": _optimizer(
        "RMSprop", {"rho": _share(0.9), "momentum": _share(0.0), "epsilon": _SMALL, "centered": _SWITCH}
    ),
    "sgd": _optimizer("SGD", {"momentum": _share(0.0), "nesterov": _SWITCH}, 0.01),
}

LOSSES: Final[dict[str, Offered]] = {
    "mse": Offered("MeanSquaredError", ("mean_squared_error",)),
    "mae": Offered("MeanAbsoluteError", ("mean_absolute_error",)),
    "mape": Offered("MeanAbsolutePercentageError", ("mean_absolute_percentage_error",)),
    "msle": Offered("MeanSquaredLogarithmicError", ("mean_squared_logarithmic_error",)),
    "huber": Offered("Huber", (), {"delta": _number(1.0, low=0, above=True)}),
    "log_cosh": Offered("LogCosh", ("logcosh",)),
    "poisson": Offered("Poisson"),
}

#: losses that Keras does not have, and what they are
OUR_LOSSES: Final[dict[str, Offered]] = {
    "quantile": Offered("Quantile", ("pinball",), {"quantiles": Quantiles((0.1, 0.5, 0.9), tuple)}),
}
OUR_LOSSES_SAY: Final[dict[str, str]] = {
    "quantile": "The pinball loss, which Keras does not have: each quantile is forecast, and the median is "
    "scored; the others make its intervals.",
}

#: Keras demands these arguments; theirs count epochs, where Keras' own count updates
DEMANDED: Final[dict[str, dict[str, str]]] = {
    "cosine_decay": {"decay_steps": "500"},
    "exponential_decay": {"decay_steps": "100", "decay_rate": "0.9"},
}
_EPOCHS: Final = Argument(None, int, 1)
#: the one of Keras' callbacks among the schedules
PLATEAU: Final = "reduce_lr_on_plateau"

SCHEDULES: Final[dict[str, Offered]] = {
    "cosine_decay": Offered(
        "CosineDecay",
        ("cosine",),
        {
            "decay_steps": _EPOCHS,
            "alpha": _number(0.0, low=0),
            "warmup_target": Argument(None, float, 0.0, None, True),
            "warmup_steps": Argument(0, int, 0),
        },
    ),
    "exponential_decay": Offered(
        "ExponentialDecay",
        ("exponential",),
        {"decay_steps": _EPOCHS, "decay_rate": Argument(None, float, 0.0, None, True), "staircase": _SWITCH},
    ),
    PLATEAU: Offered(
        "ReduceLROnPlateau",
        ("plateau",),
        {
            "factor": Argument(0.1, float, 0.0, 1.0, True),
            "patience": Argument(10, int, 0),
            "min_delta": _number(1e-4, low=0),
            "cooldown": Argument(0, int, 0),
            "min_lr": _number(0.0, low=0),
        },
    ),
}

_SPREAD: Final = {"mean": _number(0.0), "stddev": _number(0.05, low=0)}

INITIALIZERS: Final[dict[str, Offered]] = {
    "constant": Offered("Constant", (), {"value": _number(0.0)}),
    "glorot_normal": Offered("GlorotNormal"),
    "glorot_uniform": Offered("GlorotUniform"),
    "he_normal": Offered("HeNormal"),
    "he_uniform": Offered("HeUniform"),
    "identity": Offered("Identity", (), {"gain": _number(1.0)}),
    "lecun_normal": Offered("LecunNormal"),
    "lecun_uniform": Offered("LecunUniform"),
    "ones": Offered("Ones", ("one",)),
    "orthogonal": Offered("Orthogonal", (), {"gain": _number(1.0)}),
    "random_normal": Offered("RandomNormal", ("normal",), _SPREAD),
    "random_uniform": Offered("RandomUniform", ("uniform",), {"minval": _number(-0.05), "maxval": _number(0.05)}),
    "truncated_normal": Offered("TruncatedNormal", (), _SPREAD),
    "variance_scaling": Offered(
        "VarianceScaling",
        (),
        {
            "scale": _number(1.0, low=0, above=True),
            "mode": Argument("fan_in", str, choices=("fan_in", "fan_out", "fan_avg")),
            "distribution": Argument(
                "truncated_normal", str, choices=("truncated_normal", "untruncated_normal", "uniform")
            ),
        },
    ),
    "zeros": Offered("Zeros", ("zero",)),
}

#: activation -> its alias in Keras
ACTIVATIONS: Final[dict[str, tuple[str, ...]]] = {
    "celu": (),
    "elu": (),
    "exponential": (),
    "gelu": (),
    "hard_shrink": (),
    "hard_sigmoid": (),
    "hard_silu": ("hard_swish",),
    "hard_tanh": (),
    "leaky_relu": (),
    "linear": (),
    "log_sigmoid": (),
    "log_softmax": (),
    "mish": (),
    "relu": (),
    "relu6": (),
    "selu": (),
    "sigmoid": (),
    "silu": ("swish",),
    "soft_shrink": (),
    "softmax": (),
    "softplus": (),
    "softsign": (),
    "sparse_plus": (),
    "sparse_sigmoid": (),
    "squareplus": (),
    "tanh": (),
    "tanh_shrink": (),
}

#: names for what an older Keras meant by a name -> a description
OLDER_ACTIVATIONS: Final[dict[str, str]] = {
    "keras2_hard_sigmoid": "max(0, min(1, 0.2 x + 0.5)), Keras' `hard_sigmoid` before version 3",
}
