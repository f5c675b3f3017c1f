"""What the annotation of a field says of it: its words, the part that it holds, whether it takes a mapping."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from store.schema.fields import Part
from store.schema.keras_objects import Named


def words(annotation: Any) -> Iterator[str]:
    """Return the values of the `Literal` in an annotation."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from words(one)


def part_in(annotation: Any) -> Any:
    """Return the class of the part in an annotation, through `Annotated` and `| None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next((found for one in get_args(annotation) if (found := part_in(one))), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, Part) else None


def is_mapping(annotation: Any) -> bool:
    """Return whether a field takes a mapping: keys of any kind, or the arguments of what is named."""
    named = isinstance(annotation, type) and issubclass(annotation, Named)
    return named or get_origin(annotation) is dict


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the members of a union, or the annotation itself."""
    if get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from alternatives(one)
    else:
        yield annotation
