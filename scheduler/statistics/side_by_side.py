"""Two experiments compared as one family: allowed where both answer the same question, on the same test rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from scheduler.statistics.wording import enumerated
from store.errors import UsageError
from store.forecast_scores import SCALED, TITLES

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.splits.scores import SplitScores
    from store import Experiment, Store
    from store.experiments.cells import Cell
    from store.schema.splits import Split

#: the columns of the repeats that a comparison needs
COLUMNS = ("configuration", "split", "repeat", "seed", "state", "diverged")


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
        if field.name not in {"series", "content", "name"}
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
    #: what its repeats are judged by
    score: str = "rmse"
    #: of each configuration, the naive forecasts over whose errors its scores are; empty where they are over none
    scaled_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: the versions that computed its results
    numerics: tuple[int, ...] = ()
    #: the command that trains it again
    again: str = "`scheduler run GRID --fresh`"
    #: of each configuration with several splits, these as one
    over_splits: Mapping[str, Split] = field(default_factory=dict)
    #: the scores on each split, by what the side calls all of them together
    scores: Mapping[str, SplitScores] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, experiment: Experiment) -> Side:
        """Read an experiment."""
        from scheduler.statistics.over_splits.reading import of_points, read_both
        from store.experiments.advice import run_fresh

        experiment = store.experiments.with_id(experiment.id)
        cells = store.experiments.cells(experiment.id)
        parameters = store.experiments.parameters(experiment.id)
        scales = store.results.scales(experiment.id) if experiment.score in SCALED else {}
        repeats, scores = read_both(store, experiment, (*COLUMNS, experiment.judged_by))
        return cls(
            name=experiment.name,
            results=repeats,
            parameters=of_points(parameters, cells),
            topped_up=experiment.looks is not None,
            score=experiment.score,
            scaled_by=of_points({label: tuple(one.of for one in own) for label, own in scales.items()}, cells),
            over_splits=questions(parameters, cells),
            scores=scores,
            numerics=store.results.numerics(experiment.id),
            again=run_fresh(experiment, store.url),
        )

    def seeds(self, labels: Collection[str]) -> dict[str, set[int]]:
        """Return the seeds of the repeats of some configurations."""
        rows = self.results[self.results["configuration"].isin(labels)]
        return {str(label): set(found) for label, found in rows.groupby("configuration", sort=False)["seed"]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """The splits that two experiments share, and what else each of them has."""

    #: for each experiment, the name of the split of each configuration that is compared
    names: Mapping[str, Mapping[str, str]]
    #: a sentence for each experiment that has splits which the other lacks
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, first: Side, second: Side) -> Shared:
        """Find the splits that both have.

        Raises:
            UsageError: there is none, with what differs; or it is one experiment twice.
        """
        from store.schema.splits import Split, split_names

        if first.name == second.name:
            raise UsageError(f"Both experiments are called {first.name}. Name two different ones, or only one of them.")
        sides = (first, second)
        own = {
            side.name: {label: Split.stored(one) for label, one in side.parameters.items()} | dict(side.over_splits)
            for side in sides
        }
        asked = [{_question(split): split for split in own[side.name].values()} for side in sides]
        both = asked[0].keys() & asked[1].keys()
        if not both:
            raise UsageError(_nothing_shared(first.name, second.name, *(list(one.values()) for one in asked)))
        every = split_names(asked[1] | asked[0])
        return cls(
            names={
                name: {label: every[_question(one)] for label, one in splits.items() if _question(one) in both}
                for name, splits in own.items()
            },
            left_out=tuple(
                f"Only splits that both experiments have are compared; {side.name} also has {_some(others)}."
                for side, mine in zip(sides, asked, strict=True)
                if (others := [every[one] for one in mine if one not in both])
            ),
        )


def questions(parameters: Mapping[str, str], cells: Mapping[str, Cell]) -> dict[str, Split]:
    """Return the splits of each configuration that has several, as one.

    Args:
        parameters: of each configuration on each split, as canonical JSON.
        cells: the same by names.
    """
    from store.schema.splits import Split, as_one

    splits: dict[str, list[Split]] = {}
    for label, cell in cells.items():
        if cell.label != cell.point:
            splits.setdefault(cell.point, []).append(Split.stored(parameters[label]))
    return {point: as_one(own) for point, own in splits.items()}


def _question(split: Split) -> Split:
    """Return a split without the name of its series, under which each experiment may know the same values."""
    return replace(split, series="")


def _some(names: Sequence[str], most: int = 3) -> str:
    """Return some names in words, and how many more there are."""
    return enumerated([*names[:most], *([f"{len(names) - most:,} more"] if len(names) > most else [])])


def _nothing_shared(first: str, second: str, mine: Sequence[Split], theirs: Sequence[Split]) -> str:
    """Return why two experiments cannot be compared."""
    only = "only scores on the same test rows can be compared. Name two experiments that forecast the same rows of the "
    if len(mine) == len(theirs) == 1:
        found = enumerated(differences(mine[0], theirs[0]))
        return f"{first} and {second} differ in {found}: {only}same series."
    from store.schema.splits import split_names

    names = split_names({str(place): one for place, one in enumerate((*mine, *theirs))})
    said = [names[str(place)] for place in range(len(names))]
    return (
        f"{first} and {second} have no split in common: {first} has {_some(said[: len(mine)])}, {second} has "
        f"{_some(said[len(mine) :])}; {only}same series."
    )


def combined(first: Side, second: Side, shared: Shared | None = None) -> pd.DataFrame:
    """Return the repeats of both experiments as those of one, as far as both have their splits.

    A label that both have gets the name of its experiment in front. A configuration of which both have the same repeats
    is there once, with the repeats of the experiment that has more.

    Args:
        first: one experiment.
        second: the other.
        shared: their splits, if they were found before.

    Raises:
        UsageError: no split of one is one of the other, or they are the same experiment.
    """
    import pandas as pd

    shared = shared or Shared.of(first, second)
    frames = []
    for side, shown in zip((first, second), shown_labels(first, second, shared), strict=True):
        labels = side.results["configuration"]
        frame = side.results.assign(split=labels.map(shared.names[side.name]), configuration=labels.map(shown))
        frames.append(frame[frame["configuration"].notna()])
    return pd.concat(frames, ignore_index=True)


def shown_labels(first: Side, second: Side, shared: Shared) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the configurations of each side that are compared are called beside those of the other."""
    both = set(shared.names[first.name]) & set(shared.names[second.name])
    twice = _there_twice(both, first, second)
    alone = both - (twice[0] | twice[1])
    mine, theirs = (
        {
            label: f"{side.name}: {label}" if label in alone else label
            for label in shared.names[side.name]
            if label not in left_out
        }
        for side, left_out in zip((first, second), twice, strict=True)
    )
    return mine, theirs


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


def check_scores(first: Side, second: Side) -> None:
    """Check that both experiments are judged by the same score.

    Raises:
        UsageError: with what to do.
    """
    if first.score != second.score:
        raise UsageError(
            f"{first.name} is judged by {TITLES[first.score]} and {second.name} by {TITLES[second.score]}: only the "
            f"same score can be compared. Run the grid of {second.name} with --set score={first.score}, which reuses "
            "its repeats, and compare with the experiment that this makes."
        )


def check_scales(first: Side, second: Side, shared: Shared) -> None:
    """Check that the scores of both experiments are over the errors of the same naive forecasts.

    Raises:
        UsageError: with what to do.
    """
    mine, theirs = (
        {split: side.scaled_by[label] for label, split in shared.names[side.name].items() if label in side.scaled_by}
        for side in (first, second)
    )
    for split in mine.keys() & theirs.keys():
        if mine[split] != theirs[split]:
            raise UsageError(
                f"{TITLES[first.score]} of {first.name} is over the error of {', '.join(mine[split])}, and that of "
                f"{second.name} over the error of {', '.join(theirs[split])}: only scores over the same error can be "
                f"compared. Write the same series.season in both grids and run them again, which reuses their repeats."
            )


def notes(first: Side, second: Side) -> tuple[str, ...]:
    """Return the notes on the comparison of both."""
    return tuple(
        f"{side.name} was topped up until its own pairs were decided; the p-values here do not allow for those looks."
        for side in (first, second)
        if side.topped_up
    )
