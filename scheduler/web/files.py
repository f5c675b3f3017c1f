"""What can be downloaded of an experiment: its report in each format, its tables, its grid."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from store.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import ReportData
    from store import Experiment, Store


@dataclass(frozen=True, slots=True)
class File:
    """One file: what is in it, its media type, and what makes it."""

    words: str
    media: str
    make: Callable[[Store, Experiment], str | bytes]
    #: whether it compares configurations, which has to wait until the repeats are in
    compares: bool = False


def make_file(store: Store, experiment_id: int, name: str) -> bytes:
    """Make a file of `FILES`.

    Raises:
        UsageError: it compares configurations, and not all repeats are in; or it is a report, and of a forecast.
    """
    from scheduler.web.early import is_early

    experiment = store.experiments.with_id(experiment_id)
    if FILES[name].compares and is_early(experiment) and experiment.looks is None:
        raise UsageError(
            f"{experiment.name} is not compared yet: repeats are still to come, and one look is planned, when all are "
            "in. Its summaries and repeats can be downloaded now."
        )
    made = FILES[name].make(store, experiment)
    return made if isinstance(made, bytes) else made.encode()


def _page(store: Store, experiment: Experiment) -> str:
    from scheduler.report.page import render
    from scheduler.web.early import read_report

    return render(read_report(store, experiment.id))


def _report(store: Store, experiment: Experiment, *, form: str) -> str | bytes:
    from scheduler.report.formats.registry import report_format

    chosen = report_format(form)
    return chosen.write(
        _gathered(
            store,
            experiment,
            conclusions=chosen.compares,
            brief=not chosen.every_column,
            scores=chosen.every_score,
        )
    )


def _comparison(store: Store, experiment: Experiment, *, form: str) -> str:
    from scheduler.report.formats.registry import comparison_format

    return comparison_format(form).write(_gathered(store, experiment, brief=True), None)


def _gathered(store: Store, experiment: Experiment, **options: bool) -> ReportData:
    from scheduler.lifecycle.chosen import check_study
    from scheduler.report.gather import gather
    from scheduler.web.early import is_early

    check_study(store, experiment)
    return gather(store, experiment, curves=False, early=is_early(experiment), **options)


def _frame(
    store: Store, experiment: Experiment, *, read: Callable[[Store, Experiment], pd.DataFrame], form: str
) -> str | bytes:
    from scheduler.report.records import records_text

    frame = read(store, experiment)
    if form == "parquet":
        return bytes(frame.to_parquet(None, index=False))
    return str(frame.to_csv(index=False)) if form == "csv" else records_text(frame)


def _repeats(store: Store, experiment: Experiment) -> pd.DataFrame:
    from scheduler.statistics.over_splits.reading import by_point

    return by_point(store.results.frame(experiment.id), store.experiments.cells(experiment.id))


def _baselines(store: Store, experiment: Experiment) -> pd.DataFrame:
    from store.forecast_scores import SCORES

    frame = store.results.baselines(experiment.id)
    return frame[[name for name in ("split_name", "target", "baseline", *SCORES, "mase_of", "note") if name in frame]]


def _summaries(store: Store, experiment: Experiment) -> pd.DataFrame:
    from scheduler.report.so_far import summaries_so_far

    return summaries_so_far(store, experiment)


def _provenance(store: Store, experiment: Experiment) -> str:
    kept = {"experiment": experiment.name, "grid_file": experiment.grid_file, "submitted_from": experiment.git_commit}
    return json.dumps(kept | store.results.provenance(experiment.id), indent=2)


def _grid(_: Store, experiment: Experiment) -> str:
    return experiment.grid_text


_CSV, _JSON, _PARQUET = "text/csv", "application/json", "application/vnd.apache.parquet"
_TABLES = {
    "summaries": ("one row for each configuration", _summaries),
    "repeats": ("one row for each repeat, on each split, with all its scores", _repeats),
    "baselines": ("forecasts without a network", _baselines),
}
#: name -> file
FILES: dict[str, File] = {
    "report.html": File("the report as one page that needs no network", "text/html", _page),
    "report.json": File("the report for other programs", _JSON, partial(_report, form="json")),
    "report.md": File("the report as Markdown", "text/markdown", partial(_report, form="markdown")),
    "report.tex": File("the summaries as a LaTeX table", "application/x-tex", partial(_report, form="latex")),
    "report.txt": File("the report as text", "text/plain", partial(_report, form="table")),
    "comparisons.csv": File("one row for each pair", _CSV, partial(_comparison, form="csv"), compares=True),
    "comparisons.json": File("ranking and pairs", _JSON, partial(_comparison, form="json"), compares=True),
    "comparisons.md": File("ranking and pairs", "text/markdown", partial(_comparison, form="markdown"), compares=True),
    **{
        f"{table}.{form}": File(words, media, partial(_frame, read=read, form=form))
        for table, (words, read) in _TABLES.items()
        for form, media in (("csv", _CSV), ("json", _JSON), ("parquet", _PARQUET))
    },
    "grid.yaml": File("the grid as it was submitted", "application/yaml", _grid),
    "provenance.json": File("versions, hosts and commits", _JSON, _provenance),
}
