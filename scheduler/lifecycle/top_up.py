"""Top-up: plan the interim looks at an experiment, add the repeats that the next look needs, and train them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scheduler.lifecycle.chosen import check_study
from store.commands import command
from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.statistics.next_look import TopUp
    from store import Experiment, Store, Submitted

#: the minimum number of repeats at the first look; the boundaries do not hold for fewer
LEAST = 10
#: default number of repeats of a configuration at the last look
MOST = 200


def planned(store: Store, experiment: Experiment, most: int | None = None) -> Experiment:
    """Plan the interim looks at an experiment unless they are planned, and return the experiment with them.

    The first look is at the repeats of the grid. The plan may be changed until repeats are added.

    Args:
        store: the results store.
        experiment: the experiment.
        most: repeats at the last look [default: as planned, or 200].

    Raises:
        UsageError: `most` is less than the first look, or differs from the plan after repeats were added.
        StoreVersionError: another version of the numerics computed its repeats.
    """
    from scheduler.statistics.sequential import plan

    check_study(store, experiment)
    store.experiments.check_version(experiment.id)
    experiment = store.experiments.with_id(experiment.id)
    looks = experiment.looks
    if looks is not None and most in (None, looks[-1]):
        return experiment
    if looks is not None and max(_repeats(store, experiment).values()) > max(looks[0], experiment.repeats):
        raise UsageError(
            f"--max-repeats {most} differs from the {looks[-1]} repeats planned for {experiment.name}, and repeats "
            "were added since: the error rate would no longer hold. Leave --max-repeats out, or run the grid with "
            "another seed."
        )
    first, last = max(experiment.repeats, LEAST), MOST if most is None else most
    if last < first:
        raise UsageError(
            f"--max-repeats {last} is less than the {first} repeats of the first look. Give at least {first}."
        )
    return store.experiments.plan_looks(experiment.id, plan(first, last).sizes)


def look(store: Store, experiment: Experiment) -> TopUp:
    """Compare the configurations at the current look, and find those that need more repeats."""
    from scheduler.statistics.next_look import top_up
    from scheduler.statistics.over_splits.reading import read_repeats
    from scheduler.statistics.sequential import Design

    if experiment.looks is None:
        raise UsageError(
            f"{experiment.name} has no planned looks. Run {command('top-up', experiment.name, store=store.url)}."
        )
    results = read_repeats(store, experiment, rounding=True)
    return top_up(results, Design(sizes=experiment.looks), score=experiment.judged_by)


def add(store: Store, experiment: Experiment, wanted: Mapping[str, int]) -> Submitted:
    """Add repeats to configurations, with the seeds that a grid with as many repeats has.

    Args:
        store: the results store.
        experiment: the experiment.
        wanted: the total number of repeats, by configuration; of one with several splits, on each of them.
    """
    from scheduler.grid.expand import jobs, seeds
    from store.schema.reading import read_configurations

    parameters = store.experiments.parameters(experiment.id)
    drawn = seeds(experiment.seed, max(wanted.values(), default=0))
    cells = {label: cell for label, cell in store.experiments.cells(experiment.id).items() if cell.point in wanted}
    asked = read_configurations({label: parameters[label] for label in cells})
    lengths = store.series.lengths({cell.series_hash for cell in cells.values()})
    more = {
        label: jobs(asked[label], drawn[: wanted[cell.point]], experiment.pack, lengths[cell.series_hash])
        for label, cell in cells.items()
    }
    return store.experiments.extend(experiment.id, more)


def grow_as_planned(
    store: Store,
    experiment: Experiment,
    most: int | None,
    *,
    train: Callable[[], bool],
    tell: Callable[[str], None],
    looks: int | None,
) -> None:
    """Plan the looks of an experiment with several configurations, add repeats and write its conclusions.

    Raises:
        UsageError: as of `planned`.
    """
    from scheduler.lifecycle.aggregate import aggregate_finished

    if len(store.experiments.status(experiment.id).configurations) > 1:
        experiment = planned(store, experiment, most)
        store.experiments.reopen(experiment.id)
        grow(store, experiment, train=train, tell=tell, looks=looks)
        aggregate_finished(store)


def grow(
    store: Store,
    experiment: Experiment,
    *,
    train: Callable[[], bool],
    tell: Callable[[str], None],
    looks: int | None = None,
) -> TopUp | None:
    """Look, add the repeats that the next look needs and train them, until a look needs no more.

    Args:
        store: the results store.
        experiment: an experiment with planned looks.
        train: trains the waiting jobs and returns whether it could; False ends the top-up.
        tell: receives what each look found and which repeats were added.
        looks: how often to add repeats at most.

    Returns:
        What the last look found; None if repeats still wait to be trained.
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
