"""What repeats are judged by where a grid does not say it, and whether that score exists on every split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scheduler.series.score_faults import ALWAYS, differing_scales, score_fault
from store.records import Series
from store.schema.configuration import Configuration
from store.schema.splits import Split

#: series that a message names
SHOWN = 3


def default_score(configurations: Iterable[Sequence[Configuration]]) -> str:
    """Return the score of a grid that names none: scaled where the scores of several series are put together."""
    several = (len({(one.series.name, one.series.content_hash) for one in cells}) > 1 for cells in configurations)
    return "mase" if any(several) else "rmse"


def score_mistake(score: str, configurations: Sequence[Configuration], series: Mapping[str, Series]) -> str:
    """Return why repeats cannot be judged by a score on every series and split; empty if they can."""
    if score in ALWAYS:
        return ""
    distinct = {
        (Split.of(one), one.window.train, one.series.content_hash, one.series.season): one for one in configurations
    }
    faults: dict[str, str] = {}
    for one in distinct.values():
        if fault := score_fault(score, one, series[one.series.content_hash]):
            faults.setdefault(one.series.name, fault)
    if faults:
        return _joined(faults, {one.series.name for one in distinct.values()})
    return differing_scales(score, distinct.values(), series)


def _joined(faults: Mapping[str, str], names: set[str]) -> str:
    """Return the first fault, and of which series it is where there are several."""
    first = next(iter(faults.values()))
    if len(names) == 1:
        return first
    shown = ", ".join(list(faults)[:SHOWN])
    more = f" and {len(faults) - SHOWN:,} more" if len(faults) > SHOWN else ""
    rest = ", or leave them out" if len(faults) < len(names) else ""
    return f"{first} (of {shown}{more}, {len(faults):,} of {len(names):,} series){rest}"
