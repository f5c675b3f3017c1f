"""Missing observations that take more rows than they leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.grid.warnings.case import Case, by_rows, distinct
from scheduler.text import many
from store.schema.framing import frame


def rows_lost_to_missing(cases: Sequence[Case]) -> Iterator[str]:
    """Report the configuration of each series that loses the most rows, where these are more than half of them.

    A row is left out if it, or a value that it is differenced by, touches an observation that was missing.
    """
    worst: dict[str, tuple[int, int, Case]] = {}
    for case in distinct(cases, by_rows):
        left, whole = case.frame.available, _without_missing(case)
        before = worst.get(case.configuration.series.name)
        if 2 * left < whole and (before is None or whole - left > before[1] - before[0]):
            worst[case.configuration.series.name] = (left, whole, case)
    for name, (left, whole, case) in worst.items():
        yield (
            f"{name}: missing observations leave {left:,} of {many(whole, 'row')} to train on ({case.label}): use "
            "fewer lags or differences, or write missing: previous"
        )


def _without_missing(case: Case) -> int:
    """Return how many rows could be trained on if no observation had been missing."""
    configuration = case.configuration
    if not configuration.series.left_out:
        return case.frame.available
    whole = configuration.series.model_copy(update={"left_out": ()})
    return frame(configuration.model_copy(update={"series": whole}), len(case.series.values)).available
