"""The baselines of an experiment, computed once for each series and split and then read from the store."""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from store.errors import StoreUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from store import Series, Store
    from store.forecast_scores import Scale
    from store.schema.configuration import Configuration
    from store.schema.splits import Split

    #: told which baseline is being computed, and which share of all is done
    Progress = Callable[[str, float], None]


#: seconds after which baselines that took so long are stored
STORED_EVERY = 60.0
#: seconds between two looks at whether another process has computed them
PAUSE = 0.5
#: seconds without a new one after which nobody waits for it
PATIENCE = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What baselines depend on: the split, and the seasons that the grid gives."""

    split: Split
    #: empty where they are found from the times
    seasons: tuple[int, ...] = ()
    #: observations before the test rows that the configurations are trained on; None for all
    train: int | None = None
    #: of a series that has the columns; which others it has does not matter
    series_hash: str = field(default="", compare=False)

    @classmethod
    def of(cls, configuration: Configuration) -> Asked | None:
        """Return what a configuration asks for, or None if it does not forecast the values after its inputs."""
        from store.schema.splits import Split

        split = Split.of(configuration)
        if split.training_rows or split.target_at != "next":
            return None
        asked = configuration.series
        train = configuration.window.train
        return cls(split=split, seasons=asked.season, train=train, series_hash=asked.content_hash)

    def targets(self, series: Series) -> tuple[str, ...]:
        """Return the columns that are forecast: all of the series where a configuration names none."""
        return self.split.columns or series.columns

    def arguments(self, series: Series) -> dict[str, Any]:
        """Return what `compute_baselines` is told of the split."""
        return {"test": self.split.test, "horizon": self.split.horizon, "targets": self.targets(series)}

    @property
    def key(self) -> str:
        """The key in the store; baselines of another version are not found by it."""
        from scheduler.statistics.baselines import VERSION

        numbers = [VERSION, self.split.test, self.split.horizon, self.seasons]
        window = [] if not self.split.skip and self.train is None else [f"window {self.split.skip} {self.train}"]
        text = "\n".join([self.split.content, *map(str, numbers), *window, *self.split.columns])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def baselines(store: Store, experiment_id: int, progress: Progress | None = None) -> pd.DataFrame:
    """Return the baselines of every split of an experiment, from the store if any experiment has needed them before.

    Those of many splits are computed in several processes, and what is there is stored now and then: whoever goes on
    after an end finds it.

    Args:
        store: the results store.
        experiment_id: whose configurations they are for.
        progress: told of each baseline that is computed; what it raises ends the computation.

    Returns:
        Columns split, split_name, target, baseline, the scores, mase_of, note, forecasts; no rows if no
        configuration has a split.
    """
    tell = progress or (lambda name, share: None)
    asked = _asked(store, experiment_id)
    found, kept = _stored(store, asked)
    if len(found) == len(asked):
        return _together(asked, found)
    with computing_alone(store, asked, tell):
        asked = _asked(store, experiment_id)
        found, kept = _stored(store, asked)  # by now, by whoever was at it
        if len(found) == len(asked):
            return _together(asked, found)
        lacking = {key: one for key, (one, _) in asked.items() if key not in found}
        stored = time.monotonic()
        for key, frame in _computed(store, lacking, kept, tell):
            found[key] = frame
            if time.monotonic() - stored > STORED_EVERY:
                _share(store, experiment_id, _together(asked, found))
                stored = time.monotonic()
        together = _together(asked, found)
        _share(store, experiment_id, together)
    return together


def _share(store: Store, experiment_id: int, found: pd.DataFrame) -> None:
    """Store baselines for whoever waits for them; in a store that can only be read nobody does."""
    with suppress(StoreUnreachable):
        store.results.write_baselines(experiment_id, found)


def _stored(
    store: Store, asked: dict[str, tuple[Asked, str]]
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return the baselines that the store has with all scores, and all that it has."""
    kept = store.results.baselines_of(list(asked))
    return {key: frame for key, frame in kept.items() if _with_all_scores(frame)}, kept


@contextmanager
def computing_alone(store: Store, keys: Collection[str], progress: Progress) -> Iterator[None]:
    """Wait until no other process computes the baselines of the same splits, and keep others waiting meanwhile.

    One that computes stores now and then what it has. If nothing new is stored for long it may be suspended: then
    nobody waits for it.

    Args:
        store: the results store.
        keys: of the splits.
        progress: told while it waits; what it raises ends that.
    """
    work = f"baselines {hashlib.sha256(' '.join(sorted(keys)).encode()).hexdigest()}"
    seen, since, tired = 0, time.monotonic(), False
    while True:
        with store.database.turn(work) as mine:
            if mine or tired:
                yield
                return
        progress("another process computes them", 0.0)
        time.sleep(PAUSE)
        there = len(store.results.baselines_over(keys))
        if there > seen:
            seen, since = there, time.monotonic()
        tired = time.monotonic() - since > PATIENCE


def computed_again(store: Store, experiment_id: int) -> pd.DataFrame:
    """Return the baselines of every split of an experiment, computed whatever the store has."""
    asked = _asked(store, experiment_id)
    lacking = {key: one for key, (one, _) in asked.items()}
    return _together(asked, dict(_computed(store, lacking, {}, lambda name, share: None)))


def _together(asked: dict[str, tuple[Asked, str]], found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the tables that are there as one, in the order of the splits."""
    import pandas as pd

    from scheduler.statistics.baselines.scoring import MEASURES

    frames = [found[key].assign(split_name=name) for key, (_, name) in asked.items() if key in found]
    columns = ["split", "split_name", "target", "baseline", *MEASURES, "note", "forecasts"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def complete(store: Store, experiment_id: int, progress: Progress | None = None) -> None:
    """Compute the baselines of an experiment that the store lacks: they were left out, or are of an older version."""
    known = store.results.baselines(experiment_id)
    there = _with_all_scores(known)
    if not set(_asked(store, experiment_id)) <= there:
        store.results.write_baselines(experiment_id, baselines(store, experiment_id, progress))


def _with_all_scores(known: pd.DataFrame) -> set[str]:
    """Return the splits whose baselines have the scores that an older version did not compute."""
    if not len(known):
        return set()
    newer = known[["mape", "smape", "rmsse"]].notna().any(axis=1) | known["rmse"].isna()
    return {str(split) for split, rows in newer.groupby(known["split"]) if rows.all()}


def _asked(store: Store, experiment_id: int) -> dict[str, tuple[Asked, str]]:
    """Return what an experiment asks of baselines by its key, with the name of the split."""
    from store.schema.reading import read_configurations

    configurations = read_configurations(store.experiments.parameters(experiment_id))
    names, scales = store.experiments.splits(experiment_id), store.results.scales(experiment_id)
    distinct = dict.fromkeys(
        (asked, names[label], scales.get(label, ()))
        for label, one in configurations.items()
        if (asked := Asked.of(one)) is not None
    )
    known = store.results.baselines_over([one.key for one, _, over in distinct if over and not one.seasons])
    found = ((_of_own_times(store, one, over, known.get(one.key)), name) for one, name, over in distinct)
    return {one.key: (one, name) for one, name in found}


def _of_own_times(store: Store, asked: Asked, over: tuple[Scale, ...], known: set[str] | None) -> Asked:
    """Name the seasons where the stored baselines are those of the same values at other times, with other seasons.

    Args:
        store: the results store.
        asked: what is asked for.
        over: what MASE and RMSSE of the repeats divide by; empty where that is not known.
        known: the naive forecasts over whose errors the stored baselines are; None where there are none.
    """
    from scheduler.series.season import seasons_of

    if asked.seasons or not over or not known or known <= {one.of for one in over}:
        return asked
    return replace(asked, seasons=seasons_of(store.series.get(asked.series_hash), ()) or (1,))


def _computed(
    store: Store, lacking: dict[str, Asked], kept: dict[str, pd.DataFrame], progress: Progress
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the baselines that the store lacks, or that lack scores, by their keys."""
    from scheduler.lifecycle.baseline_pool import FEWEST, compute_many
    from scheduler.series.season import seasons_of
    from scheduler.statistics.baselines import completed, compute_baselines

    keys: list[str] = []
    new: list[dict[str, Any]] = []
    for key, one in lacking.items():
        series = store.series.get(one.series_hash)
        seasons = seasons_of(series, one.seasons)
        values = _values(series, one)
        if key in kept:
            yield key, completed(kept[key], dict(zip(one.targets(series), values.T, strict=True)), seasons)
        else:
            keys.append(key)
            new.append({"values": values, "seasons": seasons, **one.arguments(series)})
    tables: Iterable[tuple[int, pd.DataFrame]]
    if len(new) < FEWEST:
        tables = enumerate(compute_baselines(**each, progress=progress) for each in new)
    else:
        tables = compute_many(new, lambda done: progress(f"{done:,} of {len(new):,} splits", done / len(new)))
    for place, table in tables:
        yield keys[place], table.assign(split=keys[place])


def _values(series: Series, asked: Asked) -> NDArray[np.float64]:
    """Return the values of the targets that are known in the window, and those of its test rows."""
    split, stop = asked.split, len(series.values) - asked.split.skip
    start = 0 if asked.train is None else max(0, stop - split.test - split.horizon + 1 - asked.train)
    places = [series.columns.index(name) for name in asked.targets(series)]
    first, after = places[0], places[0] + len(places)
    if places == list(range(first, after)):
        return series.values[start:stop, first:after]  # no copy: there may be thousands of long windows
    return series.values[start:stop, places]
