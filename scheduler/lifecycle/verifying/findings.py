"""What the checks of an experiment found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    """What was found."""

    #: what is as it should be
    held: list[str] = field(default_factory=list)
    #: what could not be checked, and why
    left: list[str] = field(default_factory=list)
    #: what is wrong
    faults: list[str] = field(default_factory=list)

    def check(self, held: str, faults: list[str]) -> None:
        """Note what a check found: its faults, or what holds."""
        self.faults += faults
        if not faults:
            self.held.append(held)
