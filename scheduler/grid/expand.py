"""A grid as rows of the store: configurations x splits x repeats in a fixed order, each with its seed; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from scheduler.grid.grid import Grid
from scheduler.grid.splits.labels import Cell
from scheduler.series.scales import all_scales
from store.delivery.packs import WHOLE
from store.records import NewConfiguration, NewExperiment, NewJob
from store.schema.configuration import Configuration
from store.schema.cost import most_lanes, sizes_apart, trainings_together


def seeds(seed: int, repeats: int) -> tuple[int, ...]:
    """Return the seeds of the repeats: the same for every configuration, so that repeats can be paired.

    Repeat r has the r-th child of the grid's seed, as an integer from 0 to below 2^63; more repeats change none before.
    """
    children = (np.random.SeedSequence(seed, spawn_key=(repeat,)) for repeat in range(repeats))
    return tuple(int(child.generate_state(1, np.uint64)[0] >> np.uint64(1)) for child in children)


def expand(grid: Grid, *, git_commit: str | None = None) -> NewExperiment:
    """Return a grid as an experiment to be stored."""
    drawn = seeds(grid.seed, grid.repeats)
    series = {one.content_hash: one for one in grid.series_data()}
    cells, axes = list(grid.cells()), {point.label: point.axes for point in grid.points}
    scales = all_scales({cell.label: cell.configuration for cell in cells}, series.__getitem__)
    known = {key: len(one.values) for key, one in series.items()}
    return NewExperiment(
        name=grid.name,
        description=grid.description,
        grid_text=grid.text,
        grid_file=grid.file,
        repeats=grid.repeats,
        seed=grid.seed,
        queue=grid.queue,
        pack=grid.pack,
        max_attempts=grid.max_attempts,
        score=grid.score,
        git_commit=git_commit,
        series_notes=grid.notes,
        keeps_weights=grid.keeps_weights,
        configurations=tuple(
            replace(
                _configuration(cell, drawn, grid.pack, known[cell.configuration.series.content_hash]),
                axes=axes[cell.point],
                scales=scales[cell.label],
            )
            for cell in cells
        ),
    )


def _configuration(cell: Cell, drawn: tuple[int, ...], pack: int | None, observations: int) -> NewConfiguration:
    configuration = cell.configuration
    return NewConfiguration(
        label=cell.label,
        point=cell.point,
        axes={},
        params=configuration.canonical(),
        series_hash=configuration.series.content_hash,
        jobs=jobs(configuration, drawn, pack, observations),
    )


def jobs(
    configuration: Configuration, drawn: tuple[int, ...], pack: int | None, observations: int = 0
) -> tuple[NewJob, ...]:
    """Return the repeats of a configuration on a split, one for each seed, as jobs to be stored.

    Args:
        configuration: on the split.
        drawn: the seeds.
        pack: most jobs of a pack; None for what the size of the model suggests.
        observations: of its series; not needed where the configuration has one split.
    """
    if configuration.panel is not None:
        return tuple(_together(configuration, configuration.panel.forecast, drawn, pack))
    program = configuration.program(sizes_apart(configuration, observations))
    most = pack or most_lanes(configuration)
    return tuple(
        NewJob(repeat=repeat, seed=seed, key=configuration.key(seed), program=program, max_pack=most)
        for repeat, seed in enumerate(drawn)
    )


def _together(configuration: Configuration, results: int, drawn: tuple[int, ...], pack: int | None) -> Iterator[NewJob]:
    """Yield the repeats of one series of a panel: packs have all results of some trainings."""
    program, size = configuration.program(), trainings_together(configuration, pack)
    for repeat, seed in enumerate(drawn):
        key, name = configuration.key(seed), f"{WHOLE}{program} {repeat // size}"
        yield NewJob(repeat=repeat, seed=seed, key=key, program=name, max_pack=size * results)
