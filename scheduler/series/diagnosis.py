"""What is found wrong with a file on the way, and the fields of `series` with which it would be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from scheduler.series.fields import SeriesSource
from scheduler.yaml_text import in_one_line

MOST_MISTAKES = 7
#: mistakes alike that are named by their pattern, not one by one
ALIKE = 3


class Refused(Exception):
    """An attempt at reading a file has ended; the diagnosis says why."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.file)
        self.diagnosis = diagnosis


@dataclass(slots=True)
class Diagnosis:
    """Collects mistakes, notes, and the fields that a grid could set so that the file is read as it is."""

    file: str
    source: SeriesSource
    notes: list[str] = field(default_factory=list)
    mistakes: list[tuple[int, str]] = field(default_factory=list)
    #: field of `series` -> value; None takes a field away
    fixes: dict[str, Any] = field(default_factory=dict)
    #: other ways to mend the file, each as whole sets of fields
    others: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    #: the categories of each column of text, which has their numbers as values
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)

    #: what parts the columns of the file
    delimiter: str = ""

    def mistake(self, line: int, text: str, **fixes: Any) -> None:
        """Add a mistake; reading goes on as if the fixes were in the grid."""
        self.mistakes.append((line, text))
        self.fixes |= fixes

    def note(self, text: str) -> None:
        """Add a sentence about what was understood, once."""
        if (whole := f"{self.file}: {text}") not in self.notes:
            self.notes.append(whole)

    def settle(self) -> None:
        """End this attempt at reading the file if anything is wrong with it.

        Raises:
            Refused: Something is.
        """
        if self.mistakes:
            raise Refused(self)

    def refuse(self, line: int, text: str, **fixes: Any) -> NoReturn:
        """Refuse the file at once: nothing more can be read."""
        self.mistake(line, text, **fixes)
        self.settle()
        raise Refused(self)


def changed(source: SeriesSource, fixes: Mapping[str, Any]) -> SeriesSource:
    """Return the field `series` of a grid with some of its fields changed; None takes one away."""
    given = source.model_dump(exclude_none=True, by_alias=True)
    merged = {name: value for name, value in (given | dict(fixes)).items() if value is not None}
    return SeriesSource.model_validate(merged)


def written(source: SeriesSource) -> str:
    """Write the field `series` of a grid as one line of YAML."""
    fields = source.model_dump(exclude_none=True, mode="json", by_alias=True)
    return f"series: {in_one_line(fields)}"


def name_of(path: Path) -> str:
    """Return what a series is called: the file's name without its endings."""
    name = path.name.removesuffix(".gz")
    return Path(name).stem
