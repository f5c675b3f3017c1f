"""Conclusions from an experiment: which configuration is better, whether any beats the baselines, and the audit.

Scores that are looked at repeatedly, since `top-up` adds repeats until pairs are decided, are held against the stricter
boundaries of their looks, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.accuracy import Forecasts
    from scheduler.statistics.comparison import Comparison
    from scheduler.statistics.selection_audit import Audit, Picked
    from scheduler.statistics.side_by_side import Side
    from scheduler.statistics.splits.record import OverSplits
    from scheduler.statistics.splits.scores import SplitScores
    from store import Experiment


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusions:
    """The conclusions; empty where none were asked for."""

    comparison: Comparison | None = None
    against: pd.DataFrame | None = None
    audit: Audit | None = None
    #: one sentence, or two: which configuration is better, and whether any beats the best baseline
    answer: str | None = None
    #: the same of each split by its name, where there are several
    parts: Mapping[str, Conclusions] = field(default_factory=dict)
    #: what many splits say, by the name of each set of them
    over: Mapping[str, OverSplits] = field(default_factory=dict)

    @classmethod
    def of(cls, comparison: Comparison | None, against: pd.DataFrame | None, audit: Audit | None = None) -> Conclusions:
        """Assemble conclusions, with the answer in words: a line for each split."""
        from scheduler.statistics.answers import best_baseline, beyond_rows

        said: dict[str, list[str]] = {}
        for name, part in (comparison.parts if comparison else {}).items():
            said.setdefault(name, []).append(part.answer)
        if against is not None and len(against):
            for split, rows in against.groupby("split", sort=False):
                said.setdefault(str(split), []).extend(filter(None, (best_baseline(rows), beyond_rows(rows))))
        several = len(said) > 1
        answers = [f"{name}: {' '.join(lines)}" if several else " ".join(lines) for name, lines in said.items()]
        return cls(comparison=comparison, against=against, audit=audit, answer="\n".join(answers) or None)


def compare_experiment(
    experiment: Experiment,
    results: pd.DataFrame,
    *,
    numerics: Sequence[int],
    store: str = "",
    splits: Mapping[str, SplitScores] | None = None,
) -> Comparison:
    """Compare the configurations of an experiment, under its looks where it has any.

    Args:
        experiment: whose results they are.
        results: one row a repeat, as `store.results.frame` returns them, over all splits of its configuration.
        numerics: the versions that computed them; several have no verdict.
        store: the URL of their store, which the way out from several versions names.
        splits: the scores on each split, where configurations have several.
    """
    from scheduler.statistics.comparison import compare
    from scheduler.statistics.next_look import top_up
    from scheduler.statistics.sequential import Design
    from scheduler.statistics.splits.verdicts import over_many_splits, with_splits
    from scheduler.statistics.versions import no_verdict

    if len(numerics) > 1:
        return no_verdict(experiment, results, numerics, store)
    if experiment.looks is None:
        found = compare(results, score=experiment.judged_by)
    else:
        found = top_up(results, Design(sizes=experiment.looks), score=experiment.judged_by).comparison
    return with_splits(found, over_many_splits(splits, alpha=found.alpha)) if splits else found


def compare_experiments(first: Side, second: Side) -> Comparison:
    """Compare the configurations of two experiments as one family, within each split that both have.

    Of configurations with several splits both must have all of them: then it is also decided what holds beyond these.

    Raises:
        UsageError: they forecast no rows of a series that are the same, are the same experiment, are judged by
            different scores or by scores over different errors, or other versions of the numerics computed them.
    """
    from scheduler.statistics.comparison import compare
    from scheduler.statistics.side_by_side import Shared, check_scales, check_scores, combined, notes
    from scheduler.statistics.splits.joining import join_sides
    from scheduler.statistics.splits.reading import have_shared_seeds
    from scheduler.statistics.splits.verdicts import over_many_splits, with_splits
    from scheduler.statistics.versions import check_versions

    check_versions(first, second)
    check_scores(first, second)
    shared = Shared.of(first, second)
    check_scales(first, second, shared)
    repeats = combined(first, second, shared)
    found = compare(repeats, score=f"test_{first.score}")
    if splits := join_sides(first, second, shared, shared_seeds=have_shared_seeds(repeats)):
        found = with_splits(found, over_many_splits(splits, alpha=found.alpha))
    return replace(found, notes=(*shared.left_out, *notes(first, second), *found.notes))


def draw_conclusions(
    experiment: Experiment,
    results: pd.DataFrame,
    baselines: pd.DataFrame,
    picked: Mapping[str, Picked],
    forecasts: Forecasts | None = None,
    *,
    numerics: Sequence[int],
    store: str = "",
    splits: Mapping[str, SplitScores] | None = None,
) -> Conclusions:
    """Compare the configurations with each other and with the baselines, and audit the choice of epochs.

    Args:
        experiment: whose results they are.
        results: one row a repeat, as `store.results.frame` returns them.
        baselines: what `compute_baselines` returned, with its split.
        picked: the scores that the selection audit picks from the trajectories of each configuration; empty where it
            is not asked for. Trajectories are RMSE, so nothing is audited where another score judges.
        forecasts: reads the forecasts of a configuration, by its label, for what they say beyond the test rows.
        numerics: the versions that computed the results; of several no conclusion is drawn but that.
        store: as for `compare_experiment`.
        splits: as for `compare_experiment`.
    """
    from scheduler.statistics.selection_audit import joined_audits

    if len(numerics) > 1:
        return Conclusions.of(compare_experiment(experiment, results, numerics=numerics, store=store), None)
    several = results["configuration"].nunique() > 1
    comparison = compare_experiment(experiment, results, numerics=numerics, splits=splits) if several else None
    against = hold_against(results, baselines, forecasts, experiment.judged_by) if len(baselines) else None
    audits = _audits(results, baselines, picked) if picked and experiment.score == "rmse" else {}
    whole = Conclusions.of(comparison, against, joined_audits(audits) if audits else None)
    over = _over(comparison, splits or {})
    return replace(whole, parts=conclusions_of_splits(comparison, against, audits), over=over)


def _over(comparison: Comparison | None, splits: Mapping[str, SplitScores]) -> Mapping[str, OverSplits]:
    """Return what many splits say, also of a single configuration."""
    from scheduler.statistics.comparison import ALPHA
    from scheduler.statistics.splits.verdicts import over_many_splits

    return over_many_splits(splits, alpha=ALPHA) if comparison is None and splits else getattr(comparison, "over", {})


def hold_against(
    results: pd.DataFrame, baselines: pd.DataFrame, forecasts: Forecasts | None, score: str = "test_rmse"
) -> pd.DataFrame:
    """Hold the configurations against the baselines: on the test rows and, where there are forecasts, beyond them.

    Args:
        results: one row a repeat, with `rounding` where it is known.
        baselines: those of the same splits.
        forecasts: reads those of a configuration.
        score: the column that repeats are judged by.
    """
    from scheduler.statistics.accuracy import with_beyond_rows
    from scheduler.statistics.against_baselines import compare_with_baselines, score_name

    against = compare_with_baselines(results, baselines, score=score)
    if forecasts is None or not len(against):
        return against
    once = results.drop_duplicates("configuration").set_index("configuration")
    rounding = dict(once.get("rounding_of_errors", once.get("rounding", {})))
    return with_beyond_rows(against, baselines, forecasts, rounding=rounding, score=score_name(score))


def conclusions_of_splits(
    comparison: Comparison | None, against: pd.DataFrame | None, audits: Mapping[str, Audit]
) -> dict[str, Conclusions]:
    """Return the conclusions about each split, where there are several."""
    from scheduler.statistics.comparison import joined

    if comparison is None or len(comparison.parts) < 2:
        return {}
    return {
        name: Conclusions.of(
            joined({name: part}),
            against if against is None else against[against["split"] == name].reset_index(drop=True),
            audits.get(name),
        )
        for name, part in comparison.parts.items()
    }


def _audits(results: pd.DataFrame, baselines: pd.DataFrame, picked: Mapping[str, Picked]) -> dict[str, Audit]:
    """Audit the choice of epochs within each split."""
    from scheduler.statistics.against_baselines import of_split
    from scheduler.statistics.selection_audit import audit_picked

    once = results.drop_duplicates("configuration").set_index("configuration")
    splits, rounding = once["split"], dict(once.get("rounding", {}))
    found = {}
    for name in splits.unique():
        mine = {label: one for label, one in picked.items() if splits.get(label) == name}
        own = of_split(baselines, name)
        found[str(name)] = audit_picked(mine, baselines=own if len(own) else None, rounding=rounding)
    return found
