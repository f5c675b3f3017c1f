"""All checks of an experiment, in order, with what each found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.text import many

if TYPE_CHECKING:
    from collections.abc import Callable

    from store import Experiment, Store


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


def verify(store: Store, experiment: Experiment, *, sample: int, say: Callable[[str], None]) -> Findings:
    """Check an experiment; nothing is changed.

    Args:
        store: the results store.
        experiment: which one.
        sample: how many repeats are trained again at most.
        say: told what is done now, where it takes long.
    """
    from scheduler.lifecycle.verifying.conclusions import check_conclusions
    from scheduler.lifecycle.verifying.sample import check_sample

    found = Findings()
    status = store.experiments.status(experiment.id)
    found.check(
        f"{many(status.total, 'repeat')}: each has a key, a state and a result that agree, and its result once",
        store.checks.faults(experiment.id),
    )
    found.check("no row of the store belongs to nothing", store.checks.orphans())
    check_conclusions(store, experiment, found, say)
    check_sample(store, experiment, sample, found, say)
    return found
