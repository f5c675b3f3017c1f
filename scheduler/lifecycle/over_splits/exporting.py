"""The models of several series: one for each, in folders of their own below one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from scheduler.files import written
from scheduler.lifecycle.chosen import check_study
from scheduler.lifecycle.forecast_choice import choose_forecast
from scheduler.lifecycle.over_splits.predicting import NAMES
from scheduler.statistics.over_splits.frames import has_several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scheduler.lifecycle.forecast_choice import Choice
    from store import Experiment, Store

#: characters of a folder's name
LONGEST = 80


def choose_series(store: Store, experiment: Experiment, label: str | None, series: Sequence[str]) -> Choice | None:
    """Return the models of a study with several splits that are exported; None where it has one split.

    Raises:
        UsageError: no configuration is put first.
        NotFound: there is no such configuration, or no such series.
    """
    check_study(store, experiment)
    cells = store.experiments.cells(experiment.id)
    if not has_several(cells) and not series:
        return None
    return choose_forecast(store, experiment, label, validation=False, series=series)


def folders(names: Mapping[str, str]) -> dict[str, str]:
    """Return a folder for each label, named as its series as far as file systems allow.

    Args:
        names: the name of the series by label.
    """
    found: dict[str, str] = {}
    for label, name in names.items():
        plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST] or "series"
        taken = {one.lower() for one in found.values()}
        number = next(count for count in range(1, len(names) + 1) if _numbered(plain, count).lower() not in taken)
        found[label] = _numbered(plain, number)
    return found


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def write_names(folder: Path, names: Mapping[str, str]) -> None:
    """Write which folder has which series, for `predict`."""
    with written(folder / NAMES, "DIR") as part:
        part.write_text(json.dumps(dict(names), ensure_ascii=False, indent=1), encoding="utf-8")
