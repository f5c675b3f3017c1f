"""Which configuration of a study is forecast with, how sure that choice is, and what it does to the expected error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.future.choice import MOST, by_validation, chosen_on_test, over_series
from scheduler.future.splits import newest_windows, splits_of
from scheduler.lifecycle.chosen import MOST_NAMED, choose
from scheduler.statistics.ensembles.reading import best_means
from scheduler.text import number_format
from store.errors import NotFound, UsageError
from store.schema.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store import Experiment, Store
    from store.experiments.cells import Cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The configuration that is forecast with, on which series."""

    #: the label of the configuration
    point: str
    #: its label on the newest window of each series
    cells: tuple[str, ...]
    #: how it was chosen, in sentences
    notes: tuple[str, ...] = ()
    #: whether there are other series beside, as those of a panel
    apart: bool = False


def choose_forecast(
    store: Store, study: Experiment, label: str | None, *, validation: bool, series: Sequence[str] = ()
) -> Choice:
    """Return the configuration that is named, or the best one, on all series, or on some.

    Args:
        store: the results store.
        study: whose.
        label: None for the best one; that of a configuration on one split is this series alone.
        validation: whether the validation rows choose, and not the test rows.
        series: the names of those that are forecast; none for all.

    Raises:
        UsageError: no configuration is put first, or there are no validation rows.
        NotFound: there is no such configuration, or no such series.
    """
    cells = store.experiments.cells(study.id)
    if label is None and validation:
        return _of_series(study, cells, *_by_validation(store, study, cells), series)
    if label is not None and label not in cells and splits_of(cells, label):
        return _of_series(study, cells, label, (), series)
    found = choose(store, study, label, several=True)
    if len({cell.point for cell in cells.values()}) == 1:
        return _of_series(study, cells, found.label, (), series)
    if found.label not in cells:
        chosen = f"{found.label}: it was chosen on the test rows of all splits, where its error is too low an estimate"
        return _of_series(study, cells, found.label, (found.answer, chosen), series)
    if not found.answer:
        return _of_series(study, cells, found.label, (), series)
    best = _best_labels(store, study)
    forecasts = store.results.forecasts(study.id, best)
    rows = next((len(one.observed) for one in forecasts.values()), 0)
    notes = (
        found.answer,
        f"{found.label}: {chosen_on_test(forecasts, rows)}",
        *_audited(store, study, found.label),
    )
    return _of_series(study, cells, found.label, notes, series)


def _of_series(
    study: Experiment, cells: Mapping[str, Cell], label: str, notes: tuple[str, ...], series: Sequence[str]
) -> Choice:
    """Return a configuration on the series that are asked for.

    Raises:
        NotFound: it has no such series.
    """
    newest = (label,) if label in cells else tuple(newest_windows(splits_of(cells, label)))
    names = {one: cells[one].series for one in newest}
    for name in series:
        if name not in names.values():
            known = list(names.values())
            raise NotFound(f"{study.name} has no series {name!r}{did_you_mean(name, known)}; {_known(known)}")
    kept = tuple(one for one in newest if not series or names[one] in series)
    return Choice(point=cells[kept[0]].point, cells=kept, notes=notes, apart=len(newest) > 1)


def _known(names: Sequence[str]) -> str:
    """Name the series that there are."""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"series: {', '.join(names[:MOST_NAMED])}{more}"


def _best_labels(store: Store, study: Experiment) -> list[str]:
    """Return the configurations with the best means, among which the choice is repeated."""
    results = store.results.frame(study.id, ["configuration", "split", study.judged_by, "diverged"])
    finite = results[results["diverged"] == False]  # noqa: E712
    best = best_means(finite, study.judged_by, MOST)
    return [str(label) for label in finite["configuration"].unique() if best is None or label in best]


def _audited(store: Store, study: Experiment, label: str) -> tuple[str, ...]:
    """Return what choosing epochs on the test rows would have added, which was not done."""
    from scheduler.statistics.selection_audit import pick

    curves = store.results.trajectories(study.id, [label]).get(label)
    if curves is None:
        return ()
    found = pick(curves)
    finite = np.isfinite(found.last)
    optimism = float(np.mean(found.last[finite] - found.best[finite])) if finite.any() else 0.0
    if optimism <= 0:
        return ()
    write = number_format([optimism])
    return (f"its last epochs count; with those that are best on the test rows it would look {write(optimism)} better",)


def _by_validation(store: Store, study: Experiment, cells: Mapping[str, Cell]) -> tuple[str, tuple[str, ...]]:
    """Return the configuration with the lowest error of the validation rows, and that this was how.

    Raises:
        UsageError: the protocol has none.
    """
    means = by_validation(store.results.trajectories(study.id))
    if not means:
        raise UsageError(
            f"{study.name} has no scores of validation rows: --select validation needs `protocol: {{kind: fixed, "
            "validation: 6}` in its grid. Without it, the test rows choose."
        )
    several = any(cell.label != cell.point for cell in cells.values())
    if several:
        means = over_series(means, cells)
    label = next(iter(means))
    write = number_format(list(means.values())[:2])
    others = list(means.items())[1:2]
    behind = f", before {others[0][0]} ({write(others[0][1])})" if others else ""
    what = "RMSE of the validation rows"
    what = f"{what}, as a share of the mean on each split," if several else f"{what},"
    return label, (f"{label} has the lowest mean {what} {write(means[label])}{behind}; the test rows chose nothing",)
