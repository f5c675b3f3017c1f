"""Exported models on the command line: those of one series, or of each of several."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scheduler.lifecycle.exporting import Trained
    from store import Experiment, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Which:
    """What is exported."""

    #: None for the best one
    configuration: str | None
    #: none for all
    series: tuple[str, ...]
    #: None for all
    repeat: int | None
    median: bool


def export_and_show(store: str | None, experiment: str, which: Which, folder: Path) -> None:
    """Write models, and say where they are."""
    from scheduler.cli.output import err, opened, shown
    from scheduler.lifecycle.chosen import choose, together_labels
    from scheduler.lifecycle.exporting import Trained
    from scheduler.lifecycle.over_splits.exporting import choose_series
    from store.commands import command

    with opened(store) as results:
        found = results.experiments.get(experiment)
        panel = choose_series(results, found, which.configuration, which.series)
        chosen = choose(results, found, which.configuration) if panel is None else None
        answer = chosen.answer if chosen is not None else next(iter(panel.notes), "") if panel is not None else ""
        if answer:
            err.print(shown(f"{answer} --configuration takes another one."))
        one_model = panel is not None and bool(together_labels(results, found, panel.cells[0]))
        if panel is not None and len(panel.cells) > 1 and not one_model:
            last = _export_each(results, found, panel.cells, which, folder)
        else:
            label = panel.cells[0] if panel else chosen.label if chosen else ""
            last = _export(Trained.of(results, found, label), which, folder)
    click.echo(f"Next: {command('predict', str(last), 'FILE')} forecasts what follows the last value in a file.")


def _export_each(store: Store, experiment: Experiment, labels: tuple[str, ...], which: Which, folder: Path) -> Path:
    """Export the model of each series to a folder of its own, and return what `predict` takes."""
    from scheduler.lifecycle.exporting import Trained
    from scheduler.lifecycle.over_splits.exporting import folders, write_names

    cells = store.experiments.cells(experiment.id)
    places = folders({label: cells[label].series for label in labels})
    last = folder
    for trained in Trained.each(store, experiment, list(places)):
        last = _export(trained, which, folder / places[trained.labels[0]])
    write_names(folder, {place: cells[label].series for label, place in places.items()})
    return folder if last.parent == folder else last


def _export(trained: Trained, which: Which, folder: Path) -> Path:
    """Export the repeats of a configuration, and return the last folder."""
    from scheduler.cli.output import err, shown
    from scheduler.cli.outputs import refuse_read
    from scheduler.lifecycle.exporting import WRITTEN, export_median, export_repeats

    for name in WRITTEN:
        refuse_read(trained.store, {f"DIR {folder}:": folder / name}, trained.experiment)
    if which.median:
        made = iter([export_median(trained, folder, which.series)])
    else:
        made = export_repeats(trained, which.repeat, folder, which.series)
    last = folder
    for written in made:
        click.echo(f"{written.folder}: {', '.join(written.files)}")
        for note in written.notes:
            err.print(shown(note))
        last = written.folder
    return last
