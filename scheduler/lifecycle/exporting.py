"""Trained repeats as Keras models: made by the worker's package, which is found by its entry point."""

from __future__ import annotations

from dataclasses import dataclass
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

    from store import Experiment, Store
    from store.records import Float32s, Float64s

#: what an installed package offers: `model` and `export` of `worker.engine.exporting.keras_model`
GROUP = "repeats.exporting"
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
    beside = ("preparation.json",) if isinstance(first.series, Together) else ()
    return Exported(folder=folder, notes=notes, files=(*WRITTEN, *beside))


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


def _offered(name: str) -> Any:
    """Return a function of the worker's package, which loads TensorFlow.

    Raises:
        UsageError: no installed package offers it.
    """
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise UsageError("No installed package exports models: install repeats again, with `pip install .` or `make setup`")
