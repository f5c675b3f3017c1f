"""Messages for pydantic's errors: the field, what was given, what is allowed, the nearest spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from scheduler.grid.fields import FIELDS, TEXTS, FieldOf, field_at
from scheduler.grid.yaml_values import shown
from store.schema.spelling import did_you_mean, listed

Path = tuple[Any, ...]
#: where in the file, and what is wrong there
Found = tuple[Path, str]


def dotted(path: Path) -> str:
    """Return a path as a dotted name."""
    return ".".join(str(step) for step in path)


def worded(problem: ValidationError, prefix: Path, given: Any) -> Iterator[Found]:
    """Describe each wrong field once; `given` is the value at `prefix`."""
    seen: set[Path | Found] = set()
    # if a field has several errors, that its value is too large is the most useful one
    for error in sorted(problem.errors(include_url=False), key=lambda error: error["type"] != "less_than_equal"):
        for path, text in _one(error, prefix, given):
            same = (path, text) if error["type"] == "mistakes" else path  # which may be several of one field
            if same not in seen:
                seen |= {same, path}
                yield path, text


def _one(error: Any, prefix: Path, given: Any) -> Iterator[Found]:
    path: Path = (*prefix, *error["loc"])
    field = field_at(path)
    place: Path = tuple(field.name.split(".")) if field else path[:1]
    if error["type"] == "mistakes":
        for below, text in error["ctx"]["at"]:
            yield ((*place, below) if below else place), f"{dotted(place)}: {text}"
    elif error["type"] in ("extra_forbidden", "invalid_key") and dotted(path[:-1]) in (*FIELDS, ""):
        yield path, unknown(path)
    elif field and error["type"] == "missing":
        yield place, f"{field.name} is missing; allowed: {field.about.allowed}, such as {field.about.example}"
    elif field:
        yield place, not_allowed(field, value_at(given, place[len(prefix) :]), error.get("ctx", {}).get("le"))
    else:
        yield path, f"{dotted(path)} is {shown(error['input'])}, which is not allowed"


def not_allowed(field: FieldOf, value: Any, most: float | None = None) -> str:
    """Describe a value that a field does not allow; `most` is the largest allowed value, if it is exceeded."""
    allowed = field.about.allowed
    if most is not None:
        allowed = re.sub(r"(from \d+\b)(?! to)", rf"\1 to {most:.15g}", allowed, count=1)
    quotes = "; put it in quotes to make it text" if field.name in TEXTS and _has_number(value) else ""
    hint = did_you_mean(value, field.choices) if isinstance(value, str) and field.choices else ""
    unnamed = field.below and not isinstance(value, dict) and not allowed.startswith("{")
    fields = f" of {listed(field.below, 'and')}" if unnamed else ""
    return f"{field.name} is {shown(value)}; allowed: {allowed}{fields}{quotes}{hint}"


def _has_number(value: Any) -> bool:
    """Return whether a value, or one of a list, is a number, true or false."""
    return any(isinstance(one, int | float) for one in (value if isinstance(value, tuple) else (value,)))


def unknown(path: Path, among: tuple[str, ...] = ()) -> str:
    """Describe a field that does not exist; `among` are the allowed fields, if they are not all of the part's."""
    parent = dotted(path[:-1])
    allowed = among or (FIELDS[parent].below if parent in FIELDS else ())
    if not path[:-1]:
        allowed = tuple(name for name in FIELDS if "." not in name)
    name = shown(path[-1])
    if not allowed:
        return f"{parent}.{name} is not a field: {parent} has no fields"
    whose = f"{parent} has" if parent else "a grid has"
    spelt = f"{parent}.{name}" if parent else name
    return f"{spelt} is not a field; {whose} {listed(allowed, 'and')}{did_you_mean(path[-1], allowed)}"


def value_at(given: Any, path: Path) -> Any:
    """Follow keys into a value as far as they lead."""
    for step in path:
        if not isinstance(given, dict) or step not in given:
            break
        given = given[step]
    return given
