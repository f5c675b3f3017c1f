"""What to write in the place of a value that a field does not take: lists for ranges, and Keras' own forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from scheduler.grid.fields import FIELDS, PARTS, GridFile, known
from scheduler.grid.other_tools.columns import for_columns
from scheduler.grid.other_tools.optimizers import each_alone, keras_form, short
from scheduler.grid.other_tools.ranges import listed_out, whole_span
from scheduler.grid.other_tools.words import (
    ARGUMENTS,
    SAYS,
    SEARCHES,
    SEEDS,
    VALUE_WORDS,
    WHOLE_BATCH,
    last_word,
    meant,
)
from scheduler.yaml_text import in_one_line
from store.schema.configuration import PROTOCOLS

#: a value of the grid at a path of keys, or `...`
Look = Callable[[tuple[str, ...]], Any]

_REFERENCE = re.compile(r"\$\{\s*([^}:]+?)\s*\}\Z")
#: what SEML has beside the ranges of a random search
_NO_AXES = ("samples", "seed")
#: axes that are written out of a search of another tool
MOST_AXES = 12


def fits(name: str, value: Any) -> bool:
    """Return whether a field takes a value, by itself."""
    top, _, field = name.partition(".")
    try:
        if not field:
            GridFile.model_validate({"series": "shampoo"} | {top: value})
        elif top == "protocol":
            return any(_takes(part, field, {"kind": kind, field: value}) for kind, part in PROTOCOLS.items())
        else:
            return _takes(PARTS[top], field, _inside(field, value))
    except (ValidationError, KeyError):
        return False
    return True


def _takes(part: Any, field: str, value: Mapping[str, Any]) -> bool:
    try:
        part.model_validate(value)
    except ValidationError:
        return False
    return True


def _inside(field: str, value: Any) -> dict[str, Any]:
    first, _, rest = field.partition(".")
    if not rest:
        return {first: value}
    return {first: keras_form({rest: value}) or {rest: value} if first == "optimizer" else {rest: value}}


def assigned(name: str, value: Any) -> str:
    """Write a field with its value in one line of YAML: `model: {units: 3}`."""
    if name.startswith("training.optimizer.") and (form := keras_form({name.rpartition(".")[2]: value})):
        name, value = "training.optimizer", form
    for step in reversed(name.split(".")[1:]):
        value = {step: value}
    return f"{name.partition('.')[0]}: {in_one_line(value)}"


def axis(name: str, values: Sequence[Any]) -> str:
    """Write an axis in one line of YAML."""
    return f"{name}: {in_one_line(list(values))}"


#: fields whose value is a list, of which a wrong one is no axis
OF_LISTS = ("prepare.calendar",)


def for_value(name: str, value: Any, *, in_axis: bool, look: Look) -> str:
    """Return `; ` and what to write for a wrong value of a field, or an empty text.

    Args:
        name: the field.
        value: as the grid has it.
        in_axis: whether an axis has it.
        look: finds other values of the grid.
    """
    if isinstance(value, str) and "${" in value:
        return _for_reference(name, value, look)
    values = listed_out(value)
    if values is None and isinstance(value, tuple) and len(value) > 1 and not in_axis and name not in OF_LISTS:
        values = list(value)
    if name in ("seed", "repeats") and values:
        count = len(values) if name == "seed" else values[-1]
        return f"; each repeat has its own seed: write repeats: {count}" if isinstance(count, int) else ""
    if values and name.partition(".")[0] in (*PARTS, "test", "protocol") and all(fits(name, one) for one in values):
        if len(values) == 1 and not in_axis:
            return f"; write {assigned(name, values[0])}"
        return (
            f"; {'' if in_axis else 'to vary it, '}write {'' if in_axis else 'it under grid, as '}{axis(name, values)}"
        )
    return ""


def _for_reference(name: str, value: str, look: Look) -> str:
    found = _REFERENCE.match(value)
    there = ... if found is None else look(tuple(found[1].split(".")))
    if there is ... or not fits(name, there):
        return "; a grid has no references: write the value itself"
    return f"; a grid has no references: write the value itself, {assigned(name, there)}"


def for_optimizer(value: Any, *, options: Sequence[Any] | None) -> str:
    """Return `; ` and an optimizer as Keras has it, or the axis of them, or an empty text."""
    name = str(value.get("name", "")) if isinstance(value, Mapping) else str(value)
    if options is None and name.lower().replace("-", "_") in WHOLE_BATCH:
        return "; it needs all rows at once, and training takes batches: write training: {optimizer: adam}"
    if options is None and isinstance(value, Mapping) and "decay" in value:
        return f"; {SAYS['decay']}"
    if options is not None:
        forms = [keras_form(one) for one in options]
        whole = [short(one) for one in forms if one is not None]
        return f"; write {axis('training.optimizer', whole)}" if len(whole) == len(forms) else ""
    form = keras_form(value)
    return f"; write {assigned('training.optimizer', form)}" if form else ""


def for_argument(argument: str, values: Sequence[Any], optimizers: Sequence[Any], *, both: bool) -> str:
    """Return `; ` and the axis of optimizers in which only those have an argument that take it, or an empty text."""
    found = each_alone(optimizers, argument, values)
    if not found:
        return ""
    where = "both as one axis" if both else f"in the place of training.optimizer.{argument}"
    return f"; write {where}, {axis('training.optimizer', found)}"


def for_axis(name: str, value: Any, look: Look) -> str:
    """Return what to write for an axis of another name or with a range: an empty text if that is not known."""
    word = last_word(name)
    values = list(value) if isinstance(value, tuple) else listed_out(value)
    if word in SEEDS:
        number = whole_span(value) or len(values or ())
        count = f"write repeats: {number}" if number else "write repeats, such as repeats: 10,"
        return f"each repeat has its own seed: {count} at the top of the file, and no axis"
    if name == "repeats" and values and fits(name, values[-1]):
        return f"all configurations have as many: write repeats: {values[-1]} at the top of the file"
    field = name if known(name) else meant(name, FIELDS)
    if isinstance(value, str) and "${" in value and field:
        found = _REFERENCE.match(value)
        there = ... if found is None else look(tuple(found[1].split(".")))
        values = list(there) if isinstance(there, tuple) else None if there is ... else [there]
        if not values:
            return "a grid has no references: write the values themselves, as a list"
    if values is None and field and not isinstance(value, Mapping) and fits(field, value):
        values = [value]
    if field is None or word in SAYS or not values or field.partition(".")[0] not in (*PARTS, "test", "protocol"):
        return _collected(name, value)
    whole = name == "test" or "." in field
    return (
        f"write {axis(field, values)}"
        if whole
        else f"{field} is the same in the whole grid: write {assigned(field, values[0])}"
    )


def _collected(name: str, value: Any) -> str:
    """Return what to write for a collection of parameters, as SEML has it, and for Hydra's patterns of names."""
    if isinstance(value, str) and value.startswith("glob("):
        return "a grid has no patterns of values: write the values themselves, as a list"
    if not isinstance(value, Mapping):
        return ""
    inner = value.get("params", value.get("parameter_collection"))
    if not isinstance(inner, Mapping):
        return ""
    found = dict(_axes({f"{name}.{key}": one for key, one in inner.items()}))
    lines = " and ".join(axis(field, values) for field, values in found.items())
    return f"write its fields as axes: {lines}" if len(found) == len(inner) else ""


def for_search(name: str, value: Any, part: Any) -> str:
    """Return what to write for the ranges of a search, as other tools hold them; an empty text for another field.

    Args:
        name: of the field.
        value: of it.
        part: the whole grid.
    """
    if name == "hydra" and isinstance(value, Mapping):
        inner = value.get("sweeper")
        value = inner.get("params", {}) if isinstance(inner, Mapping) else {}
    elif name not in SEARCHES and name != "fixed":
        return ""
    value = {key: one for key, one in value.items() if key not in _NO_AXES} if isinstance(value, Mapping) else {}
    found = dict(_axes(value))
    if name == "fixed":
        lines = [assigned(field, one[0]) for field, one in found.items() if len(one) == 1]
        return f"write its fields at the top of the file{', ' * bool(lines)}{' and '.join(lines)}"
    if not found or len(found) < len(value) or len(found) > MOST_AXES:
        return "write its fields as axes, grid: {model.units: [1, 2]}"
    if isinstance(part, Mapping) and isinstance(part.get("grid"), Mapping):
        return f"write under grid {' and '.join(axis(field, values) for field, values in found.items())}"
    return f"write grid: {in_one_line(found)}"


def _axes(value: Mapping[str, Any]) -> Any:
    for name, one in value.items():
        field = meant(str(name), FIELDS)
        values = listed_out(one)
        if values is None:
            values = list(one) if isinstance(one, tuple) else None if isinstance(one, Mapping) else [one]
        if field and values and all(fits(field, each) for each in values):
            yield field, values


def for_word(name: str, value: Any, part: Any) -> str:
    """Return what to write for a word of another tool with its value, or an empty text.

    Args:
        name: dotted.
        value: as the grid has it; `...` if that is not known.
        part: the mapping that it is in.
    """
    word, field = last_word(name), meant(name, FIELDS)
    if columns := for_columns(word, value, part):
        return columns
    if word in OF_HOLIDAYS and (entries := calendar_of(value, part)):
        return f"write {assigned('prepare.calendar', entries)}"
    if word in ("layers", "n_layers", "num_layers") and isinstance(value, int) and isinstance(part, Mapping):
        return _layers(value, part)
    if value is ... or field in (None, name):
        return ""
    if word in ARGUMENTS:
        return _argument(ARGUMENTS[word], value, part)
    value = (_switched_on(word, str(field)) or value) if value is True else value
    return _moved(name, str(field), value, layers=isinstance(part, Mapping) and "kind" in part)


def _switched_on(word: str, field: str) -> str:
    """Return the value of a field that a word stands for where it is true, as `log: true`; empty if there is none."""
    said = VALUE_WORDS.get(field, {}).get(word, "").partition("did you mean ")[2].removesuffix("?")
    short = word.removesuffix("_transform")
    return next((one for one in (word, said, short) if one and fits(field, one)), "")


#: fields of other tools that name countries
OF_HOLIDAYS = ("holidays", "holiday", "country_holidays")


def calendar_of(value: Any, part: Any) -> list[Any]:
    """Return the calendar of a part with the holidays of countries, or an empty list."""
    countries = [value] if isinstance(value, str) else list(value) if isinstance(value, tuple) else []
    if not all(isinstance(one, str) for one in countries):
        return []
    there = part.get("calendar", ()) if isinstance(part, Mapping) else ()
    return [*(there if isinstance(there, tuple) else ()), *(f"holiday:{one}" for one in countries)]


def _moved(name: str, field: str, value: Any, *, layers: bool) -> str:
    """Return a field with the value of a name that stands for it, or the axis of its values.

    A list of units is one of values, too, unless the part names a kind, which may have several layers.
    """
    if fits(field, value) and not (field == "model.units" and isinstance(value, tuple) and not layers):
        top = "" if "." in field or "." not in name else " at the top of the file"
        return f"write {assigned(field, value)}{top}"
    values = list(value) if isinstance(value, tuple) else listed_out(value)
    if values and field.partition(".")[0] in PARTS and all(fits(field, one) for one in values):
        return f"write it under grid, as {axis(field, values)}"
    return f"write {field}: {FIELDS[field].about.allowed}"


def _layers(count: int, part: Mapping[str, Any]) -> str:
    units = next((one for key, one in part.items() if key == "units" or meant(key, ()) == "model.units"), 1)
    if not isinstance(units, int) or not 1 < count < 20:
        return ""
    return f"write the units of each layer, {assigned('model', {'kind': 'stacked', 'units': [units] * count})}"


def _argument(argument: str, value: Any, part: Any) -> str:
    """Return the optimizer of the same part with one more argument, or the axis of a range."""
    values = list(value) if isinstance(value, tuple) else listed_out(value)
    dotted = f"training.optimizer.{argument}"
    if values:
        return f"it is an argument of the optimizer: write it under grid, as {axis(dotted, values)}"
    there = keras_form(part.get("optimizer", "adam")) if isinstance(part, Mapping) else None
    form = keras_form((there or {"name": "adam"}) | {argument: value})
    if form is None:
        return ""
    return (
        f"it is an argument of the optimizer: write {assigned('training.optimizer', form)}, or as an axis "
        f"{axis(dotted, [value])}"
    )
