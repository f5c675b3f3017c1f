"""What the process that makes reports does: from the store to bytes that a browser takes as they are."""

from __future__ import annotations

import gzip
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.report.page.table import Table
    from scheduler.report.report_data import ReportData
    from store import Experiment, Store


@dataclass(frozen=True, slots=True)
class Rendered:
    """Bytes compressed by gzip, and the seconds of computing that they took."""

    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Side:
    """One of two experiments beside each other."""

    experiment: Experiment
    facts: list[str]
    table: Table | None


def render_report(address: str, experiment_id: int) -> Rendered:
    """Make the report of an experiment as a piece of HTML."""
    from scheduler.report.page.blocks import content
    from scheduler.report.page.document import fragment
    from scheduler.report.page.facts import facts
    from scheduler.web.early import read_report

    started = time.process_time()
    report = read_report(_opened(address), experiment_id)
    return _packed(fragment(content(report), list(facts(report))).encode(), started)


def render_file(address: str, experiment_id: int, name: str) -> Rendered:
    """Make a file to download.

    Raises:
        UsageError: it compares configurations, and not all repeats are in.
    """
    from scheduler.web.files import make_file

    started = time.process_time()
    return _packed(make_file(_opened(address), experiment_id, name), started)


def render_comparison(address: str, first_id: int, second_id: int) -> Rendered:
    """Make the comparison of two experiments as a piece of HTML: each by itself, and together where that is allowed.

    Raises:
        UsageError: one is a forecast beyond the end of the data, which has no scores.
    """
    from scheduler.report.page.blocks import Content, content
    from scheduler.report.page.document import fragment
    from scheduler.web.parts import templates

    started = time.process_time()
    store = _opened(address)
    both = [store.experiments.with_id(one) for one in (first_id, second_id)]
    sides = [_side(store, one) for one in both]
    together, reason = _together(store, both[0], both[1])
    before = templates().get_template("sides.html").render(sides=sides, reason=reason)
    made = Content([], []) if together is None else replace(content(together), last=[])
    return _packed(fragment(made, [], before=before).encode(), started)


def _together(store: Store, first: Experiment, second: Experiment) -> tuple[ReportData | None, str]:
    """Compare all configurations of two experiments, or say why not."""
    from scheduler.report.gather_both import gather_both
    from scheduler.web.early import is_early
    from store import UsageError

    if early := [one.name for one in (first, second) if is_early(one)]:
        return None, f"Compared when all repeats are in: some of {' and '.join(early)} are still to come."
    try:
        return gather_both(store, first, second), ""
    except UsageError as problem:
        return None, str(problem)


def _side(store: Store, experiment: Experiment) -> Side:
    from scheduler.lifecycle.chosen import check_study
    from scheduler.report.gather import gather
    from scheduler.report.page.answer import best_first
    from scheduler.report.page.facts import facts
    from scheduler.report.page.tables import summary
    from scheduler.report.shown import narrowed

    check_study(store, experiment)
    report = gather(store, experiment, curves=False, conclusions=False, brief=True)
    return Side(experiment, list(facts(report)), summary(narrowed(report, best_first(report)), ""))


def _packed(body: bytes, started: float) -> Rendered:
    return Rendered(gzip.compress(body, 5, mtime=0), time.process_time() - started)


@lru_cache(1)
def _opened(address: str) -> Store:
    from store import open_store

    return open_store(address)
