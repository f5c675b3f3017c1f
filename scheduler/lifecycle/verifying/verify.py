"""All checks of an experiment, in order, with what each found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.lifecycle.verifying.conclusions import check_conclusions
from scheduler.lifecycle.verifying.findings import Findings
from scheduler.lifecycle.verifying.sample import check_sample
from scheduler.text import many

if TYPE_CHECKING:
    from collections.abc import Callable

    from store import Experiment, Store


def verify(store: Store, experiment: Experiment, *, sample: int, say: Callable[[str], None]) -> Findings:
    """Check an experiment; nothing is changed.

    Args:
        store: the results store.
        experiment: which one.
        sample: how many repeats are trained again at most.
        say: told what is done now, where it takes long.
    """
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
