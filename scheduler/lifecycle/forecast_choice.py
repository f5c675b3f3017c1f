"""Which configuration of a study is forecast with, how sure that choice is, and what it does to the expected error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.future.choice import MOST, by_validation, chosen_on_test
from scheduler.future.splits import newest_windows, splits_of
from scheduler.lifecycle.chosen import MOST_NAMED, choose
from scheduler.text import number_format
from store.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store import Experiment, Store
    from store.experiments.cells import Cell


def choose_forecast(
    store: Store, study: Experiment, label: str | None, *, validation: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the configuration that is named, or the best one, and in sentences how it was chosen.

    Args:
        store: the results store.
        study: whose.
        label: None for the best one.
        validation: whether the validation rows choose, and not the test rows.

    Raises:
        UsageError: no configuration is put first, or there are no validation rows.
        NotFound: there is no such configuration.
    """
    if label is None and validation:
        return _by_validation(store, study)
    cells = store.experiments.cells(study.id)
    if label is not None and label not in cells and (mine := splits_of(cells, label)):
        return _newest_window(study, label, mine), ()
    found = choose(store, study, label, several=True)
    if found.label not in cells:
        chosen = f"{found.label}: it was chosen on the test rows of all splits, where its error is too low an estimate"
        return _newest_window(study, found.label, splits_of(cells, found.label)), (found.answer, chosen)
    if not found.answer:
        return found.label, ()
    best = _best_labels(store, study)
    forecasts = store.results.forecasts(study.id, best)
    rows = next((len(one.observed) for one in forecasts.values()), 0)
    return found.label, (
        found.answer,
        f"{found.label}: {chosen_on_test(forecasts, rows)}",
        *_audited(store, study, found.label),
    )


def _newest_window(study: Experiment, label: str, splits: Sequence[Cell]) -> str:
    """Return the split of a configuration whose window ends with its series.

    Raises:
        UsageError: there are several series.
    """
    found = newest_windows(splits)
    if len(found) == 1:
        return found[0]
    shown = "; ".join([*found[:MOST_NAMED], *(["..."] if len(found) > MOST_NAMED else [])])
    raise UsageError(
        f"{label} of {study.name} has a model for each of {len(found)} series; name one with --configuration: {shown}"
    )


def _best_labels(store: Store, study: Experiment) -> list[str]:
    """Return the configurations with the best means, among which the choice is repeated."""
    results = store.results.frame(study.id, ["configuration", study.judged_by, "diverged"])
    means = results[results["diverged"] == False].groupby("configuration", sort=False)[study.judged_by].mean()  # noqa: E712
    return list(means.nsmallest(MOST).index)


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


def _by_validation(store: Store, study: Experiment) -> tuple[str, tuple[str, ...]]:
    """Return the configuration with the lowest error of the validation rows.

    Raises:
        UsageError: the protocol has none.
    """
    means = by_validation(store.results.trajectories(study.id))
    if not means:
        raise UsageError(
            f"{study.name} has no scores of validation rows: --select validation needs `protocol: {{kind: fixed, "
            "validation: 6}` in its grid. Without it, the test rows choose."
        )
    label = next(iter(means))
    write = number_format(list(means.values())[:2])
    others = list(means.items())[1:2]
    behind = f", before {others[0][0]} ({write(others[0][1])})" if others else ""
    lowest = f"{label} has the lowest mean RMSE of the validation rows, {write(means[label])}{behind}"
    return label, (f"{lowest}; the test rows chose nothing",)
