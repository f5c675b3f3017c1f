"""What a run would do with a grid, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.grid.expand import expand
from scheduler.lifecycle.baseline_cache import Asked
from scheduler.lifecycle.estimate import baseline_seconds, readable, wall_seconds
from scheduler.lifecycle.seasons import with_own_seasons
from scheduler.text import many, printable, size
from store import StoreUnreachable, open_store
from store.delivery.packs import packs
from store.records import Waiting

if TYPE_CHECKING:
    from scheduler.grid.grid import Grid
    from store import NewExperiment

#: configurations listed; the rest is counted
LISTED = 12
#: of a weight in the store
BYTES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a run would do with one grid."""

    #: from the grid file
    name: str
    #: the name of its experiment in the store, and whether that exists
    experiment: str
    there: bool
    labels: tuple[str, ...]
    #: of a configuration; where they have different numbers of splits, the most
    splits: int
    repeats: int
    jobs: int
    #: jobs that the store already has, with or without a result
    reused: int
    packs: int
    programs: int
    seconds: float
    #: to compute the baselines, beside the training
    baseline_seconds: float
    workers: int
    #: bytes of the new results in the store, about
    stored: int
    #: of what is kept of the new jobs' models: of the largest, and of all; 0 where nothing is kept
    largest_weights: int
    weights: int
    #: what is accepted but looks wrong
    warnings: tuple[str, ...]
    #: what was understood of the series' files
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the plan as lines for people."""
        shown = [printable(label) for label in self.labels[:LISTED]]
        if len(self.labels) > LISTED:
            shown.append(f"and {len(self.labels) - LISTED:,} more (--format json lists all)")
        new = self.jobs - self.reused
        many = "s" if self.workers != 1 else ""
        programs = f"{self.programs:,} program{'s' if self.programs != 1 else ''}"
        lines = [
            self.name,
            f"  experiment      {self._experiment()}",
            f"  configurations  {len(self.labels):,}: {'; '.join(shown)}",
            *([self._on_splits()] if self.splits > 1 else []),
            f"  jobs            {self.jobs:,}: {new:,} new, {self.reused:,} reused",
            f"  packs           {self.packs:,}, of {programs} to compile",
            f"  time            about {readable(self.seconds)} on {self.workers} worker{many} like these"
            if new
            else "  time            nothing to train",
            *([f"  baselines       about {readable(self.baseline_seconds)}, beside the training"] if new else []),
            *([f"  store           about {size(self.stored)} more"] if self.splits > 1 and new else []),
            *([self._kept(new)] if self.weights else []),
        ]
        lines += [f"  note            {printable(line)}" for line in self.notes]
        lines += [f"  warning         {printable(line)}" for line in self.warnings]
        return "\n".join(lines)

    def as_record(self) -> dict[str, object]:
        """Return the plan for JSON; docs/commands.md describes the keys."""
        return {
            "name": self.name,
            "experiment": self.experiment,
            "exists": self.there,
            "configurations": list(self.labels),
            "splits": self.splits,
            "repeats": self.repeats,
            "jobs": self.jobs,
            "new": self.jobs - self.reused,
            "reused": self.reused,
            "packs": self.packs,
            "programs": self.programs,
            "seconds": round(self.seconds, 1),
            "baseline_seconds": round(self.baseline_seconds, 1),
            "workers": self.workers,
            "store_bytes": self.stored,
            "weight_bytes": self.weights,
            "notes": list(self.notes),
            "warnings": list(self.warnings),
        }

    def _on_splits(self) -> str:
        """Describe how many splits there are, and what they make of the configurations."""
        whole = len(self.labels) * self.splits * self.repeats == self.jobs
        product = f"{many(len(self.labels), 'configuration')} x {self.splits:,} splits x {many(self.repeats, 'repeat')}"
        return f"  splits          {self.splits:,}" + (f": {product} = {self.jobs:,} jobs" if whole else " at most")

    def _kept(self, jobs: int) -> str:
        """Describe how large the weights are that are kept."""
        each = "each" if self.weights == self.largest_weights * jobs else "at most"
        return f"  weights         {size(self.weights)} in the store, {each} {size(self.largest_weights)} a repeat"

    def _experiment(self) -> str:
        """Describe the experiment that the grid is in the store, or becomes."""
        if self.there:
            return f"{self.experiment}, which exists"
        if self.experiment == self.name:
            return "new"
        without = ", or keeps no weights" if self.weights else ""
        other = "has other configurations or repeats, or another score or version"
        return f"{self.experiment}, new: {self.name} {other}{without}"


def plan_grid(grid: Grid, url: str, *, workers: int) -> Plan:
    """Count what `run` would do with a grid and the store at `url`, which is only read and need not exist."""
    experiment = expand(grid)
    jobs = [job for configuration in experiment.configurations for job in configuration.jobs]
    known, name, there = _found(url, experiment, grid)
    seconds: dict[str, float] = defaultdict(float)
    waiting: list[Waiting] = []
    kept: list[int] = []
    stored = 0
    for configuration in experiment.configurations:
        each, before = grid.seconds(configuration), len(waiting)
        for job in configuration.jobs:
            if job.key not in known:
                seconds[job.program] += each
                waiting.append(Waiting(id=len(waiting), program=job.program, queue="", pack_limit=job.max_pack))
        if len(waiting) > before:
            stored += grid.stored_bytes(configuration) * (len(waiting) - before)
        if grid.keeps_weights:
            kept += [BYTES * grid.weights(configuration)] * (len(waiting) - before)
    asked = {one.key: one.split for cell in grid.cells() if (one := Asked.of(cell.configuration)) is not None}
    baselines = baseline_seconds((len(split.columns), split.test) for split in asked.values())
    return Plan(
        name=grid.name,
        experiment=name,
        there=there,
        labels=tuple(point.label for point in grid.points),
        splits=max(len(point.cells) for point in grid.points),
        repeats=grid.repeats,
        jobs=len(jobs),
        reused=len(jobs) - len(waiting),
        packs=sum(1 for _ in packs(waiting)),
        programs=len(seconds),
        seconds=max(wall_seconds(seconds, workers), baselines) if seconds else 0.0,
        baseline_seconds=baselines,
        workers=workers,
        stored=stored,
        largest_weights=max(kept, default=0),
        weights=sum(kept),
        notes=grid.notes,
        warnings=grid.warnings,
    )


def _found(url: str, experiment: NewExperiment, grid: Grid) -> tuple[set[str], str, bool]:
    """Return the keys that the store has, the name of the experiment in it, and whether it exists."""
    try:
        store = open_store(url)
    except StoreUnreachable:
        return set(), experiment.name, False
    with store:
        keys = [job.key for one in experiment.configurations for job in one.jobs]
        known = store.jobs.known(keys, with_weights=experiment.keeps_weights)
        return known, *store.experiments.planned_name(with_own_seasons(store, experiment, grid.series_data()))
