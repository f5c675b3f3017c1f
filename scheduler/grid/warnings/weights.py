"""Models with many more weights than there are training rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.grid.warnings.case import Case, by_rows, distinct
from scheduler.text import many
from store.schema.kinds import KINDS
from store.schema.weights import count_weights

#: weights for each training row
MOST_A_ROW = 100


def too_many_weights(cases: Sequence[Case]) -> Iterator[str]:
    """Report in one line how many configurations have too many weights, and the largest of them."""
    shares: dict[object, tuple[float, int, int]] = {}
    for case in distinct(cases, _key):
        cut = case.frame
        weights = count_weights(case.configuration, cut)
        rows = len(cut.train) if case.configuration.panel is None else case.configuration.panel.trained * len(cut.train)
        shares[_key(case)] = (weights / max(1, rows), weights, rows)
    wide = [(shares[_key(case)], case.label) for case in cases if shares[_key(case)][0] > MOST_A_ROW]
    if not wide:
        return
    (share, weights, rows), label = max(wide, key=lambda one: one[0])
    several = f"{len(wide):,} of {many(len(cases), 'configuration')} have" if len(cases) > 1 else "the model has"
    most = f"; most has {label}: " if len(cases) > 1 else ": "
    yield (
        f"{several} more than {MOST_A_ROW} weights a training row{most}{weights:,} weights for {many(rows, 'row')} "
        f"({share:,.0f} each), so that it can learn the rows by heart: use fewer {_field(wide[0][1], cases)}, or a "
        "longer series"
    )


def _field(label: str, cases: Sequence[Case]) -> str:
    """Name the field that makes a model smaller."""
    kind = next(case.configuration.model.kind for case in cases if case.label == label)
    fields = KINDS[kind].fields
    return next((f"model.{field}" for field in ("units", "filters") if field in fields), "model.dense")


def _key(case: Case) -> object:
    return (by_rows(case), case.configuration.model.written)
