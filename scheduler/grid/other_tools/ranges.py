"""Ranges and distributions of other tools (SEML, W&B, Hydra, Optuna, NNI, Keras Tuner, Hyperopt), as lists of values.

A grid has no ranges: every value is trained, and the reader of a grid sees which. What is proposed has the ends that
the user gave, and values between them: each power of ten or of two, or even steps.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.grid.other_tools.calls import Call, read_call
from scheduler.yaml_text import scalar

#: values that are proposed; of more, as many that are evenly chosen
MOST_VALUES = 20
#: values of a range without a number of them
USUAL = 5
#: whole numbers that are all listed
FEW = 8
#: the quotient of the ends from which steps are products
WIDE = 100.0

_VALUES = ("values", "choices", "grid_search", "categories", "categorical", "items", "grid", "choice", "options")
_LOW = ("min", "low", "lower", "start", "from", "min_value", "minimum", "lower_bound", "minval")
_HIGH = ("max", "high", "upper", "stop", "end", "to", "max_value", "maximum", "upper_bound", "maxval")
_STEP = ("step", "q", "by", "stride")
_COUNT = ("num", "n", "count", "samples", "num_samples", "points", "n_values", "size")
_KIND = ("type", "distribution", "sampling", "sampler", "prior", "dist", "space", "target", "kind")
_MEAN, _SPREAD = ("mu", "mean", "loc"), ("sigma", "std", "stddev")
_FLAGS = ("probabilities", "weights", "log", "log_scale", "int", "base", "seed", "default", "name", "dtype", "endpoint")
_WORDS = frozenset((*_VALUES, *_LOW, *_HIGH, *_STEP, *_COUNT, *_KIND, *_MEAN, *_SPREAD, *_FLAGS, "value"))
#: functions whose last value is before the end
_OPEN = ("range", "arange", "randint", "lograndint")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of numbers."""

    low: float
    high: float
    step: float | None = None
    count: int | None = None
    log: bool = False
    whole: bool = False
    #: whether the end itself is none of the values
    open: bool = False


def listed_out(value: Any) -> list[Any] | None:
    """Return the values that a range or distribution of another tool stands for; None if it is none."""
    try:
        found = _found(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, KeyError):
        return None
    once = [] if found is None else list({repr(one): one for one in found}.values())
    return _thinned(once) if once else None


def whole_span(value: Any) -> int | None:
    """Return how many whole numbers there are between two ends, `{min: 0, max: 9}`; None if that is not said."""
    if (
        isinstance(value, str)
        and (call := read_call(value)) is not None
        and call.name in ("range", "randint", "arange")
    ):
        ends = [0, *call.arguments] if len(call.arguments) == 1 else call.arguments
        value = {"min": ends[0], "max": ends[1] - 1} if [type(one) for one in ends] == [int, int] else None
    if not isinstance(value, Mapping) or "step" in value:
        return None
    low, high = value.get("min"), value.get("max")
    if type(low) is not int or type(high) is not int:
        return None
    return max(0, high - low + 1) or None


def _found(value: Any) -> list[Any] | None:
    if isinstance(value, str):
        call = read_call(value)
        if call is None:
            return _parted(value)
        return _of_call(call)
    return _of_mapping(value) if isinstance(value, Mapping) else None


def _parted(text: str) -> list[Any] | None:
    """Read `1,2,3`, as sweeps on Hydra's command line have it."""
    parts = [part.strip() for part in text.split(",")]
    return [scalar(part) for part in parts] if len(parts) > 1 and all(parts) else None


def _of_call(call: Call) -> list[Any] | None:
    if call.name in ("choice", "suggest_categorical", "categorical", "grid_search", "discrete", "ordinal", "values"):
        options = call.arguments or next((call.named[key] for key in _VALUES if key in call.named), [])
        return _plain_list(options[0] if len(options) == 1 and isinstance(options[0], list) else options)
    if call.name in ("boolean", "bool"):
        return [False, True]
    names = ["min", "max"]
    if call.name == "span":
        return _values(_whole_ends({**dict(zip(names, call.arguments, strict=True)), **call.named}, "span"))
    if call.name in ("linspace", "logspace", "geomspace"):
        names.append("num")
    elif call.name.startswith(("q", "range", "arange", "suggest_int", "suggest_discrete")):
        names.append("step")
    arguments = call.arguments
    if call.name in ("range", "arange", "randint") and len(arguments) == 1:
        arguments = [0, *arguments]
    if "normal" in call.name:
        names = ["mu", "sigma"]
    given = {**dict(zip(names, arguments, strict=False)), **call.named}
    return _of_fields(given, call.name) if set(given) <= _WORDS else None


def _of_mapping(value: Mapping[Any, Any]) -> list[Any] | None:
    fields = {str(key).lower().strip("_"): one for key, one in value.items()}
    options = fields.get("options", fields.get("attributes"))
    if isinstance(options, Mapping) and len(fields) <= 2:
        fields = {
            "type": fields.get("type", fields.get("name", "")),
            **{str(key).lower(): one for key, one in options.items()},
        }
    kind = next((str(fields[key]) for key in _KIND if key in fields), "").rpartition(".")[2].lower()
    if list(fields) in (["linspace"], ["logspace"], ["range"], ["arange"], ["uniform"], ["loguniform"], ["randint"]):
        ((kind, ends),) = fields.items()
        return _of_call(Call(kind, list(ends)))
    if isinstance(ends := fields.get("value"), Sequence) and not isinstance(ends, str) and "type" in fields:
        return _of_call(Call(kind, list(ends)))  # NNI: {_type: loguniform, _value: [0.0001, 0.1]}
    if isinstance(ends := fields.pop("bounds", None), Sequence) and len(ends) == 2:  # Ax
        fields, kind = {**fields, "min": ends[0], "max": ends[1]}, ""
    if not fields or not set(fields) <= _WORDS:
        return None
    for key in _VALUES:
        if isinstance(fields.get(key), Sequence) and not isinstance(fields[key], str):
            return _plain_list(fields[key])
    if "value" in fields:
        return [fields["value"]]
    return _of_fields(fields, kind)


def _plain_list(options: Any) -> list[Any] | None:
    return [list(one) if isinstance(one, tuple) else one for one in options]


def _of_fields(fields: Mapping[str, Any], kind: str) -> list[Any] | None:
    if "normal" in kind:
        mean, spread = (next(float(fields[key]) for key in keys if key in fields) for keys in (_MEAN, _SPREAD))
        values = [mean - spread, mean, mean + spread]
        return [_rounded(math.exp(one) if "log" in kind else one) for one in values]
    return _values(_whole_ends(fields, kind))


def _whole_ends(fields: Mapping[str, Any], kind: str) -> Span:
    """Return the range of some fields.

    Raises:
        ValueError: An end is missing, or is no number.
    """
    low, high, step, count = (
        next((fields[key] for key in keys if fields.get(key) is not None), None)
        for keys in (_LOW, _HIGH, _STEP, _COUNT)
    )
    if low is None and high is not None and kind in _OPEN:
        low = 0
    low, high = _number(low), _number(high)
    log = "log" in kind or "geom" in kind or fields.get("log") is True or fields.get("sampling") == "log"
    log = log or fields.get("log_scale") is True or (not kind and step is None and low > 0 and high >= WIDE * low)
    whole = isinstance(low, int) and isinstance(high, int) and (step is None or isinstance(step, int))
    if kind == "logspace":
        base = float(fields.get("base", 10))
        low, high, whole = base**low, base**high, False
    elif log and low <= 0:
        low, high, whole = math.exp(low), math.exp(high), False  # W&B and Hyperopt give logarithms
    whole = (whole and not ("uniform" in kind and "int" not in kind and "q" not in kind)) or fields.get("int") is True
    whole = whole and not (kind == "linspace" and count is not None and (high - low) % max(1, count - 1))
    is_open = kind in _OPEN and (whole or step is not None)
    if is_open and whole and step is None and count is None:
        high, is_open = high - 1, False
    if not low <= high:
        raise ValueError("no range")
    return Span(
        low,
        high,
        None if step is None else float(_number(step)),
        None if count is None else int(count),
        log,
        whole and (not log or isinstance(low, int)),
        is_open,
    )


def _number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[-+0-9.eE]+", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    return value


def _values(span: Span) -> list[Any]:
    if span.step is not None and not span.log:
        steps = int((span.high - span.low) / span.step + 1e-9)
        found = [span.low + place * span.step for place in range(min(steps, 100_000) + 1)]
        found = [one for one in found if not span.open or one < span.high - 1e-9 * span.step]
    elif span.count is not None and span.count > 1:
        found = _even(span, span.count)
    elif span.whole and span.high - span.low < FEW:
        found = [float(one) for one in range(int(span.low), int(span.high) + 1)]
    elif span.low > 0 and (span.log or span.high / span.low >= (FEW if span.whole else WIDE)):
        found = _powers(span)
    else:
        found = _even(span, USUAL)
    return [round(one) if span.whole else _rounded(one) for one in found]


def _even(span: Span, count: int) -> list[float]:
    shares = [place / (count - 1) for place in range(count)]
    if span.log:
        return [span.low * (span.high / span.low) ** share for share in shares]
    return [span.low + share * (span.high - span.low) for share in shares]


def _powers(span: Span) -> list[float]:
    """Return the ends and the powers of ten between them; those of two for whole numbers."""
    base = 2.0 if span.whole else 10.0
    first, last = (math.log(end, base) for end in (span.low, span.high))
    if last - first < 1.5:
        return _even(Span(span.low, span.high, log=True), 3)
    between = [base**power for power in range(math.ceil(first + 1e-9), math.floor(last - 1e-9) + 1)]
    return [span.low, *between, span.high]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}") if float(f"{value:.12g}") != float(f"{value:.7g}") else float(f"{value:.12g}")


def _thinned(values: list[Any]) -> list[Any]:
    if len(values) <= MOST_VALUES:
        return values
    places = [round(place * (len(values) - 1) / (USUAL * 2 - 1)) for place in range(USUAL * 2)]
    return [values[place] for place in places]
