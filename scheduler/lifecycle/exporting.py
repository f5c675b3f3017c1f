"""Trained repeats as Keras models: made by the worker's package, which is found by its entry point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.files import replacing
from scheduler.lifecycle.chosen import MOST_NAMED, choose, together_labels
from scheduler.lifecycle.over_splits.model_series import file_of, files_of, read_series
from scheduler.lifecycle.over_splits.predicting import SCRIPT
from scheduler.statistics.ensembles.combine import median
from scheduler.text import first_line
from store import NotFound, Series, UsageError
from store.preparation.panels import Together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from store import Experiment, ForecastSet, Store
    from store.records import Float32s, Float64s

#: what an installed package offers: `model` and `export` of `worker.engine.exporting.keras_model`
GROUP = "repeats.exporting"
#: the files of an exported model
WRITTEN = ("model.keras", SCRIPT, "series.csv")


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A configuration with all that decides its models: what its repeats share is read once."""

    store: Store
    experiment: Experiment
    #: one, or that of each series that a model is trained on together
    labels: tuple[str, ...]
    #: the canonical JSON of each label
    parameters: Mapping[str, str]
    #: the repeats of its labels: seed, state, diverged
    rows: pd.DataFrame

    @classmethod
    def of(cls, store: Store, experiment: Experiment, label: str | None) -> Trained:
        """Find a configuration.

        Raises:
            UsageError: no configuration is named, and the study does not put one first.
            NotFound: there is no such configuration.
        """
        labels = _labels(store, experiment, label)
        rows = _repeats(store, experiment)
        return cls(
            store=store,
            experiment=experiment,
            labels=labels,
            parameters=store.experiments.parameters(experiment.id, labels),
            rows=rows[rows["configuration"].isin(labels)],
        )

    @classmethod
    def each(cls, store: Store, experiment: Experiment, labels: Sequence[str]) -> Iterator[Trained]:
        """Yield configurations of which each has models of its own, such as those of each series."""
        parameters, rows = store.experiments.parameters(experiment.id, labels), _repeats(store, experiment)
        mine = dict(iter(rows.groupby("configuration", sort=False, observed=True)))
        for label in labels:
            own = mine.get(label, rows[:0])
            yield cls(store=store, experiment=experiment, labels=(label,), parameters=parameters, rows=own)

    @property
    def name(self) -> str:
        """The label, without the series where the model is of several."""
        return self.labels[0] if isinstance(self.series, Series) else self.labels[0].partition(" @ ")[0]

    @property
    def params(self) -> str:
        """The canonical JSON of the first label."""
        return self.parameters[self.labels[0]]

    @cached_property
    def _read(self) -> tuple[Series | Together, dict[str, str]]:
        return read_series(self.store, {label: self.parameters[label] for label in self.labels})

    @property
    def series(self) -> Series | Together:
        """The series, or all of those that it is trained on together."""
        return self._read[0]

    @property
    def named(self) -> Mapping[str, str]:
        """The label of each series that it forecasts, by the name of the series."""
        return self._read[1]

    @cached_property
    def file(self) -> dict[str, Any]:
        """How the file of the series was read, or that of each series by its name."""
        if isinstance(self.series, Together):
            return dict(files_of(self.experiment, self.params, self.series))
        return file_of(self.experiment, self.params, self.series)

    @cached_property
    def forecasts(self) -> Mapping[str, ForecastSet]:
        """What all repeats have forecast, by label."""
        return self.store.results.forecasts(self.experiment.id, list(self.named.values()))

    @property
    def usable(self) -> list[int]:
        """The repeats that have a result of each label, and did not diverge."""
        usable = (self.rows["state"] == "done") & (self.rows["diverged"] == False)  # noqa: E712
        return sorted(map(int, usable.groupby(self.rows["repeat"]).all().loc[lambda all_of: all_of].index))

    def all_usable(self) -> list[Repeat]:
        """Return the repeats that forecast something.

        Raises:
            NotFound: there is none.
        """
        found = [self.repeat(number) for number in self.usable]
        if not found:
            raise NotFound(f"{self.labels[0]} of {self.experiment.name} has no repeat that forecasts anything yet")
        return found

    def repeat(self, number: int) -> Repeat:
        """Find a repeat.

        Raises:
            NotFound: there is no such repeat, or it has no result.
        """
        label, mine = self.labels[0], self.rows[self.rows["repeat"] == number]
        if mine.empty or (mine["state"] != "done").any():
            raise NotFound(
                f"{label} of {self.experiment.name} has no result of a repeat {number}{_others(self.usable)}"
            )
        if mine["diverged"].any():
            raise NotFound(f"repeat {number} of {label} diverged: it forecasts nothing{_others(self.usable)}")
        return Repeat(of=self, number=number, seed=int(mine["seed"].iloc[0]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A repeat that is done."""

    of: Trained
    number: int
    seed: int

    @property
    def weights(self) -> dict[str, Float32s] | None:
        """What was kept; None where it is trained again."""
        return self.of.store.results.weights(self.of.experiment.id, self.of.labels[0], self.number)

    def model(self) -> Any:
        """Return the Keras model."""
        return _offered("model")(self.of.params, [(self.seed, self.weights)], self.of.series)

    @property
    def stored(self) -> dict[str, Float64s]:
        """What it has forecast, by the names of its series."""
        found = self.of.forecasts
        return {
            name: found[label].forecast[int(np.flatnonzero(found[label].repeats == self.number)[0])]
            for name, label in self.of.named.items()
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    #: their names
    files: tuple[str, ...]
    #: what the user should know of them, one line each
    notes: tuple[str, ...] = ()


def export_repeats(trained: Trained, number: int | None, folder: Path, keep: Sequence[str] = ()) -> Iterator[Exported]:
    """Export a repeat, or with None all that have a result, and yield where each is.

    Args:
        trained: the configuration.
        number: of the repeat.
        folder: where, or below which each repeat has a folder.
        keep: of a model of several series those that its script forecasts; none for all.
    """
    if number is not None:
        yield _written([trained.repeat(number)], folder, keep)
        return
    for each in trained.all_usable():
        yield _written([each], folder / f"repeat-{each.number}", keep)


def export_median(trained: Trained, folder: Path, keep: Sequence[str] = ()) -> Exported:
    """Export one model whose output is the median over all repeats that have a result; `keep` as for others."""
    return _written(trained.all_usable(), folder, keep)


def _repeats(store: Store, experiment: Experiment) -> pd.DataFrame:
    return store.results.frame(experiment.id, ["configuration", "repeat", "seed", "state", "diverged"])


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


def _written(repeats: Sequence[Repeat], folder: Path, keep: Sequence[str]) -> Exported:
    """Write the model of repeats and its script; nothing where it is refused.

    Raises:
        UsageError: something of the configuration is not written out, or the folder is a file.
    """
    of, count = repeats[0].of, len(repeats)
    which = f"repeat {repeats[0].number}" if count == 1 else f"the median of {count} repeats"
    title = f"Forecasts of {which} of {of.name}, of the experiment {of.experiment.name}."
    trained, export = [(one.seed, one.weights) for one in repeats], _offered("export")
    how: dict[str, Any] = {"stored": _medians([one.stored for one in repeats]), "file": of.file}
    several = isinstance(of.series, Together)
    if several:
        how["keep"] = keep
    try:
        with replacing(folder) as place:
            notes = export(of.params, trained, of.series, title=title, folder=place, **how)
    except ValueError as problem:
        why = first_line(str(problem))
        raise UsageError(f"{of.name} of {of.experiment.name} is not exported: {why}") from None
    beside = ("preparation.json",) if several else ()
    return Exported(folder=folder, notes=notes, files=(*WRITTEN, *beside))


def _medians(each: Sequence[Mapping[str, Float64s]]) -> dict[str, Float64s]:
    """Return the medians of what repeats have forecast, by the names of their series."""
    if len(each) == 1:
        return dict(each[0])
    return {name: median(np.stack([one[name] for one in each])) for name in each[0]}


def _others(usable: list[int]) -> str:
    """Return which repeats can be taken, for the end of a message."""
    shown = [*map(str, usable[:MOST_NAMED]), *(["..."] if len(usable) > MOST_NAMED else [])]
    return f"; repeats to take: {', '.join(shown)}" if usable else ""


def _offered(name: str) -> Any:
    """Return a function of the worker's package, which loads TensorFlow.

    Raises:
        UsageError: no installed package offers it.
    """
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise UsageError("No installed package exports models: install repeats again, with `pip install .` or `make setup`")
