"""A table of the page, before it is HTML: columns and cells with what they are sorted by."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.text import DASH

LONG_LABEL = 18  #: characters; a first column of longer ones is made wider


class Kind(StrEnum):
    """What a column holds; each is the name of a class in the style sheet."""

    NUMBER = "number"
    TEXT = "text"
    #: letters of groups and times, which are never wrapped
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    head: str
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, and the number it is sorted by and saved with (None: its text)."""

    text: str
    value: float | None = None
    #: a sign before the text, and what a screen reader says in its place
    sign: str = ""
    spoken: str = ""
    #: a label behind the text
    tag: str = ""
    #: a bar behind the cell, from 0 to 1
    share: float | None = None

    @property
    def key(self) -> str:
        """The number without rounding; empty where there is none."""
        return (
            repr(float(self.value)).removesuffix(".0") if self.value is not None and math.isfinite(self.value) else ""
        )


@dataclass(frozen=True, slots=True)
class Table:
    """One table; the first cell of each row is the head of the row."""

    identity: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    @property
    def wide(self) -> bool:
        """Whether the heads of the rows are long."""
        return any(len(row[0].text) > LONG_LABEL for row in self.rows)


def numeric(values: Iterable[float], write: Callable[[float], str]) -> list[Cell]:
    """Make the cells of numbers."""
    return [Cell(write(value), value) for value in values]


def count(value: int) -> Cell:
    """Make the cell of a whole number."""
    return Cell(f"{value:,}", value)


def percent(share: float) -> Cell:
    """Make the cell of a share of one."""
    return Cell(f"{share:.0%}" if math.isfinite(share) else DASH, share)


def text_columns(*heads: str) -> list[Column]:
    """Make columns of text."""
    return [Column(head, Kind.TEXT) for head in heads]
