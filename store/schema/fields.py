"""What every part of the schema shares: its strictness, its kinds of numbers, and what a field says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
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
    """Write JSON that is the same for equal content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class About:
    """What a field is for, what it allows and an example, as the grid's messages and its reference say it."""

    says: str
    allowed: str
    example: str
    #: the model kinds that have the field; empty for all
    kinds: tuple[str, ...] = ()


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
        """JSON of what decides the numbers, the same for what means the same."""
        return self.written

    @cached_property
    def shared(self) -> str:
        """JSON of what decides the compiled program: the identity without the numbers that each lane has of its own."""
        return self.identity

    def __copy__(self) -> Self:
        """Copy the fields, and not what was worked out from them: `model_copy` may change them."""
        copied = super().__copy__()
        for name in set(copied.__dict__) - set(type(self).model_fields):
            del copied.__dict__[name]
        return copied
