"""What a worker measures of its packs: nothing, unless `worker --metrics` asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a pack ended."""

    SAVED = "saved"
    FAILED = "failed"
    HANDED_BACK = "handed back"


@dataclass(slots=True)
class Measured:
    """What is known of one pack in the end."""

    lanes: int
    outcome: Outcome = Outcome.FAILED
    train_seconds: float = 0.0
    save_seconds: float = 0.0
    #: results that were stored
    saved: int = 0
    #: jobs that were taken away in training: the lease was lost, or they were cancelled
    lost: int = 0


class Measures:
    """Measures nothing; `worker.delivery.metrics` has what does."""

    @contextmanager
    def pack(self, lanes: int) -> Iterator[Measured]:
        """Measure a pack, of which the block notes what it knows."""
        measured = Measured(lanes)
        self.began(measured)
        try:
            yield measured
        finally:
            self.ended(measured)

    def began(self, measured: Measured) -> None:
        """Note that a pack is being trained."""

    def ended(self, measured: Measured) -> None:
        """Note that a pack has ended."""


class _Chosen:
    """The measures of this process and of the children that it forks."""

    measures = Measures()


def use(measures: Measures) -> None:
    """Choose what measures the packs of this process from now on."""
    _Chosen.measures = measures


def chosen() -> Measures:
    """Return what measures the packs of this process."""
    return _Chosen.measures
