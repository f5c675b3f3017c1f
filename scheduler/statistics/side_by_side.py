"""Two experiments compared as one family: allowed where both answer the same question, on the same test rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from scheduler.statistics.wording import enumerated
from store.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from store import Experiment, Store
    from store.schema.splits import Split

#: the columns of the repeats that a comparison needs
COLUMNS = ("configuration", "split", "repeat", "seed", "state", "diverged", "test_rmse")


#: what the parts of a split are called in a grid file
NAMES = {
    "columns": "targets",
    "horizon": "prepare.horizon",
    "target_at": "prepare.target_at",
    "training_rows": "protocol.kind batch_transfer",
}


def differences(one: Split, other: Split) -> list[str]:
    """Return how two splits differ: the name in a grid file, and both values."""
    found = [
        f"{NAMES.get(field.name, field.name)} ({_shown(mine)} and {_shown(theirs)})"
        for field in fields(one)
        if field.name not in {"series", "content"}
        and (mine := getattr(one, field.name)) != (theirs := getattr(other, field.name))
    ]
    if one.content == other.content:
        return found
    same_name = f"both are called {one.series}, and their values differ"
    return [f"series ({same_name if one.series == other.series else f'{one.series} and {other.series}'})", *found]


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
    #: the command that trains it again
    again: str = "`scheduler run GRID --fresh`"

    @classmethod
    def of(cls, store: Store, experiment: Experiment) -> Side:
        """Read an experiment."""
        from scheduler.statistics.rounding import with_rounding
        from store.experiments.advice import run_fresh

        experiment = store.experiments.with_id(experiment.id)
        return cls(
            name=experiment.name,
            results=with_rounding(store, experiment, store.results.frame(experiment.id, COLUMNS)),
            parameters=store.experiments.parameters(experiment.id),
            topped_up=experiment.looks is not None,
            numerics=store.results.numerics(experiment.id),
            again=run_fresh(experiment, store.url),
        )

    def seeds(self, labels: Collection[str]) -> dict[str, set[int]]:
        """Return the seeds of the repeats of some configurations."""
        rows = self.results[self.results["configuration"].isin(labels)]
        return {str(label): set(found) for label, found in rows.groupby("configuration", sort=False)["seed"]}


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
    _check_splits(first, second)
    shared = set(first.parameters) & set(second.parameters)
    twice = _there_twice(shared, first, second)
    frames = []
    for side, left_out in zip((first, second), twice, strict=True):
        frame = side.results[~side.results["configuration"].isin(left_out)]
        labels = frame["configuration"]
        renamed = labels.isin(shared - (twice[0] | twice[1]))
        frames.append(frame.assign(configuration=labels.where(~renamed, f"{side.name}: " + labels)))
    return pd.concat(frames, ignore_index=True)


def _there_twice(shared: set[str], first: Side, second: Side) -> tuple[set[str], set[str]]:
    """Return which configurations to leave out of each side: the other has the same repeats, at least as many.

    The same configuration and seed give the same result.
    """
    mine, theirs = (side.seeds(shared) for side in (first, second))
    alike = {
        label
        for label in shared & set(mine) & set(theirs)
        if first.parameters[label] == second.parameters[label] and not mine[label].isdisjoint(theirs[label])
    }
    fewer = {label for label in alike if len(mine[label]) < len(theirs[label])}
    return fewer, alike - fewer


def _check_splits(first: Side, second: Side) -> None:
    """Check that both experiments have one split, and the same one.

    Raises:
        UsageError: with what differs.
    """
    from store.schema.splits import Split

    splits = {side.name: list(dict.fromkeys(map(Split.stored, side.parameters.values()))) for side in (first, second)}
    for name, mine in splits.items():
        if len(mine) > 1:
            raise UsageError(
                f"{name} has configurations that differ in {enumerated(differences(mine[0], mine[1]))}: only scores on "
                "the same test rows can be compared. Compare experiments that vary neither."
            )
    (one,), (other,) = splits.values()
    if found := differences(one, other):
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
