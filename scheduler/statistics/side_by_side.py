"""Two experiments compared as one family: allowed where both answer the same question, on the same test rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from scheduler.statistics.wording import enumerated
from store.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from store import Experiment, Store
    from store.schema.configuration import Configuration

#: the columns of the repeats that a comparison needs
COLUMNS = ("configuration", "split", "repeat", "seed", "state", "diverged", "test_rmse")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a configuration must forecast; scores are comparable only if all of it is equal."""

    series: str
    content: str
    columns: tuple[str, ...]
    test: int
    horizon: int
    target_at: str

    @classmethod
    def of(cls, configuration: Configuration) -> Question:
        """Return the question of a configuration."""
        return cls(
            series=configuration.series.name,
            content=configuration.series.content_hash,
            columns=configuration.series.targets,
            test=configuration.test,
            horizon=configuration.prepare.horizon,
            target_at=configuration.prepare.target_at,
        )

    def differences(self, other: Question) -> list[str]:
        """Return the differences: the name in a grid file, and both values."""
        names = {"columns": "targets", "horizon": "prepare.horizon", "target_at": "prepare.target_at"}
        found = [
            f"{names.get(field.name, field.name)} ({_shown(mine)} and {_shown(theirs)})"
            for field in fields(self)
            if field.name not in {"series", "content"}
            and (mine := getattr(self, field.name)) != (theirs := getattr(other, field.name))
        ]
        if self.content == other.content:
            return found
        same_name = f"both are called {self.series}, and their values differ"
        return [f"series ({same_name if self.series == other.series else f'{self.series} and {other.series}'})", *found]


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One of the experiments: its results, and the canonical JSON of each configuration."""

    name: str
    results: pd.DataFrame
    parameters: Mapping[str, str]
    #: its scores were looked at repeatedly, by `top-up`
    topped_up: bool
    #: the versions that computed its results
    numerics: tuple[int, ...] = ()

    @classmethod
    def of(cls, store: Store, experiment: Experiment) -> Side:
        """Read an experiment."""
        experiment = store.experiments.with_id(experiment.id)
        return cls(
            name=experiment.name,
            results=store.results.frame(experiment.id, COLUMNS),
            parameters=store.experiments.parameters(experiment.id),
            topped_up=experiment.looks is not None,
            numerics=store.results.numerics(experiment.id),
        )


def combined(first: Side, second: Side) -> pd.DataFrame:
    """Return the repeats of both experiments as those of one.

    A label that both have gets the name of its experiment in front. A configuration of which both have the same repeats
    is there once, with the repeats of the experiment that has more.

    Raises:
        UsageError: the experiments do not answer the same question, or are the same one.
    """
    import pandas as pd

    if first.name == second.name:
        raise UsageError(f"Both experiments are called {first.name}. Name two different ones, or only one of them.")
    _check_questions(first, second)
    frames = {side.name: side.results for side in (first, second)}
    shared = set(first.parameters) & set(second.parameters)
    for label in sorted(shared):
        if _same_repeats(label, first, second):
            _, fewer = sorted((first, second), key=lambda side: -(side.results["configuration"] == label).sum())
            frames[fewer.name] = frames[fewer.name][frames[fewer.name]["configuration"] != label]
            shared.discard(label)
    for name, frame in frames.items():
        labels = frame["configuration"]
        frames[name] = frame.assign(configuration=labels.where(~labels.isin(shared), f"{name}: " + labels))
    return pd.concat(frames.values(), ignore_index=True)


def _same_repeats(label: str, first: Side, second: Side) -> bool:
    """Return whether both have repeats in common: the same configuration and seed give the same result."""
    seeds = (set(side.results.loc[side.results["configuration"] == label, "seed"]) for side in (first, second))
    return first.parameters[label] == second.parameters[label] and bool(set.intersection(*seeds))


def _check_questions(first: Side, second: Side) -> None:
    """Check that both experiments answer one question, and the same one.

    Raises:
        UsageError: with what differs.
    """
    from store.schema.configuration import Configuration

    asked = {
        (side.name, Question.of(Configuration.model_validate_json(text)))
        for side in (first, second)
        for text in side.parameters.values()
    }
    for name in (first.name, second.name):
        mine = [question for who, question in asked if who == name]
        if len(mine) > 1:
            raise UsageError(
                f"{name} has configurations that differ in {enumerated(mine[0].differences(mine[1]))}: only scores on "
                "the same test rows can be compared. Compare experiments that vary neither."
            )
    (one,), (other,) = ([question for who, question in asked if who == side.name] for side in (first, second))
    if found := one.differences(other):
        raise UsageError(
            f"{first.name} and {second.name} differ in {enumerated(found)}: only scores on the same test rows can be "
            "compared. Name two experiments that forecast the same rows of the same series."
        )


def notes(first: Side, second: Side) -> tuple[str, ...]:
    """Return the notes on the comparison of both."""
    return tuple(
        f"{side.name} was topped up until its own pairs were decided; the p-values here do not allow for those looks."
        for side in (first, second)
        if side.topped_up
    )
