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
@click.option("--repeat", type=click.IntRange(0), metavar="N", help="Which repeat [default: 0].")
@click.option("--all", "every", is_flag=True, help="Write all repeats that are done, each to a folder of its own.")
@click.option("--median", is_flag=True, help="Write one model whose output is the median over all repeats'.")
@STORE
def export(
    experiment: str,
    folder: Path,
    configuration: str | None,
    repeat: int | None,
    every: bool,
    median: bool,
    store: str | None,
) -> None:
    """Write a repeat's Keras model, and a script that forecasts with it.

    DIR gets `model.keras`, which loads with plain Keras, `series.csv`, and `forecast.py`, which has the preparation
    written out and needs TensorFlow, NumPy and pandas alone. It is checked that it gives the stored forecasts. A repeat
    whose weights were not kept is trained again, to the same bits.
    """
    from scheduler.cli.output import err, opened, shown
    from scheduler.lifecycle.chosen import choose
    from scheduler.lifecycle.exporting import export_median, export_repeats
    from store.commands import command
    from store.errors import UsageError

    if (repeat is not None) + every + median > 1:
        raise UsageError("--repeat, --all and --median exclude each other: each says which repeats are exported")
    with opened(store) as results:
        found = results.experiments.get(experiment)
        chosen = choose(results, found, configuration)
        if chosen.answer:
            err.print(shown(f"{chosen.answer} --configuration takes another one."))
        if median:
            made = iter([export_median(results, found, chosen.label, folder)])
        else:
            made = export_repeats(results, found, chosen.label, None if every else repeat or 0, folder)
        for written in made:
            click.echo(f"{written.folder}: model.keras, forecast.py, series.csv")
            for note in written.notes:
                err.print(shown(note))
    last = str(written.folder)
    click.echo(f"Next: {command('predict', last, 'FILE')} forecasts what follows the last value in a file.")


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR", help="What `export` wrote.")
@click.argument("file", type=FILE, metavar="FILE", help="A CSV file in UTF-8 with the columns of series.csv.")
def predict(folder: Path, file: Path) -> None:
    """Forecast what follows the last value in a file, with an exported model.

    The rows are in order of time. Where the model sees columns that are known ahead, rows with their values, and none
    of what is forecast, follow the last value.
    """
    from scheduler.lifecycle.exporting import forecast_next

    click.echo(forecast_next(folder, file), nl=False)
