"""Commands that take a trained model out of the store, and forecast with it."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli.options import EXPERIMENT, FILE, FOLDER, STORE

HEADING = "Use a model"
POSITION = 35


@click.command()
@EXPERIMENT
@click.argument("folder", type=FOLDER, metavar="DIR", help="Where to write; it is made if missing.")
@click.option("--configuration", metavar="LABEL", help="Which configuration [default: the one with the lowest mean].")
@click.option("--series", multiple=True, metavar="NAME", help="Which series [default: all]; may be repeated.")
@click.option("--repeat", type=click.IntRange(0), metavar="N", help="Which repeat [default: 0].")
@click.option("--all", "every", is_flag=True, help="Write all repeats that are done, each to a folder of its own.")
@click.option("--median", is_flag=True, help="Write one model whose output is the median over all repeats'.")
@STORE
def export(
    experiment: str,
    folder: Path,
    configuration: str | None,
    series: tuple[str, ...],
    repeat: int | None,
    every: bool,
    median: bool,
    store: str | None,
) -> None:
    """Write a repeat's Keras model, and a script that forecasts with it.

    DIR gets `model.keras`, which loads with plain Keras, `series.csv`, and `forecast.py`, which has the preparation
    written out and needs TensorFlow, NumPy and pandas alone. It is checked that it gives the stored forecasts. A repeat
    whose weights were not kept is trained again, to the same bits. Of several series each has a folder of its own in
    DIR, with the model of its last window; one that --series names is written to DIR itself. With `panel: together` DIR
    has one model, whose script forecasts all series, or those that --series names.
    """
    from scheduler.cli.exporting import Which, export_and_show
    from store.errors import UsageError

    if (repeat is not None) + every + median > 1:
        raise UsageError("--repeat, --all and --median exclude each other: each says which repeats are exported")
    which = Which(configuration=configuration, series=series, repeat=None if every else repeat or 0, median=median)
    export_and_show(store, experiment, which, folder)


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR", help="What `export` wrote.")
@click.argument(
    "files", nargs=-1, required=True, type=FILE, metavar="FILE...", help="CSV files as series.csv, in UTF-8."
)
@click.option(
    "--steps",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="How many steps [default: all that the model forecasts].",
)
def predict(folder: Path, files: tuple[Path, ...], steps: int | None) -> None:
    """Forecast what follows the last value in a file, with an exported model.

    The rows are in order of time, their values in the units of the study; a note says where they are far from what it
    had. Where the model sees columns that are known ahead, rows with their values, and none of what is forecast, follow
    the last value. Several series are in one table. They are in one file, or each in a FILE that is called as the
    series.
    """
    from scheduler.cli.output import err, shown
    from scheduler.lifecycle.over_splits.predicting import forecast_next

    click.echo(forecast_next(folder, files, steps, say=lambda note: err.print(shown(note))), nl=False)
