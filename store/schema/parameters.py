"""All parameters of a configuration by the names that a grid uses, defaults included: what the view `parameters` shows.

What a model does not have is left out, and so is what an optimizer's or a loss's name does not take.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from store.schema.configuration import Configuration, SeriesChoice
from store.schema.fields import canonical
from store.schema.keras_objects import Named
from store.schema.model import Model, Regularizer

#: fields of the schema that no grid has
_HIDDEN = frozenset(
    {
        *("series.content_hash", "series.target_hash", "series.row_times", "series.left_out", "series.made"),
        *("prepare.as_is", "model.package", "future"),
    }
)
_PARTS = frozenset({"series", "prepare", "model", "training", "protocol"})
#: what differs between the splits of an experiment, which the view `splits` shows
_OF_SPLITS = frozenset({"window"})


def parameters(params: str) -> dict[str, Any]:
    """Return every parameter of a configuration, by dotted name.

    Args:
        params: canonical JSON of the configuration. What this version cannot read is taken as it is.

    Returns:
        Numbers, text, truth values and None as they are; lists as canonical JSON.
    """
    given = json.loads(params)
    found: dict[str, Any] = {}
    for name in Configuration.model_fields if _is_readable(given) else given:
        if name == "panel":
            found |= _of_panel(given.get(name))
            continue
        part = given.get(name, {} if name in _PARTS else None)
        found |= {} if name in _OF_SPLITS else _of_part(name, "null" if part is None else canonical(part))
    return found


def _of_panel(panel: dict[str, Any] | None) -> dict[str, Any]:
    """Return how several series are trained together; where they are not, a grid says nothing of it."""
    if panel is None:
        return {}
    width = {"series_embedding": panel["width"]} if panel.get("width") else {}
    return {"panel": "together", "series_input": panel.get("series_input", "none"), **width}


def _is_readable(given: dict[str, Any]) -> bool:
    return set(given) <= set(Configuration.model_fields)


@lru_cache(1024)
def _of_part(name: str, written: str) -> dict[str, Any]:
    """Return the parameters of one part, which many configurations of a grid have in common."""
    value = json.loads(written)
    try:
        made = Configuration.model_validate({"series": {"name": ""}} | ({} if value is None else {name: value}))
    except ValidationError:
        return dict(_plain(name, value))
    part = getattr(made, name)
    found = dict(one for one in [*_fields(name, part), *_seen(part)] if one[0] not in _HIDDEN)
    return {key: one for key, one in found.items() if not key.startswith("series.seen.")}


def _seen(part: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a row sees of the columns for which the grid says it, by the names that the grid uses."""
    for column, seen in part.seen.items() if isinstance(part, SeriesChoice) else ():
        if column not in part.made:
            yield from _plain(f"series.inputs.{column}", seen.decided)


def _fields(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Named):
        yield name, value.name
        for argument in value.table[value.name].arguments:
            yield from _plain(f"{name}.{argument}", value.argument(argument))
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            if _applies(value, field):
                yield from _fields(f"{name}.{field}", _or_zeros(value, field))
    else:
        yield from _plain(name, value)


def _applies(part: BaseModel, field: str) -> bool:
    """Return whether a model has what a field is of; other parts have all their fields."""
    if not isinstance(part, Model):
        return True
    return part.has(field)


def _or_zeros(part: BaseModel, field: str) -> Any:
    """Return a field's value, and for no regularizer the one whose weights are 0, so that they compare as numbers."""
    value = getattr(part, field)
    return Regularizer() if value is None and field.endswith("_regularizer") else value


def _plain(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _plain(f"{name}.{key}", below)
    elif isinstance(value, list | tuple):
        yield name, canonical(value)
    else:
        yield name, value
