"""What all parts of the schema share: strictness, kinds of numbers, and the description of a field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

#: Counts stay below this, so that they fit the compiled program's 32-bit counters.
LARGEST = 2**31 - 1

Positive = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
NonNegative = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Fraction = Annotated[float, Field(strict=True, ge=0, lt=1)]
Weight = Annotated[float, Field(strict=True, ge=0, le=1e9)]
Switch = Annotated[bool, Field(strict=True)]


def canonical(content: Any) -> str:
    """Return JSON that is the same for equal content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


class PerLane(Enum):
    """How a number may differ between the lanes of one compiled program."""

    #: each lane reads a value of its own
    VALUE = "value"
    #: each lane reads a value of its own, unless it is 0: then the program has no code for it
    SWITCHED = "switched"
    #: how long a lane trains; the program is told at each call
    LENGTH = "length"


#: placeholder for the lanes' own values where a number is switched on; the program never reads it
STAND_IN = 0.5


@dataclass(frozen=True, slots=True)
class About:
    """The description of a field for messages and the reference: its purpose, allowed values and an example."""

    says: str
    allowed: str
    example: str
    #: the words that are allowed, where the type does not list them
    choices: tuple[str, ...] = ()
    #: whether lanes of one program may have different values; all else about per-lane numbers follows from this mark
    lane: PerLane | None = None


class Part(BaseModel):
    """A part of a configuration: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @cached_property
    def decided(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def written(self) -> str:
        """The canonical JSON of `decided`."""
        return canonical(self.decided)

    @cached_property
    def identity(self) -> str:
        """JSON of what decides the numbers; the same for equivalent values."""
        return self.written

    @property
    def common(self) -> Self:
        """The same part for all lanes of a program: stand-ins take the place of the lanes' own numbers."""
        return self.stand_in or self

    @cached_property
    def stand_in(self) -> Self | None:
        """What is common, where that is not the part itself: a part that held itself could be compared with none."""
        changes: dict[str, Any] = {name: value.stand_in for name, value in self._parts() if value.stand_in}
        for name, mark in lane_marks(type(self)).items():
            switched_on = mark is PerLane.SWITCHED and getattr(self, name)
            changes[name] = STAND_IN if switched_on else type(self).model_fields[name].default
        return self.model_copy(update=changes) if changes else None

    @cached_property
    def shared(self) -> str:
        """JSON of what decides the compiled program: the identity of what all its lanes have in common."""
        return self.common.identity

    @cached_property
    def lane_numbers(self) -> dict[str, float]:
        """The numbers that each lane reads, by dotted name; which there are depends on what is switched on."""
        numbers = {
            name: float(getattr(self, name))
            for name, mark in lane_marks(type(self)).items()
            if mark is PerLane.VALUE or (mark is PerLane.SWITCHED and getattr(self, name))
        }
        for name, part in self._parts():
            numbers |= {f"{name}.{below}": number for below, number in part.lane_numbers.items()}
        return numbers

    def _parts(self) -> Iterator[tuple[str, Part]]:
        """Yield the fields that are parts themselves."""
        for name in type(self).model_fields:  # what iterating over self yields includes cached properties
            value = getattr(self, name)
            if isinstance(value, Part):
                yield name, value

    def __copy__(self) -> Self:
        """Copy the fields, and not what was worked out from them: `model_copy` may change them."""
        copied = super().__copy__()
        for name in set(copied.__dict__) - set(type(self).model_fields):
            del copied.__dict__[name]
        return copied


def about(part: type[Part], name: str) -> About | None:
    """Return the `About` of a field."""
    return next((one for one in part.model_fields[name].metadata if isinstance(one, About)), None)


@cache
def lane_marks(part: type[Part]) -> dict[str, PerLane]:
    """List the fields of a part that may differ from lane to lane, with their marks."""
    found = {name: about(part, name) for name in part.model_fields}
    return {name: one.lane for name, one in found.items() if one is not None and one.lane is not None}
