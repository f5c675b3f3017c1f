"""The baselines of an experiment, computed once for each series and split and then read from the store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from store import Series, Store
    from store.schema.configuration import Configuration

    #: told which baseline is being computed, and which share of all is done
    Progress = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """What baselines depend on: the series, its targets, the rows that are forecast, and the seasons."""

    series_hash: str
    targets: tuple[str, ...]
    test: int
    horizon: int
    #: as the grid gives them; empty where they are found from the times
    seasons: tuple[int, ...] = ()

    @classmethod
    def of(cls, configuration: Configuration) -> Split | None:
        """Return a configuration's split, or None if it does not forecast the values after its inputs."""
        if configuration.protocol.kind == "batch_transfer" or configuration.prepare.target_at != "next":
            return None
        series = configuration.series
        return cls(
            series_hash=series.content_hash,
            targets=series.targets,
            test=configuration.test,
            horizon=configuration.prepare.horizon,
            seasons=series.season,
        )

    @property
    def key(self) -> str:
        """The key of the split in the store; baselines of another version are not found by it."""
        from scheduler.statistics.baselines import VERSION

        numbers = [VERSION, self.test, self.horizon, self.seasons]
        text = "\n".join([self.series_hash, *map(str, numbers), *self.targets])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def baselines(store: Store, experiment_id: int, progress: Progress | None = None) -> pd.DataFrame:
    """Return the baselines of every split of an experiment, from the store if any experiment has needed them before.

    Args:
        store: the results store.
        experiment_id: whose configurations they are for.
        progress: told of each baseline that is computed; what it raises ends the computation.

    Returns:
        Columns split, split_name, target, baseline, rmse, mae, mase, mase_of, note, forecasts; no rows if no
        configuration has a split.
    """
    import pandas as pd

    splits = _splits(store, experiment_id)
    frames = [_found_or_computed(store, split, progress).assign(split_name=name) for split, name in splits.items()]
    columns = ["split", "split_name", "target", "baseline", "rmse", "mae", "mase", "mase_of", "note", "forecasts"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def complete(store: Store, experiment_id: int, progress: Progress | None = None) -> None:
    """Compute the baselines of an experiment that the store lacks: they were left out, or are of an older version."""
    known = store.results.baselines(experiment_id)
    there = set(known["split"]) if len(known) else set()
    if not {split.key for split in _splits(store, experiment_id)} <= there:
        store.results.write_baselines(experiment_id, baselines(store, experiment_id, progress))


def _splits(store: Store, experiment_id: int) -> dict[Split, str]:
    """Return the splits of an experiment that have baselines, with their names."""
    from store.schema import splits
    from store.schema.reading import read_configurations

    asked = read_configurations(store.experiments.parameters(experiment_id))
    names = splits.split_names({label: splits.Split.of(one) for label, one in asked.items()})
    found = {Split.of(one): names[label] for label, one in asked.items()}
    return {split: name for split, name in found.items() if split is not None}


def _found_or_computed(store: Store, split: Split, progress: Progress | None) -> pd.DataFrame:
    known = store.results.baselines_of(split.key)
    if len(known):
        return known
    from scheduler.statistics.baselines import compute_baselines

    series = store.series.get(split.series_hash)
    found = compute_baselines(
        _values(series, split.targets),
        test=split.test,
        horizon=split.horizon,
        seasons=seasons(series, split.seasons),
        targets=split.targets,
        progress=progress,
    )
    return found.assign(split=split.key)


def seasons(series: Series, given: tuple[int, ...]) -> tuple[int, ...]:
    """Return the seasons of a series: those that the grid gives, or those that its times show."""
    from scheduler.series.season import find_seasons

    return tuple(season for season in given if season > 1) if given else find_seasons(series.times)


def _values(series: Series, targets: tuple[str, ...]) -> NDArray[np.float64]:
    return series.values[:, [series.columns.index(name) for name in targets]]
