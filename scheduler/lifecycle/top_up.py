"""More repeats for an experiment: when its scores are looked at, which repeats the next look needs, and their jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.statistics.sequential import TopUp
    from store import Experiment, Store, Submitted

#: repeats at the first look; with fewer, chance is not what the boundaries of the looks are made for
LEAST = 10
#: repeats of a configuration at the last look, where nobody says otherwise
MOST = 200


def planned(store: Store, experiment: Experiment, most: int | None = None) -> Experiment:
    """Fix when the scores of an experiment are looked at, or find it fixed; return the experiment with its looks.

    The first look is at the repeats of the grid. Before repeats are added the plan may be changed, and not after it.

    Args:
        store: the results store.
        experiment: which one.
        most: repeats at the last look [default: as planned, or 200].

    Raises:
        UsageError: `most` is less than the first look, or another one than was planned.
    """
    from scheduler.statistics.sequential import plan

    experiment = store.experiments.with_id(experiment.id)
    looks = experiment.looks
    if looks is not None and most in (None, looks[-1]):
        return experiment
    if looks is not None and max(_repeats(store, experiment).values()) > max(looks[0], experiment.repeats):
        raise UsageError(
            f"{experiment.name} is planned to be looked at with at most {looks[-1]} repeats, and repeats were added "
            f"since: with --max-repeats {most} the error rate would not hold. Leave --max-repeats out, or run the grid "
            "anew with another seed."
        )
    first, last = max(experiment.repeats, LEAST), MOST if most is None else most
    if last < first:
        raise UsageError(
            f"--max-repeats {last} is less than the {first} repeats of the first look. Give at least {first}."
        )
    return store.experiments.plan_looks(experiment.id, plan(first, last).sizes)


def look(store: Store, experiment: Experiment) -> TopUp:
    """Compare the configurations under the looks of their experiment, and say which need more repeats."""
    from scheduler.statistics.sequential import Design, top_up

    if experiment.looks is None:
        raise UsageError(f"Nobody planned when {experiment.name} is looked at. `scheduler top-up` does.")
    return top_up(store.results.frame(experiment.id), Design(sizes=experiment.looks))


def add(store: Store, experiment: Experiment, wanted: Mapping[str, int]) -> Submitted:
    """Add repeats to configurations, with the seeds that a grid with so many repeats would give them.

    Args:
        store: the results store.
        experiment: which one.
        wanted: how many repeats each configuration shall have in all.
    """
    from scheduler.grid.expand import jobs, seeds
    from store.schema.configuration import Configuration

    parameters = store.experiments.parameters(experiment.id)
    drawn = seeds(experiment.seed, max(wanted.values(), default=0))
    more = {
        label: jobs(Configuration.model_validate_json(parameters[label]), drawn[:count], experiment.pack)
        for label, count in wanted.items()
    }
    return store.experiments.extend(experiment.id, more)


def grow(
    store: Store,
    experiment: Experiment,
    *,
    train: Callable[[], bool],
    tell: Callable[[str], None],
    looks: int | None = None,
) -> TopUp | None:
    """Look, add the repeats that the next look needs, train them, and look again, until nothing is to be added.

    Args:
        store: the results store.
        experiment: with its looks.
        train: trains whatever waits, and returns whether it did; False ends it.
        tell: is told what was found and what is done about it.
        looks: add repeats this many times at most.

    Returns:
        What the last look found; None where repeats still wait to be trained.
    """
    added = 0
    while True:
        if store.jobs.unfinished([experiment.id]) and not train():
            return None
        found = look(store, experiment)
        tell(found.reason)
        if not found.wanted or added == looks:
            return found
        more = add(store, experiment, found.wanted)
        reused = f", {more.reused} reused" if more.reused else ""
        tell(f"{experiment.name}: {more.new + more.reused} repeats added, {more.new} new{reused}")
        added += 1


def _repeats(store: Store, experiment: Experiment) -> dict[str, int]:
    return {part.label: sum(part.counts.values()) for part in store.experiments.status(experiment.id).configurations}
