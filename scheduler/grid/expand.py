"""A grid as rows of the store: configurations x repeats in a fixed order, each with its seed; pure functions."""

from __future__ import annotations

import numpy as np

from scheduler.grid.grid import Grid, Point
from scheduler.series.scales import all_scales
from store.forecast_scores import Scale
from store.records import NewConfiguration, NewExperiment, NewJob
from store.schema.configuration import Configuration
from store.schema.cost import most_lanes


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
    scales = all_scales({point.label: point.configuration for point in grid.points}, series.__getitem__)
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
        configurations=tuple(_configuration(point, drawn, grid.pack, scales[point.label]) for point in grid.points),
    )


def _configuration(
    point: Point, drawn: tuple[int, ...], pack: int | None, scales: tuple[Scale, ...]
) -> NewConfiguration:
    configuration = point.configuration
    return NewConfiguration(
        label=point.label,
        axes=point.axes,
        params=configuration.canonical(),
        series_hash=configuration.series.content_hash,
        jobs=jobs(configuration, drawn, pack),
        scales=scales,
    )


def jobs(configuration: Configuration, drawn: tuple[int, ...], pack: int | None) -> tuple[NewJob, ...]:
    """Return the repeats of a configuration, one for each seed, as jobs to be stored."""
    program = configuration.program()
    most = pack or most_lanes(configuration)
    return tuple(
        NewJob(repeat=repeat, seed=seed, key=configuration.key(seed), program=program, max_pack=most)
        for repeat, seed in enumerate(drawn)
    )
