"""What a run would do with a grid: counted, estimated, and written nowhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.grid.expand import expand
from scheduler.lifecycle.estimate import readable, wall_seconds
from scheduler.text import printable
from store import StoreUnreachable, open_store
from store.delivery.packs import packs
from store.records import Waiting

if TYPE_CHECKING:
    from scheduler.grid.grid import Grid
    from store import NewExperiment

#: configurations listed; the rest are counted
LISTED = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The answer of `scheduler plan` for one grid."""

    #: in the grid file
    name: str
    #: what its experiment is called in the store, and whether it is there already
    experiment: str
    there: bool
    labels: tuple[str, ...]
    jobs: int
    #: jobs whose results, or whose training, the store has already
    reused: int
    packs: int
    programs: int
    seconds: float
    workers: int

    def __str__(self) -> str:
        """Write it as lines for people."""
        shown = [printable(label) for label in self.labels[:LISTED]]
        if len(self.labels) > LISTED:
            shown.append(f"and {len(self.labels) - LISTED:,} more")
        new = self.jobs - self.reused
        many = "s" if self.workers != 1 else ""
        programs = f"{self.programs:,} program{'s' if self.programs != 1 else ''}"
        lines = [
            self.name,
            f"  experiment      {self._experiment()}",
            f"  configurations  {len(self.labels):,}: {'; '.join(shown)}",
            f"  jobs            {self.jobs:,}: {new:,} new, {self.reused:,} reused",
            f"  packs           {self.packs:,}, of {programs} to compile",
            f"  time            about {readable(self.seconds)} on {self.workers} worker{many} like these"
            if new
            else "  time            nothing to train",
        ]
        return "\n".join(lines)

    def _experiment(self) -> str:
        """Say which experiment of the store it is, or becomes."""
        if self.there:
            return f"{self.experiment}, which is there"
        if self.experiment == self.name:
            return "a new one"
        return f"{self.experiment}, a new one: {self.name} has other configurations or repeats"


def plan_grid(grid: Grid, url: str, *, workers: int) -> Plan:
    """Count what `run` would do with a grid, given the store at `url`, which is only read and may be missing."""
    experiment = expand(grid)
    jobs = [job for configuration in experiment.configurations for job in configuration.jobs]
    known, name, there = _found(url, experiment)
    seconds: dict[str, float] = defaultdict(float)
    waiting: list[Waiting] = []
    for configuration in experiment.configurations:
        each = grid.seconds(configuration)
        for job in configuration.jobs:
            if job.key not in known:
                seconds[job.program] += each
                waiting.append(Waiting(id=len(waiting), program=job.program, queue="", pack_limit=job.max_pack))
    return Plan(
        name=grid.name,
        experiment=name,
        there=there,
        labels=tuple(configuration.label for configuration in experiment.configurations),
        jobs=len(jobs),
        reused=len(jobs) - len(waiting),
        packs=sum(1 for _ in packs(waiting)),
        programs=len(seconds),
        seconds=wall_seconds(seconds, workers),
        workers=workers,
    )


def _found(url: str, experiment: NewExperiment) -> tuple[set[str], str, bool]:
    """Return the keys that the store has, and the name of the experiment in it; there may be no store yet."""
    try:
        store = open_store(url)
    except StoreUnreachable:
        return set(), experiment.name, False
    with store:
        known = store.jobs.known([job.key for one in experiment.configurations for job in one.jobs])
        return known, *store.experiments.destined(experiment)
