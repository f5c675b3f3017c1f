"""Trained repeats as Keras models: made by the worker's package, which is found by its entry point."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.files import replacing
from scheduler.lifecycle.chosen import MOST_NAMED, choose, together_labels
from scheduler.lifecycle.over_splits.model_series import file_of, files_of, read_series
from scheduler.statistics.ensembles.combine import median
from scheduler.text import first_line, many
from store import NotFound, Series, UsageError
from store.preparation.panels import Together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from store import Experiment, Store
    from store.records import Float32s, Float64s

#: what an installed package offers: `model` and `export` of `worker.engine.exporting.keras_model`
GROUP = "repeats.exporting"
#: what forecasts with an exported model, and of several series the names by their folders
SCRIPT, NAMES = "forecast.py", "series.json"
#: the files of an exported model
WRITTEN = ("model.keras", SCRIPT, "series.csv")
#: before what a script says of the files
NOTE = "Note: "


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A repeat that is done, with all that decides its model."""

    store: Store
    experiment: Experiment
    label: str
    number: int
    params: str
    seed: int
    #: all of those that it is trained on together
    series: Series | Together
    #: the label of each series that it forecasts, by the name of the series
    labels: Mapping[str, str]

    @classmethod
    def of(cls, store: Store, experiment: Experiment, label: str | None, number: int) -> Repeat:
        """Find a repeat.

        Raises:
            UsageError: no configuration is named, and the study does not put one first.
            NotFound: there is no such configuration or repeat, or it has no result.
        """
        return cls._of(store, experiment, _labels(store, experiment, label), number)

    @classmethod
    def _of(cls, store: Store, experiment: Experiment, labels: Sequence[str], number: int) -> Repeat:
        label = labels[0]
        rows = store.results.frame(experiment.id, ["configuration", "repeat", "seed", "state", "diverged"])
        mine = rows[rows["configuration"].isin(labels) & (rows["repeat"] == number)]
        usable = _usable(rows, labels)
        if mine.empty or (mine["state"] != "done").any():
            raise NotFound(f"{label} of {experiment.name} has no result of a repeat {number}{_others(usable)}")
        if mine["diverged"].any():
            raise NotFound(f"repeat {number} of {label} diverged: it forecasts nothing{_others(usable)}")
        params = store.experiments.parameters(experiment.id, labels)
        series, named = read_series(store, params)
        return cls(
            store=store,
            experiment=experiment,
            label=label,
            number=number,
            params=params[label],
            seed=int(mine["seed"].iloc[0]),
            series=series,
            labels=named,
        )

    @property
    def name(self) -> str:
        """The label, without the series where the model is of several."""
        return self.label if isinstance(self.series, Series) else self.label.partition(" @ ")[0]

    @property
    def weights(self) -> dict[str, Float32s] | None:
        """What was kept; None where it is trained again."""
        return self.store.results.weights(self.experiment.id, self.label, self.number)

    def model(self) -> Any:
        """Return the Keras model."""
        return _offered("model")(self.params, [(self.seed, self.weights)], self.series)

    @property
    def stored(self) -> dict[str, Float64s]:
        """What it has forecast, by the names of its series."""
        found = self.store.results.forecasts(self.experiment.id, list(self.labels.values()))
        return {
            name: found[label].forecast[int(np.flatnonzero(found[label].repeats == self.number)[0])]
            for name, label in self.labels.items()
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    #: their names
    files: tuple[str, ...]
    #: what the user should know of them, one line each
    notes: tuple[str, ...] = ()


def export_repeats(
    store: Store, experiment: Experiment, label: str | None, number: int | None, folder: Path, keep: Sequence[str] = ()
) -> Iterator[Exported]:
    """Export a repeat, or with None all that have a result, and yield where each is.

    Args:
        store: the results store.
        experiment: whose.
        label: the configuration; None for the best one.
        number: of the repeat.
        folder: where, or below which each repeat has a folder.
        keep: of a model of several series those that its script forecasts; none for all.
    """
    labels = _labels(store, experiment, label)
    if number is not None:
        yield _written([Repeat._of(store, experiment, labels, number)], folder, keep)
        return
    for each in _all_usable(store, experiment, labels):
        yield _written([Repeat._of(store, experiment, labels, each)], folder / f"repeat-{each}", keep)


def export_median(
    store: Store, experiment: Experiment, label: str | None, folder: Path, keep: Sequence[str] = ()
) -> Exported:
    """Export one model whose output is the median over all repeats that have a result; `keep` as for others."""
    labels = _labels(store, experiment, label)
    usable = _all_usable(store, experiment, labels)
    return _written([Repeat._of(store, experiment, labels, each) for each in usable], folder, keep)


def _labels(store: Store, experiment: Experiment, label: str | None) -> tuple[str, ...]:
    """Return the label of a configuration with a model, or those of all series that have the same one.

    Raises:
        UsageError: no configuration is named, and the study does not put one first.
        NotFound: there is no such configuration.
    """
    if label is not None and (found := together_labels(store, experiment, label)):
        return found
    label = choose(store, experiment, label, several=label is not None).label
    return together_labels(store, experiment, label) or (label,)


def _all_usable(store: Store, experiment: Experiment, labels: Sequence[str]) -> list[int]:
    """Return the repeats that forecast something.

    Raises:
        NotFound: there is none.
    """
    usable = _usable(store.results.frame(experiment.id, ["configuration", "repeat", "state", "diverged"]), labels)
    if not usable:
        raise NotFound(f"{labels[0]} of {experiment.name} has no repeat that forecasts anything yet")
    return usable


def _written(repeats: Sequence[Repeat], folder: Path, keep: Sequence[str]) -> Exported:
    """Write the model of repeats and its script; nothing where it is refused.

    Raises:
        UsageError: something of the configuration is not written out, or the folder is a file.
    """
    first = repeats[0]
    which = f"repeat {first.number}" if len(repeats) == 1 else f"the median of {len(repeats)} repeats"
    title = f"Forecasts of {which} of {first.name}, of the experiment {first.experiment.name}."
    trained, export = [(one.seed, one.weights) for one in repeats], _offered("export")
    how: dict[str, Any] = {"stored": _medians([one.stored for one in repeats])}
    if isinstance(first.series, Together):
        how |= {"file": files_of(first.experiment, first.params, first.series), "keep": keep}
    else:
        how |= {"file": file_of(first.experiment, first.params, first.series)}
    try:
        with replacing(folder) as place:
            notes = export(first.params, trained, first.series, title=title, folder=place, **how)
    except ValueError as problem:
        why = first_line(str(problem))
        raise UsageError(f"{first.name} of {first.experiment.name} is not exported: {why}") from None
    files = ["model.keras", "forecast.py", "series.csv", *(["preparation.json"] * isinstance(first.series, Together))]
    return Exported(folder=folder, notes=notes, files=tuple(files))


def _medians(each: Sequence[Mapping[str, Float64s]]) -> dict[str, Float64s]:
    """Return the medians of what repeats have forecast, by the names of their series."""
    if len(each) == 1:
        return dict(each[0])
    return {name: median(np.stack([one[name] for one in each])) for name in each[0]}


def _usable(rows: pd.DataFrame, labels: Sequence[str]) -> list[int]:
    """List the repeats that have a result of each of some labels, and did not diverge."""
    mine = rows[rows["configuration"].isin(labels)]
    usable = (mine["state"] == "done") & (mine["diverged"] == False)  # noqa: E712
    return sorted(map(int, usable.groupby(mine["repeat"]).all().loc[lambda all_of: all_of].index))


def _others(usable: list[int]) -> str:
    """Return which repeats can be taken, for the end of a message."""
    shown = [*map(str, usable[:MOST_NAMED]), *(["..."] if len(usable) > MOST_NAMED else [])]
    return f"; repeats to take: {', '.join(shown)}" if usable else ""


def forecast_next(
    folder: Path, files: Sequence[Path], steps: int | None = None, say: Callable[[str], None] = lambda note: None
) -> str:
    """Run the script of an exported model on files; of a folder with several series those of all, as one table.

    Args:
        folder: what was exported.
        files: the observations; of models apart each takes the file that is called as its series, or the only one.
        steps: how many; None for all that the model forecasts.
        say: is called with notes of the script.

    Raises:
        UsageError: the folder has no such script, there is no such file, the script refuses it, or the model does not
            forecast so many steps.
    """
    alone = (folder / SCRIPT).exists()
    names = {} if alone else exported_series(folder)
    if not names and not alone:
        raise UsageError(f"{folder} has no {SCRIPT}; `scheduler export EXPERIMENT {folder}` writes it")
    for file in files:
        if not file.is_file():
            places = ", ".join(str(folder / one / "series.csv") for one in list(names)[:1] or [""])
            raise UsageError(f"{file} is no file; name a CSV file with the columns of {places}")
    if not names:
        return _lines(_first_steps(_run(folder / SCRIPT, files, say), steps))
    tables: list[list[str]] = []
    for one, name in names.items():
        try:
            head, *rows = _first_steps(_run(folder / one / SCRIPT, [_file_for(name, files)], say), steps)
        except UsageError as problem:
            raise UsageError(f"{name}: {problem}") from None
        tables += [*([] if tables else [["series", *head]]), *([name, *row] for row in rows)]
    return _lines(tables)


def _lines(table: Sequence[Sequence[str]]) -> str:
    whole = io.StringIO()
    csv.writer(whole, lineterminator="\n").writerows(table)
    return whole.getvalue()


def _first_steps(table: str, steps: int | None) -> list[list[str]]:
    """Return the rows of a table of step and others, with its header, of the first steps.

    Raises:
        UsageError: there are fewer.
    """
    head, *rows = csv.reader(io.StringIO(table))
    place = head.index("step")
    most = max((int(row[place]) for row in rows), default=0)
    if steps is not None and steps > most:
        raise UsageError(
            f"the model forecasts {many(most, 'step')} at once, and --steps is {steps}: leave it out, or go further by "
            f"`scheduler forecast EXPERIMENT --steps {steps}`, which trains on all rows"
        )
    return [head, *(row for row in rows if steps is None or int(row[place]) <= steps)]


def _file_for(series: str, files: Sequence[Path]) -> Path:
    """Return the file of a series: the only one, or that which is called as the series.

    Raises:
        UsageError: there are several, and none is.
    """
    own = [file for file in files if len(files) == 1 or file.stem == series]
    if not own:
        raise UsageError(f"none of the {len(files)} files is called as the series, such as {series}.csv")
    return own[0]


def exported_series(folder: Path) -> dict[str, str]:
    """Return the series that `export` has written to a folder, by their own folders; none where it was one."""
    import json

    path = folder / NAMES
    if not path.is_file():
        return {}
    given = json.loads(path.read_text(encoding="utf-8"))
    return {one: name for one, name in given.items() if (folder / one / SCRIPT).exists()}


def _run(script: Path, files: Sequence[Path], say: Callable[[str], None]) -> str:
    """Run the script of one model.

    Raises:
        UsageError: it refuses the files.
    """
    given = [sys.executable, str(script), *map(str, files), "--next"]
    done = subprocess.run(given, check=False, capture_output=True, text=True)
    if done.returncode:
        raise UsageError((done.stderr.strip().splitlines() or [f"{SCRIPT} failed."])[-1])
    for line in done.stderr.splitlines():
        if line.startswith(NOTE):
            say(line.removeprefix(NOTE))
    return done.stdout


def _offered(name: str) -> Any:
    """Return a function of the worker's package, which loads TensorFlow.

    Raises:
        UsageError: no installed package offers it.
    """
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise UsageError("No installed package exports models: install repeats again, with `pip install .` or `make setup`")
