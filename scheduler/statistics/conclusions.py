"""What the results of an experiment say: which configuration is better, whether any beats the baselines, and the audit.

Scores that are looked at repeatedly, since `top-up` adds repeats until pairs are decided, are held against the stricter
boundaries of their looks, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.comparison import Comparison
    from scheduler.statistics.selection_audit import Audit
    from scheduler.statistics.side_by_side import Side
    from store import Experiment


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusions:
    """What the results say; empty where nothing was asked."""

    comparison: Comparison | None = None
    beaten: pd.DataFrame | None = None
    audit: Audit | None = None
    #: one sentence, or two: which configuration is better, and whether any beats the best baseline
    answer: str | None = None

    @classmethod
    def of(cls, comparison: Comparison | None, against: pd.DataFrame | None, audit: Audit | None = None) -> Conclusions:
        """Put conclusions together, with the answer in words."""
        from scheduler.statistics.answers import best_baseline

        lines = [comparison.answer] if comparison else []
        if against is not None and len(against):
            lines.append(best_baseline(against))
        return cls(comparison=comparison, beaten=against, audit=audit, answer=" ".join(lines) or None)


def compare_experiment(experiment: Experiment, results: pd.DataFrame) -> Comparison:
    """Compare the configurations of an experiment, under its looks where it has any.

    Args:
        experiment: whose results they are.
        results: one row a repeat, as `store.results.frame` returns them.
    """
    from scheduler.statistics.comparison import compare
    from scheduler.statistics.sequential import Design, top_up

    if experiment.looks is None:
        return compare(results)
    return top_up(results, Design(sizes=experiment.looks)).comparison


def compare_experiments(first: Side, second: Side) -> Comparison:
    """Compare the configurations of two experiments as one family.

    Raises:
        UsageError: they do not forecast the same rows of the same series, or are the same experiment.
    """
    from scheduler.statistics.comparison import compare
    from scheduler.statistics.side_by_side import combined, notes

    found = compare(combined(first, second))
    return replace(found, notes=(*notes(first, second), *found.notes))


def draw_conclusions(
    experiment: Experiment, results: pd.DataFrame, baselines: pd.DataFrame, trajectories: Any
) -> Conclusions:
    """Compare the configurations, hold them against the baselines and audit the choice of epochs."""
    from scheduler.statistics.against_baselines import compare_with_baselines
    from scheduler.statistics.selection_audit import audit

    comparison = compare_experiment(experiment, results) if results["configuration"].nunique() > 1 else None
    against = compare_with_baselines(results, baselines) if len(baselines) else None
    found = audit(trajectories, baselines=baselines if len(baselines) else None) if trajectories else None
    return Conclusions.of(comparison, against, found)
