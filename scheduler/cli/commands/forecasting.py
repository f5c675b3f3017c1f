"""The command that forecasts beyond the end of the data."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli.options import BROKER, EXPERIMENT, FILE, FOLDER, FRESH, STORE, WORKERS, NonEmptyPath

HEADING = "Use a model"
POSITION = 34


@click.command()
@EXPERIMENT
@click.option("--configuration", metavar="LABEL", help="Which configuration [default: the best of the study].")
@click.option(
    "--select",
    type=click.Choice(["test", "validation"]),
    default="test",
    show_default=True,
    help="Which rows choose the best configuration.",
)
@click.option(
    "--steps",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="How many steps [default: 12, or the model's horizon if that is longer].",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    type=click.FloatRange(0, 100, min_open=True, max_open=True),
    metavar="PERCENT",
    help="Level of the intervals; may be repeated [default: 80, or those of a quantile loss].",
)
@click.option(
    "--repeats", type=click.IntRange(1), metavar="N", help="How many repeats [default: as many as the study has]."
)
@click.option(
    "--future",
    "known",
    type=NonEmptyPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV file with the values of columns that are known ahead.",
)
@click.option("--series", multiple=True, metavar="NAME", help="Which series [default: all]; may be repeated.")
@click.option("--repeats-too", is_flag=True, help="Show the forecasts of single repeats, too.")
@click.option("--output", type=FILE, metavar="FILE", help="Write the forecast to this .csv, .parquet or .json file.")
@click.option("--plots", type=FOLDER, metavar="DIR", help="Save a picture in this folder, as PNG.")
@STORE
@WORKERS
@BROKER
@click.option("--wait", is_flag=True, help="With a broker: wait for the results.")
@FRESH
def forecast(
    experiment: str,
    configuration: str | None,
    select: str,
    steps: int | None,
    levels: tuple[float, ...],
    repeats: int | None,
    known: Path | None,
    series: tuple[str, ...],
    repeats_too: bool,
    output: Path | None,
    plots: Path | None,
    store: str | None,
    workers: int | None,
    broker: str | None,
    wait: bool,
    fresh: bool,
) -> None:
    """Forecast beyond the end of the data.

    The best configuration is trained on all rows, as often as the study trained it, and the median of all repeats is
    the forecast. Of several series each has a model of its own, or one model is that of all as in the study; all are
    in one table. Repeats that the store has are reused. With a broker, the workers of the cluster train them.
    """
    from scheduler.cli.forecasting import Output, forecast_and_show
    from scheduler.future.known import Known
    from scheduler.lifecycle.forecasting import Wish
    from store import Settings

    settings = Settings.from_env(store=store, broker=broker)
    wish = Wish(
        configuration=configuration,
        steps=steps,
        repeats=repeats,
        select="validation" if select == "validation" else "test",
        levels=levels or None,
        known=None if known is None else Known.read(known),
        series=series,
        fresh=fresh,
    )
    shown = Output(levels=levels, every=repeats_too, file=output, plots=plots)
    forecast_and_show(settings, experiment, wish, shown, workers=workers, wait=wait)
