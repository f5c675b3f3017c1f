"""The command that holds forecasts against what has come since."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli.options import EXPERIMENT, FILE, STORE, choose_format

HEADING = "Use a model"
POSITION = 36


@click.command()
@EXPERIMENT
@click.option("--actual", type=FILE, metavar="FILE", help="CSV file with the values that have come since.")
@choose_format("table", "json")
@STORE
def score(experiment: str, actual: Path | None, form: str, store: str | None) -> None:
    """Score forecasts by what has come since they were made.

    FILE has the columns of the series, with the times that were forecast; other rows are not looked at. Its values are
    kept in the store, in the column `observed` of the view `future`. Without --actual, those of before are scored. The
    error is shown beside the baselines', which knew as much, and how many values the intervals held.
    """
    from scheduler.cli.json_output import write_json
    from scheduler.cli.output import opened, out, write_out
    from scheduler.future.known import Known
    from scheduler.future.since import score_study
    from scheduler.future.since_panel import by_forecast
    from scheduler.report.formats.since import show_each_since, since_record

    with opened(store) as results:
        named = results.experiments.get(experiment)
        found = score_study(results, named, None if actual is None else Known.read(actual))
    if form == "json":
        return write_json({"forecasts": [since_record(one) for one in found]})
    for number, each in enumerate(by_forecast(found)):
        with out.capture() as capture:
            show_each_since(each, out)
        write_out(("\n" if number else "") + capture.get())
    return None
