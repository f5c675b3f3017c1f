"""Looking at results before all are in: as far as the planned looks allow, and no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData
    from store import Experiment, Store


def read_report(store: Store, experiment_id: int) -> ReportData:
    """Read the report of an experiment; while repeats are to come, as far as its planned looks allow.

    Raises:
        UsageError: it is a forecast beyond the end of the data, which has no scores.
    """
    from scheduler.lifecycle.chosen import check_study
    from scheduler.report.gather import gather

    experiment = store.experiments.with_id(experiment_id)
    check_study(store, experiment)
    return gather(store, experiment, early=is_early(experiment), brief=True)


def is_early(experiment: Experiment) -> bool:
    """Return whether repeats of an experiment are to come, so that whoever looks at it looks early."""
    from store import ExperimentState

    return experiment.state is ExperimentState.RUNNING
