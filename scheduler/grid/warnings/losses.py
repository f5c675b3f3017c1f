"""Losses that are given values outside their domain, as scaling and differencing make them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scheduler.grid.warnings.case import Case, by_rows, distinct
from store.preparation.transforms import NONE
from store.schema.spelling import listed


@dataclass(frozen=True, slots=True)
class Domain:
    """The target values that a loss is made for."""

    words: str
    #: whether 0 is one of them
    zero: bool
    #: a scale that keeps the values within it
    scale: str

    def has(self, low: float, high: float) -> bool:
        """Return whether values from `low` to `high` lie within it."""
        return low >= 0 if self.zero else low > 0 or high < 0


DOMAINS: Final[dict[str, Domain]] = {
    "mape": Domain("values away from 0", zero=False, scale="[1, 2]"),
    "msle": Domain("values from 0", zero=True, scale="[0, 1]"),
    "poisson": Domain("values from 0", zero=True, scale="[0, 1]"),
}


def losses_outside_their_domain(cases: Sequence[Case]) -> Iterator[str]:
    """Report such losses, with the columns and the range that the model is trained on."""
    some = [case for case in cases if case.configuration.training.loss.name in DOMAINS]
    for case in distinct(some, lambda case: (by_rows(case), case.configuration.training.loss.name)):
        loss = case.configuration.training.loss.name
        domain = DOMAINS[loss]
        outside = []
        for column in case.configuration.series.targets:
            values = case.scaled(column)
            low, high = float(values.min()), float(values.max())
            if not domain.has(low, high):
                outside.append(f"{column} from {low:.6g} to {high:.6g}")
        if outside:
            yield (
                f"training.loss {loss} is made for {domain.words}, and the model is trained on "
                f"{listed(outside, 'and')} ({_made_by(case)}): use prepare.scale: {domain.scale}, or another loss, "
                "such as mse"
            )


def _made_by(case: Case) -> str:
    prepare, targets = case.configuration.prepare, case.configuration.series.targets
    made = ["transformed"] if any(prepare.transform_of(column) != NONE for column in targets) else []
    made += ["differenced"] if any(prepare.differences_of(column) for column in targets) else []
    made += ["scaled"] if any(prepare.scale_of(column) for column in targets) else []
    return listed(made, "and") or "as the series has them"
