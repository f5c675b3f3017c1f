"""The configuration whose model is taken out of the store: the one that is named, or the best of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.statistics.outcomes import Standing
from store import NotFound, UsageError
from store.commands import command
from store.schema.spelling import did_you_mean
from store.schema.splits import Split

if TYPE_CHECKING:
    from collections.abc import Collection

    from scheduler.statistics.comparison import Comparison
    from store import Experiment, Store

#: labels that a message names; of more it says so
MOST_NAMED = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A configuration."""

    label: str
    #: the answer of the study that chose it; empty where it was named, or is the only one
    answer: str = ""


def choose(store: Store, experiment: Experiment, label: str | None, *, several: bool = False) -> Chosen:
    """Return the configuration that is named, the only one, or the one with the lowest mean.

    Args:
        store: the results store.
        experiment: whose.
        label: the name; None for the best one.
        several: whether the best one may have several splits, each with a model of its own.

    Raises:
        UsageError: none is named, and the study does not put one first.
        NotFound: the experiment has none of this name.
    """
    check_study(store, experiment)
    params = store.experiments.parameters(experiment.id)
    if not several and not are_together(params.values()):
        refuse_several(store, experiment)
    labels = list(params)
    if label is None:
        return Chosen(label=labels[0]) if len(labels) == 1 else _best(store, experiment, labels)
    if label not in labels:
        raise NotFound(f"{experiment.name} has no configuration {label!r}{did_you_mean(label, labels)}")
    return Chosen(label=label)


def are_together(params: Collection[str]) -> bool:
    """Return whether all of these configurations (canonical JSON) are trained on several series together."""
    return bool(params) and all('"panel":{' in one for one in params)


def together_labels(store: Store, experiment: Experiment, label: str) -> tuple[str, ...]:
    """Return the labels of all series that have the same model; none where each has one of its own.

    Args:
        store: the results store.
        experiment: whose.
        label: of a configuration, whose newest window is meant, or of it on one split.
    """
    cells = store.experiments.cells(experiment.id)
    point = cells[label].point if label in cells else label
    mine = store.experiments.parameters(experiment.id, [one.label for one in cells.values() if one.point == point])
    if not are_together(mine.values()):
        return ()
    skipped = {one: Split.stored(params).skip for one, params in mine.items()}
    wanted = skipped.get(label, min(skipped.values()))
    return tuple(one for one, skip in skipped.items() if skip == wanted)


def refuse_several(store: Store, experiment: Experiment) -> None:
    """Refuse an experiment with several splits, each of which has models of its own.

    Raises:
        UsageError: it is one, with what to do.
    """
    cells = store.experiments.cells(experiment.id)
    labels = [cell.label for cell in cells.values() if cell.label != cell.point]
    if labels:
        splits = len({cells[label].split for label in labels})
        named = "; ".join([*labels[:MOST_NAMED], *(["..."] if len(labels) > MOST_NAMED else [])])
        raise UsageError(
            f"{experiment.name} has {splits:,} splits, and each has a model of its own: name a configuration on one of "
            f"them: {named}"
        )


def check_study(store: Store, experiment: Experiment) -> None:
    """Check that an experiment is a study, and no forecast beyond the end, which has no scores.

    Raises:
        UsageError: it is a forecast.
    """
    study = store.futures.study_of(experiment.id)
    if study is not None:
        shows = command("forecast", store.experiments.with_id(study).name, store=store.url)
        raise UsageError(f"{experiment.name} is a forecast, and has no scores; {shows} shows it.")


def _best(store: Store, experiment: Experiment, labels: list[str]) -> Chosen:
    from scheduler.statistics.conclusions import compare_experiment
    from scheduler.statistics.over_splits.reading import read_both

    results, splits = read_both(store, experiment)
    numerics = store.results.numerics(experiment.id)
    found = compare_experiment(experiment, results, numerics=numerics, store=store.url, splits=splits)
    if reason := _why_none(found):
        named = "; ".join([*labels[:MOST_NAMED], *(["..."] if len(labels) > MOST_NAMED else [])])
        raise UsageError(
            f"{experiment.name} has {len(labels)} configurations, and {reason}; name one with --configuration: {named}"
        )
    return Chosen(label=str(found.ranking["configuration"].iloc[0]), answer=found.answer)


def _why_none(found: Comparison) -> str:
    """Return why no configuration is put first; empty where one is."""
    if found.standing is Standing.SEVERAL_SPLITS:
        return "their splits are not compared with each other"
    if found.ranking.empty or found.standing in {Standing.NO_CONFIGURATION, Standing.NO_SCORE}:
        return "none has a score that others can be compared with"
    return ""
