"""Strategies that make no difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.grid.warnings.case import Case
from scheduler.text import many


def recursion_over_one_step(cases: Sequence[Case]) -> Iterator[str]:
    """Report how many configurations feed back the forecasts of a horizon of one step."""
    idle = [
        case
        for case in cases
        if case.configuration.prepare.strategy == "recursive" and case.configuration.prepare.horizon == 1
    ]
    if idle:
        some = f"{len(idle):,} of {many(len(cases), 'configuration')}: " if len(cases) > 1 else ""
        yield (
            f"{some}with prepare.horizon 1, prepare.strategy: recursive trains and forecasts as direct does: use a "
            "longer horizon, or leave it out (of a grid with both by exclude: "
            "[{prepare.horizon: 1, prepare.strategy: recursive}])"
        )
