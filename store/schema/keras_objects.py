"""What Keras knows by a name and arguments: optimizers, losses, initializers; and activations, by a name alone.

A grid writes `adam` or `{name: adam, learning_rate: 0.01}`; either becomes the one spelling that is kept, without the
arguments that are at Keras' defaults, so that equal choices are equal.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from store.schema.fields import Part
from store.schema.keras_catalogue import (
    ACTIVATIONS,
    DEMANDED,
    INITIALIZERS,
    LOSSES,
    MEDIAN,
    OLDER_ACTIVATIONS,
    OPTIMIZERS,
    OUR_LOSSES,
    SCHEDULES,
    Offered,
    Scalar,
)
from store.schema.spelling import did_you_mean, listed


def wrong(*mistakes: tuple[str, str]) -> PydanticCustomError:
    """Return the error that carries mistakes as (place below the field, what is wrong there)."""
    return PydanticCustomError("mistakes", "{text}", {"text": "; ".join(text for _, text in mistakes), "at": mistakes})


class Named(Part):
    """A Keras object by its name and the arguments that are not at Keras' defaults."""

    table: ClassVar[dict[str, Offered]]
    what: ClassVar[str]
    such_as: ClassVar[str]

    name: str
    arguments: dict[str, Scalar] = Field(default_factory=dict)

    @property
    def class_name(self) -> str:
        """The class in Keras, e.g. `Adam` of `keras.optimizers`."""
        return self.table[self.name].class_name

    def argument(self, name: str) -> Scalar:
        """Return an argument, or Keras' default for it."""
        return self.arguments.get(name, self.table[self.name].arguments[name].default)

    @cached_property
    def stand_in(self) -> Self | None:
        """The same choice for all lanes of a program: without the arguments that are a lane's own."""
        own = self.lane_numbers
        return self.model_copy(update={"arguments": {k: v for k, v in self.arguments.items() if k not in own}})

    @cached_property
    def lane_numbers(self) -> dict[str, float]:
        """The arguments that each lane reads for itself."""
        marked = [name for name, argument in self.table[self.name].arguments.items() if argument.lane]
        given = {name: self.argument(name) for name in marked}
        return {name: float(value) for name, value in given.items() if isinstance(value, int | float)}

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if isinstance(given, cls):
            return given
        if isinstance(given, str):
            given = {"name": given}
        if not isinstance(given, dict) or not isinstance(given.get("name"), str):
            raise wrong(("", f"a name is missing: {cls.what} such as {cls.such_as}, or {{name: ..., arguments}}"))
        given = dict(given)
        name = cls._spelling(given.pop("name"))
        nested = given.pop("arguments", {})
        return {"name": name, "arguments": cls._kept(name, given | nested)}

    @classmethod
    def _spelling(cls, name: str) -> str:
        for kept, offered in cls.table.items():
            if name.lower() in (kept, offered.class_name.lower(), *offered.also):
                return kept
        raise wrong(
            ("name", f"{name!r} is not {cls.what}; allowed: {listed(cls.table, 'and')}{did_you_mean(name, cls.table)}")
        )

    @classmethod
    def _kept(cls, name: str, given: dict[str, Any]) -> dict[str, Scalar]:
        """Check arguments and drop those at their defaults; numbers take the type of the argument."""
        known = cls.table[name].arguments
        mistakes = []
        for key, value in given.items():
            if key not in known:
                there = f"its arguments are {listed(known, 'and')}" if known else "it has none"
                mistakes.append((key, f"{name} has no argument {key!r}: {there}{did_you_mean(key, known)}"))
            elif not known[key].fits(value):
                mistakes.append((key, f"{key} is {_shown(value)}; allowed for {name}: {known[key].allowed}"))
        mistakes += _together(name, given)
        if mistakes:
            raise wrong(*mistakes)
        typed = {key: known[key].typed(value) for key, value in given.items()}
        return {key: value for key, value in sorted(typed.items()) if value != known[key].default}

    @model_serializer
    def _flat(self) -> dict[str, Any]:
        return {"name": self.name, **self.arguments}


def _shown(value: Any) -> str:
    """Return a value roughly as a grid file has it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_shown(one) for one in value)}]"[:80]
    plain = {None: "null", True: "true", False: "false"} if value is None or isinstance(value, bool) else {}
    if plain:
        return plain[value]
    return repr(value[:80]) if isinstance(value, str) else str(value)[:80]


def _together(name: str, given: dict[str, Any]) -> list[tuple[str, str]]:
    """Check arguments against each other."""
    clips = [key for key in ("clipnorm", "clipvalue", "global_clipnorm") if given.get(key) is not None]
    if len(clips) > 1:
        return [(clips[-1], f"{listed(clips, 'and')} are all given; allowed: one of them")]
    missing = [key for key in DEMANDED.get(name, {}) if given.get(key) is None]
    if missing:
        example = ", ".join(f"{key}: {value}" for key, value in DEMANDED[name].items())
        return [("name", f"{name} needs {listed(missing, 'and')}, such as {{name: {name}, {example}}}")]
    if given.get("warmup_steps") and given.get("warmup_target") is None:
        return [("warmup_steps", "warmup_steps needs warmup_target, the rate that it leads to")]
    if given.get("warmup_target") is not None and not given.get("warmup_steps"):
        return [("warmup_target", "warmup_target needs warmup_steps, a whole number of epochs from 1")]
    low, high = given.get("minval", -0.05), given.get("maxval", 0.05)
    numbers = isinstance(low, int | float) and isinstance(high, int | float)
    if name == "random_uniform" and numbers and not low < high:
        return [("maxval" if "maxval" in given else "minval", f"minval {low} is not below maxval {high}")]
    return []


class Optimizer(Named):
    """A Keras optimizer."""

    table = OPTIMIZERS
    what = "a Keras optimizer"
    such_as = "adam"

    @property
    def learning_rate(self) -> float:
        """The learning rate, Keras' default unless given."""
        return self.lane_numbers["learning_rate"]


class Loss(Named):
    """A Keras loss, or one of ours."""

    table = LOSSES | OUR_LOSSES
    what = "a loss for numbers"
    such_as = "mse"

    @property
    def quantiles(self) -> tuple[float, ...]:
        """The quantiles that the model forecasts of each value; the median where it forecasts one number."""
        found = self.argument("quantiles") if self.name == "quantile" else None
        return found if isinstance(found, tuple) else (MEDIAN,)


class Schedule(Named):
    """A Keras schedule of the learning rate, whose steps are epochs."""

    table = SCHEDULES
    what = "a Keras schedule of the learning rate"
    such_as = "{name: cosine_decay, decay_steps: 500}"


class Initializer(Named):
    """A Keras initializer; its seed is the repeat's own."""

    table = INITIALIZERS
    what = "a Keras initializer"
    such_as = "zeros"


def _activation(name: str) -> str:
    for kept, others in ACTIVATIONS.items():
        if name.lower() in (kept, *others):
            return kept
    if name.lower() in OLDER_ACTIVATIONS:
        return name.lower()
    known = (*ACTIVATIONS, *OLDER_ACTIVATIONS)
    raise wrong(("", f"{name!r} is not a Keras activation; allowed: {listed(known, 'and')}{did_you_mean(name, known)}"))


Activation = Annotated[str, AfterValidator(_activation)]
