"""A forecast beyond the end of the data on the command line: trained where it is needed, printed, written, drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.text import many

if TYPE_CHECKING:
    from scheduler.lifecycle.forecasting import Asked, Wish
    from store import Experiment, Settings, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """What is shown of a forecast, and where."""

    levels: tuple[float, ...] = ()
    every: bool = False
    file: Path | None = None
    plots: Path | None = None


def forecast_and_show(
    settings: Settings, experiment: str, wish: Wish, output: Output, *, workers: int | None, wait: bool
) -> None:
    """Train what a forecast needs, and show it; on a cluster only after --wait."""
    from scheduler.cli.options import options_given
    from scheduler.cli.outcome import check_outcome
    from scheduler.cli.output import err, opened
    from scheduler.cli.outputs import refuse_read
    from scheduler.cli.training import train_there
    from scheduler.files import check_directory
    from scheduler.lifecycle.forecasting import ask
    from scheduler.report.formats.future import check_ending
    from store.commands import command

    check_directory(output.plots)
    check_directory(output.file and output.file.parent, "--output")
    check_ending(output.file)
    with opened(settings.database_url) as store:
        study = _study(store, experiment)
        known = {"the file of --future": None if wish.known is None else wish.known.path}
        refuse_read(store, {"--output": output.file}, study, also=known)
        asked = ask(store, study, wish)
        mine = asked.submitted.experiment
        total = asked.submitted.new + asked.submitted.reused
        reused = f", {asked.submitted.reused} reused" if asked.submitted.reused else ""
        err.print(f"{mine.name}: {many(total, 'repeat')}, {asked.submitted.new} new{reused}{_why(asked)}", markup=False)
        named = replace(mine, name=study.name)  # for the commands that messages suggest
        if not train_there(store, settings, named, workers=workers, wait=wait, command="forecast"):
            again = command(
                "forecast", study.name, *options_given(), "--wait", store=store.url, broker=settings.broker_url
            )
            err.print(f"Next: {again} waits for it, and shows it.", markup=False)
            return
        check_outcome(store, [mine])
        _show(store, asked, output)


def _why(asked: Asked) -> str:
    """Return why repeats are trained again, or whose are taken, where forecasts of other steps are stored."""
    if asked.submitted.new and 0 < asked.stored < asked.trained:
        return f": those that are stored forecast {many(asked.stored, 'step')}, and their weights are not kept"
    return f": those of {many(asked.trained, 'step')}" if asked.trained > asked.steps and asked.submitted.reused else ""


def _study(store: Store, experiment: str) -> Experiment:
    """Return the study that is named, or that a named forecast is of."""
    found = store.experiments.get(experiment)
    study = store.futures.study_of(found.id)
    return found if study is None else store.experiments.with_id(study)


def _show(store: Store, asked: Asked, output: Output) -> None:
    from scheduler.cli.output import err, out, write_out
    from scheduler.lifecycle.forecasting import forecast_of
    from scheduler.report.formats.future import file_content, show_future

    future = forecast_of(store, asked, output.levels or None)
    with out.capture() as capture:
        show_future(future, out, every=output.every)
    write_out(capture.get())
    if output.file is not None:
        write_out(file_content(future, output.file, every=output.every), output.file)
    if output.plots is not None:
        from scheduler.report.plots.future import save_future

        err.print(f"plot: {save_future(future, output.plots)}", markup=False)
