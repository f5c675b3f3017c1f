"""Trained repeats as Keras models: made by the worker's package, which is found by its entry point."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.files import replacing
from scheduler.lifecycle.chosen import MOST_NAMED, choose, refuse_together
from scheduler.statistics.ensembles.combine import median
from scheduler.text import first_line, many
from store import NotFound, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from store import Experiment, Series, Store
    from store.records import Float32s, Float64s

#: what an installed package offers: `model` and `export` of `worker.engine.exporting.keras_model`
GROUP = "repeats.exporting"
#: what forecasts with an exported model, and of several series the names by their folders
SCRIPT, NAMES = "forecast.py", "series.json"
#: the files of an exported model
WRITTEN = ("model.keras", SCRIPT, "series.csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A repeat that is done, with all that decides its model."""

    store: Store
    experiment: Experiment
    label: str
    number: int
    params: str
    seed: int
    series: Series

    @classmethod
    def of(cls, store: Store, experiment: Experiment, label: str | None, number: int) -> Repeat:
        """Find a repeat.

        Raises:
            UsageError: no configuration is named, and the study does not put one first.
            NotFound: there is no such configuration or repeat, or it has no result.
        """
        label = choose(store, experiment, label, several=label is not None).label
        params = store.experiments.parameters(experiment.id)
        refuse_together(experiment, [params[label]])
        rows = store.results.frame(experiment.id, ["configuration", "repeat", "seed", "state", "diverged"])
        mine = rows[(rows["configuration"] == label) & (rows["repeat"] == number)]
        usable = _usable(rows, label)
        if mine.empty or mine["state"].item() != "done":
            raise NotFound(f"{label} of {experiment.name} has no result of a repeat {number}{_others(usable)}")
        if mine["diverged"].item():
            raise NotFound(f"repeat {number} of {label} diverged: it forecasts nothing{_others(usable)}")
        series = _series_of(store, params[label])
        seed = int(mine["seed"].item())
        return cls(
            store=store,
            experiment=experiment,
            label=label,
            number=number,
            params=params[label],
            seed=seed,
            series=series,
        )

    @property
    def weights(self) -> dict[str, Float32s] | None:
        """What was kept; None where it is trained again."""
        return self.store.results.weights(self.experiment.id, self.label, self.number)

    def model(self) -> Any:
        """Return the Keras model."""
        return _offered("model")(self.params, [(self.seed, self.weights)], self.series)

    @property
    def stored(self) -> Float64s:
        """What it has forecast."""
        (found,) = self.store.results.forecasts(self.experiment.id, [self.label]).values()
        forecasts: Float64s = found.forecast[int(np.flatnonzero(found.repeats == self.number)[0])]
        return forecasts


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    #: what the user should know of it, one line each
    notes: tuple[str, ...] = ()


def export_repeats(
    store: Store, experiment: Experiment, label: str | None, number: int | None, folder: Path
) -> Iterator[Exported]:
    """Export a repeat, or with None all that have a result, and yield where each is."""
    if number is not None:
        yield _written([Repeat.of(store, experiment, label, number)], folder)
        return
    label, usable = _all_usable(store, experiment, label)
    for each in usable:
        yield _written([Repeat.of(store, experiment, label, each)], folder / f"repeat-{each}")


def export_median(store: Store, experiment: Experiment, label: str | None, folder: Path) -> Exported:
    """Export one model whose output is the median over all repeats that have a result."""
    label, usable = _all_usable(store, experiment, label)
    return _written([Repeat.of(store, experiment, label, each) for each in usable], folder)


def _all_usable(store: Store, experiment: Experiment, label: str | None) -> tuple[str, list[int]]:
    """Return the configuration, and its repeats that forecast something.

    Raises:
        NotFound: there is none.
    """
    label = choose(store, experiment, label, several=label is not None).label
    usable = _usable(store.results.frame(experiment.id, ["configuration", "repeat", "state", "diverged"]), label)
    if not usable:
        raise NotFound(f"{label} of {experiment.name} has no repeat that forecasts anything yet")
    return label, usable


def _written(repeats: Sequence[Repeat], folder: Path) -> Exported:
    """Write the model of repeats and its script; nothing where it is refused.

    Raises:
        UsageError: something of the configuration is not written out, or the folder is a file.
    """
    first = repeats[0]
    which = f"repeat {first.number}" if len(repeats) == 1 else f"the median of {len(repeats)} repeats"
    title = f"Forecasts of {which} of {first.label}, of the experiment {first.experiment.name}."
    stored = first.stored if len(repeats) == 1 else median(np.stack([one.stored for one in repeats]))
    trained = [(one.seed, one.weights) for one in repeats]
    export, file = _offered("export"), _file_of(first)
    try:
        with replacing(folder) as place:
            notes = export(first.params, trained, first.series, stored=stored, title=title, folder=place, file=file)
    except ValueError as problem:
        why = first_line(str(problem))
        raise UsageError(f"{first.label} of {first.experiment.name} is not exported: {why}") from None
    return Exported(folder=folder, notes=notes)


def _file_of(repeat: Repeat) -> dict[str, str | int | None]:
    """Return how the file of a repeat's series was read, as far as a script can do the same."""
    from scheduler.future.source import Source
    from scheduler.series.season import seasons_of
    from store.schema.configuration import Configuration

    source, series = Source.of(repeat.experiment.grid_text), repeat.series
    seasons = seasons_of(series, Configuration.model_validate_json(repeat.params).series.season)
    alone = len(source.marks_in) == 1
    return {
        "time": source.time,
        "format": source.form,
        "id": source.marks_in[0] if alone else None,
        "keep": source.mark_of(series.name) if alone else None,
        "freq": _frequency(series.times),
        "fill": source.fill,
        "season": min((one for one in seasons if one > 1), default=1),
    }


def _frequency(stamps: Sequence[str]) -> str | None:
    """Return the frequency of times as pandas calls it; None where they are uneven, no dates, or have offsets."""
    import pandas as pd

    times = pd.to_datetime(pd.Series(stamps, dtype=object), format="ISO8601", errors="coerce", utc=True)
    if len(times) < 3 or times.isna().any() or not times.is_monotonic_increasing or pd.Timestamp(stamps[0]).tzinfo:
        return None
    return pd.infer_freq(pd.DatetimeIndex(times.dt.tz_localize(None)))


def _usable(rows: pd.DataFrame, label: str) -> list[int]:
    """List the repeats of a configuration that have a result and did not diverge."""
    done = rows[(rows["configuration"] == label) & (rows["state"] == "done")]
    return sorted(map(int, done["repeat"][~done["diverged"].astype(bool)]))


def _others(usable: list[int]) -> str:
    """Return which repeats can be taken, for the end of a message."""
    shown = [*map(str, usable[:MOST_NAMED]), *(["..."] if len(usable) > MOST_NAMED else [])]
    return f"; repeats to take: {', '.join(shown)}" if usable else ""


def forecast_next(folder: Path, file: Path, steps: int | None = None) -> str:
    """Run the script of an exported model on a file; of a folder with several series those of all, as one table.

    Args:
        folder: what was exported.
        file: the observations.
        steps: how many; None for all that the model forecasts.

    Raises:
        UsageError: the folder has no such script, there is no such file, the script refuses it, or the model does not
            forecast so many steps.
    """
    names = {} if (folder / SCRIPT).exists() else exported_series(folder)
    if not names and not (folder / SCRIPT).exists():
        raise UsageError(f"{folder} has no {SCRIPT}; `scheduler export EXPERIMENT {folder}` writes it")
    if not file.is_file():
        places = ", ".join(str(folder / one / "series.csv") for one in list(names)[:1] or [""])
        raise UsageError(f"{file} is no file; name a CSV file with the columns of {places}")
    if not names:
        return _lines(_first_steps(_run(folder / SCRIPT, file), steps))
    tables: list[list[str]] = []
    for one, name in names.items():
        try:
            head, *rows = _first_steps(_run(folder / one / SCRIPT, file), steps)
        except UsageError as problem:
            raise UsageError(f"{name}: {problem}") from None
        tables += [*([] if tables else [["series", *head]]), *([name, *row] for row in rows)]
    return _lines(tables)


def _lines(table: Sequence[Sequence[str]]) -> str:
    whole = io.StringIO()
    csv.writer(whole, lineterminator="\n").writerows(table)
    return whole.getvalue()


def _first_steps(table: str, steps: int | None) -> list[list[str]]:
    """Return the rows of a table of time, step, target and forecast, with its header, of the first steps.

    Raises:
        UsageError: there are fewer.
    """
    head, *rows = csv.reader(io.StringIO(table))
    most = max((int(row[1]) for row in rows), default=0)
    if steps is not None and steps > most:
        raise UsageError(
            f"the model forecasts {many(most, 'step')} at once, and --steps is {steps}: leave it out, or go further by "
            f"`scheduler forecast EXPERIMENT --steps {steps}`, which trains on all rows"
        )
    return [head, *(row for row in rows if steps is None or int(row[1]) <= steps)]


def exported_series(folder: Path) -> dict[str, str]:
    """Return the series that `export` has written to a folder, by their own folders; none where it was one."""
    import json

    path = folder / NAMES
    if not path.is_file():
        return {}
    given = json.loads(path.read_text(encoding="utf-8"))
    return {one: name for one, name in given.items() if (folder / one / SCRIPT).exists()}


def _run(script: Path, file: Path) -> str:
    """Run the script of one model.

    Raises:
        UsageError: it refuses the file.
    """
    done = subprocess.run(
        [sys.executable, str(script), str(file), "--next"], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise UsageError((done.stderr.strip().splitlines() or [f"{SCRIPT} failed."])[-1])
    return done.stdout


def _series_of(store: Store, params: str) -> Series:
    """Return the series of a configuration, by the name that it has there."""
    from store.schema.configuration import Configuration

    own = Configuration.model_validate_json(params).series
    return replace(store.series.get(own.content_hash), name=own.name)


def _offered(name: str) -> Any:
    """Return a function of the worker's package, which loads TensorFlow.

    Raises:
        UsageError: no installed package offers it.
    """
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise UsageError("No installed package exports models: install repeats again, with `pip install .` or `make setup`")
