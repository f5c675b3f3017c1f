"""What a command says before and after training: what was recorded, what is missing, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.output import err, shown
from store.commands import command, command_line
from store.errors import TrainingError

if TYPE_CHECKING:
    from scheduler.grid.grid import Grid
    from store import Experiment, Store, Submitted


def announce(submitted: Submitted, grid: Grid, *, fresh: bool) -> Submitted:
    """Print how many jobs of a grid are new and how many are reused, its notes on files, and its warnings."""
    name = submitted.experiment.name
    if submitted.created and name != grid.name:
        other = "has other configurations or repeats, or another score or version, in this store"
        reason = "is already in this store" if fresh else other
        err.print(f"{grid.name} {reason}: this one becomes {name}{'' if fresh else ' and reuses what both have'}")
    total = submitted.new + submitted.reused
    reused = f", {submitted.reused} reused" if submitted.reused else ""
    err.print(f"{name}: {total} repeats, {submitted.new} new{reused}")
    for line in grid.notes:
        err.print(f"note: {shown(line)}")
    for line in grid.warnings:
        err.print(f"warning: {shown(line)}", style="yellow")
    return submitted


def check_outcome(store: Store, experiments: Sequence[Experiment]) -> None:
    """Check that every repeat has a result, so that the exit code tells a script whether one is missing.

    Raises:
        TrainingError: repeats failed or were cancelled.
    """
    problems = []
    for experiment in experiments:
        status, name = store.experiments.status(experiment.id), experiment.name
        if status.failed:
            why, again = (command(word, name, store=store.url) for word in ("status", "retry"))
            advice = f"{why} shows why, {again} tries again"
            problems.append(f"{status.failed} of {status.total} repeats of {name} failed: {advice}.")
        if status.cancelled:
            advice = f"{command('resume', name, store=store.url)} continues"
            problems.append(f"{status.cancelled} of {status.total} repeats of {name} were cancelled: {advice}.")
    if problems:
        raise TrainingError(" ".join(problems))


def suggest(store: Store, experiment: Experiment, plots: Path | None) -> None:
    """Print the store and the commands to try next."""
    from scheduler.lifecycle.chosen import are_together

    name = experiment.name
    several = len(store.experiments.status(experiment.id).configurations) > 1
    commands: list[tuple[str, ...]] = [("compare", name)] if several else []
    commands += [("top-up", name)] if several and _undecided(store, experiment) else []
    commands += [("report", name, "--html", f"{name}.html")]
    commands += [("report", name, "--plots", "plots")] if plots is None else []
    commands += [("plan", "grids/tune_units.yaml")] if Path("grids/tune_units.yaml").exists() else []
    together = are_together(store.experiments.parameters(experiment.id).values())
    commands += [] if together else [("forecast", name)]
    err.print(f"\nstore: {store.url}", markup=False)
    err.print("Next:")
    for words in commands:
        err.print(f"  {command_line(*words, store=store.url)}", markup=False)


def _undecided(store: Store, experiment: Experiment) -> bool:
    """Return whether more repeats may decide a pair, so that `top-up` would add some."""
    from scheduler.statistics.outcomes import Outcome
    from scheduler.statistics.splits.table import THESE

    pairs = store.results.comparisons(experiment.id)
    if "more" not in pairs:
        return False
    pairs = pairs[pairs["over"] == THESE]
    open_pairs = (pairs["outcome"] == Outcome.UNDECIDED) & pairs["more"].notna()
    return bool((open_pairs | (pairs["outcome"] == Outcome.TOO_FEW_REPEATS)).any())
