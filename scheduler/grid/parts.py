"""One part of a configuration, such as `model`, from the values that a grid gives it; checked by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from scheduler.grid.checks.models import model_mistakes
from scheduler.grid.fields import FIELDS, NAMED, PARTS
from scheduler.grid.messages import Found, Path, not_allowed, worded
from scheduler.grid.splits.fields import OF_PANEL
from scheduler.grid.suggestions import no_field, pointed
from scheduler.series.input_columns import as_mapping
from scheduler.series.times import try_iso
from store.schema.configuration import PROTOCOLS, Model, Part
from store.schema.fields import LARGEST


@dataclass(slots=True)
class Built:
    """A part of a configuration for some options of its axes, or what is wrong with it."""

    value: Any = None
    found: list[Found] = field(default_factory=list)
    #: what the grid has in the place of the value, where that is something else
    said: str = ""
    #: the values for all series of a panel, the first of which is `value`; empty where there is one series
    each: tuple[Any, ...] = ()


def build_part(part: str, raw: Any) -> Built:
    """Check a part by itself."""
    if part == "test":
        whole = isinstance(raw, int) and not isinstance(raw, bool)
        if whole and 0 <= raw <= LARGEST:
            return Built(raw)
        return Built(found=[((part,), _no_test(raw, LARGEST if whole and raw > 0 else None))])
    if part in OF_PANEL:
        return _width(raw) if part == "series_embedding" else _word(part, raw)
    schema = PARTS.get(part)
    if part == "protocol" and isinstance(raw, dict):
        kind = raw.get("kind", "fixed")
        if not isinstance(kind, str) or kind not in PROTOCOLS:
            return Built(found=[(("protocol", "kind"), not_allowed(FIELDS["protocol.kind"], kind))])
        raw, schema = {"kind": kind} | raw, PROTOCOLS[kind]
    if schema is None or not isinstance(raw, dict):
        return Built(found=[((part,), not_allowed(FIELDS[part], raw))])
    return _validated(schema, part, raw)


def _word(part: str, raw: Any) -> Built:
    right = isinstance(raw, str) and raw in FIELDS[part].choices
    return Built(raw) if right else Built(found=[((part,), not_allowed(FIELDS[part], raw))])


def _width(raw: Any) -> Built:
    """Check a number of which 0 stands for the default."""
    whole = isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw <= LARGEST
    if raw is None or whole:
        return Built(raw or 0)
    most = LARGEST if isinstance(raw, int) and raw > LARGEST else None
    return Built(found=[(("series_embedding",), not_allowed(FIELDS["series_embedding"], raw, most))])


def _no_test(raw: Any, most: int | None) -> str:
    """Describe what is no number of rows, and how what was meant is written."""
    text = not_allowed(FIELDS["test"], raw, most)
    if isinstance(raw, str) and (share := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *%", raw)):
        return f"{text}; write {float(share[1]) / 100:g}"
    return f"{text}; write {{from: {raw}}}" if isinstance(raw, str) and try_iso(raw) is not None else text


def _validated(schema: type[Part], part: str, raw: dict[str, Any]) -> Built:
    if part == "prepare" and "as_is" in raw:  # which the grid fills in
        return Built(found=[((part, "as_is"), no_field((part, "as_is")))])
    try:
        value = schema.model_validate(raw)
    except ValidationError as problem:
        return Built(found=[pointed(found, raw) for found in worded(problem, (part,), raw)])
    return Built(value, list(_model_mistakes(value, raw)) if isinstance(value, Model) else [])


def _model_mistakes(model: Model, given: dict[str, Any]) -> Iterator[Found]:
    if "package" in given:  # which the schema has, and follows from the kind
        yield ("model", "package"), no_field(("model", "package"))
    else:
        yield from model_mistakes(model, given)


def put(raw: Any, path: Path, depth: int, value: Any) -> Any:
    """Copy a value with one of its values replaced; a name becomes a mapping with that name."""
    if depth == len(path):
        return value
    name = ".".join(path[:depth])
    if raw is ... or raw is None:
        raw = FIELDS[name].default if name in NAMED and isinstance(FIELDS[name].default, str) else {}
    if isinstance(raw, str) and (name in NAMED or name == "series"):
        raw = {"name": raw}
    if name == "test" and not isinstance(raw, dict):
        raw = {}
    if isinstance(raw, tuple) and name == "series.inputs":
        raw = as_mapping(raw)
    if not isinstance(raw, dict):
        return raw  # wrong by itself, and reported as such
    return raw | {path[depth]: put(raw.get(path[depth], ...), path, depth + 1, value)}
