"""All warnings of a set of configurations, those about the data first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from scheduler.grid.warnings.case import Case
from scheduler.grid.warnings.constants import constant_inputs, constant_tests
from scheduler.grid.warnings.known import targets_among_the_known
from scheduler.grid.warnings.losses import losses_outside_their_domain
from scheduler.grid.warnings.missing import rows_lost_to_missing
from scheduler.grid.warnings.order import rows_out_of_order, uneven_times
from scheduler.grid.warnings.outliers import values_far_outside
from scheduler.grid.warnings.strategies import recursion_over_one_step
from scheduler.grid.warnings.weights import too_many_weights
from store.preparation.windows import windowed
from store.records import Series
from store.schema.configuration import Configuration

#: lines, the last of which counts those that are left out
MOST_WARNINGS = 10

CHECKS: Final[tuple[Callable[[Sequence[Case]], Iterator[str]], ...]] = (
    rows_out_of_order,
    uneven_times,
    values_far_outside,
    rows_lost_to_missing,
    constant_inputs,
    constant_tests,
    targets_among_the_known,
    losses_outside_their_domain,
    too_many_weights,
    recursion_over_one_step,
)


def find_warnings(configurations: Iterable[tuple[str, Configuration]], series: Mapping[str, Series]) -> tuple[str, ...]:
    """Find what is accepted but looks wrong.

    Args:
        configurations: each with its label.
        series: content hash -> series.

    Returns:
        At most `MOST_WARNINGS` lines, each with what to do.
    """
    cases = [Case(label, *windowed(one, series[one.series.content_hash])) for label, one in configurations]
    found = list(dict.fromkeys(line for check in CHECKS for line in check(cases)))
    if len(found) <= MOST_WARNINGS:
        return tuple(found)
    kept = found[: MOST_WARNINGS - 1]
    return (*kept, f"and {len(found) - len(kept)} more warnings: correct these to see the others")
