"""The series of a panel: those that one model is trained on together, and those that it forecasts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from store.records import Series
from store.schema.configuration import Configuration, SeriesChoice
from store.schema.fields import NonNegative, Part, Switch, canonical


class Member(Part):
    """A series of a panel."""

    series: SeriesChoice
    test: NonNegative
    #: columns that are neither differenced nor scaled
    as_is: tuple[str, ...] = ()
    #: whether the model is trained on it
    trained: Switch = True
    #: whether it is forecast, and its forecasts are judged
    forecast: Switch = True

    @classmethod
    def of(cls, one: Configuration, *, trained: bool, forecast: bool) -> Member:
        """Return what a configuration has of its own, beside all others of a panel."""
        as_is = one.prepare.as_is
        return cls(series=one.series, test=one.test, as_is=as_is, trained=trained, forecast=forecast)

    def within(self, other: Configuration) -> Configuration:
        """Return the configuration of this series, given that of another one."""
        prepare = other.prepare
        if prepare.as_is != self.as_is:
            prepare = prepare.model_copy(update={"as_is": self.as_is})
        future = other.future
        if future is not None and future.origins:  # as many as the series has test rows
            future = future.model_copy(update={"origins": self.test})
        changed = {"series": self.series, "test": self.test, "prepare": prepare, "future": future}
        return other.model_copy(update=changed)

    @property
    def known_by(self) -> tuple[str, str]:
        """What tells it from others of a panel, of which some may have the same values."""
        return self.series.name, self.rows

    @property
    def rows(self) -> str:
        """What decides the numbers of its rows, beside all that a panel has in common."""
        return canonical([self.series.identity, self.test, self.as_is])


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """The series that one model is trained on together, or forecasts."""

    members: tuple[Member, ...]
    #: of each member
    series: tuple[Series, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What each is called; of those of the same name, what is forecast tells them apart, or else a number."""
        own = [member.series for member in self.members]
        names = [one.name for one in own]
        if len({*names}) < len(names):
            names = [f"{one.name} {' and '.join(one.targets)}" for one in own]
        seen: dict[str, int] = {}
        for place, name in enumerate(names):
            seen[name] = seen.get(name, 0) + 1
            names[place] = name if seen[name] == 1 else f"{name} {seen[name]}"
        return tuple(names)


def number_alike(members: Sequence[Member]) -> list[int]:
    """Return the number of each member among those with the same values, counted from 0."""
    seen: dict[str, int] = {}
    return [_next(seen, one.rows) for one in members]


def _next(seen: dict[str, int], key: str) -> int:
    """Return how often a key was there before."""
    seen[key] = seen.get(key, -1) + 1
    return seen[key]


def content_of(members: Sequence[Member]) -> str:
    """Return the SHA-256 of all that the members decide."""
    decided = [[one.rows, one.trained, one.forecast] for one in members]
    return hashlib.sha256(canonical(decided).encode()).hexdigest()


def write_members(members: Sequence[Member]) -> str:
    """Write members as JSON, as a store keeps them."""
    return canonical([one.decided for one in members])


def read_members(text: str) -> tuple[Member, ...]:
    """Read members from JSON."""
    return TypeAdapter(tuple[Member, ...]).validate_json(text)
