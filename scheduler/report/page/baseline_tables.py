"""The page's tables of the baselines: their errors, and which configurations beat them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from scheduler.report.page.table import Cell, Column, Table, text_columns
from scheduler.report.report_data import ReportData
from scheduler.statistics.baseline_table import mase_denominators
from scheduler.statistics.outcomes import BaselineOutcome, BeyondRows
from scheduler.text import DASH, number_format
from store.forecast_scores import ABSENT, SCORES, TITLES

MOST_BEATING = 100  #: configurations of which the share that beats each baseline is shown
#: outcome -> sign, and the words for a screen reader
BASELINE_SIGNS: dict[BaselineOutcome | None, tuple[str, str]] = {
    BaselineOutcome.BEATS: ("\N{CHECK MARK}", "beats: "),
    BaselineOutcome.LOSES: ("\N{MULTIPLICATION SIGN}", "loses to: "),
}
#: what a check mark says of other rows
BEYOND = {
    BeyondRows.MORE_ACCURATE: "beyond, too",
    BeyondRows.LESS_ACCURATE: "less accurate beyond",
    BeyondRows.NOT_SHOWN: "not shown beyond",
    BeyondRows.TOO_FEW_ROWS: "too few rows to say beyond",
}
ABOUT_BEYOND = (
    " Each \N{CHECK MARK} is about these test rows. Beside it is whether it holds beyond them: the test of Diebold and "
    "Mariano on the median forecast of the repeats, corrected for the number of configurations."
)


def baselines(report: ReportData) -> Iterator[Table]:
    """Make the table of the baselines, and that of the repeats which beat them."""
    frame = report.baselines
    if frame is None or not len(frame):
        return
    denominators = mase_denominators(frame)
    over = ["mase_of"] if len(denominators) > 1 else []
    extra = [name for name in ("target", *over, "note") if name in frame and frame[name].astype(bool).sum() > 0]
    if "target" in extra and frame["target"].nunique() == 1:
        extra.remove("target")
    measures = [name for name in SCORES if name in frame and frame[name].notna().any()]
    formats = {name: number_format(frame[name].to_numpy(dtype=float)) for name in measures}
    rows = [
        [
            *(Cell(str(record[name] or "")) for name in ("baseline", *extra)),
            *(Cell(write(float(record[name])), float(record[name])) for name, write in formats.items()),
        ]
        for record in frame.to_dict("records")
    ]
    caption = "Errors of the baselines on the same test rows. Less is better."
    if len(denominators) == 1 and "mase" in measures:
        caption += f" MASE: the MAE over that of {denominators[0]} on the observations before the test part."
    scored = frame[frame["rmse"].notna()] if "rmse" in frame else frame
    absent = [name for name in ABSENT if len(scored) and name in frame and name not in measures]
    caption += "".join(f" {TITLES[name]}: none ({ABSENT[name]})." for name in absent)
    heads = {"mase_of": "MASE over"}
    named = {"mase": f"MASE (over {denominators[0]})"} if len(denominators) == 1 else {}
    columns = [
        *text_columns("baseline", *(heads.get(name, name) for name in extra)),
        *(Column(named.get(name, TITLES[name])) for name in measures),
    ]
    yield Table("baselines-table", caption, columns, rows)
    if report.baseline_errors:
        yield _beaten(report)


def _beaten(report: ReportData) -> Table:
    """Make the table of how many repeats of each configuration beat each baseline, and whether that holds beyond."""
    errors, lost, scored = report.baseline_errors, report.diverged(), report.scores()
    means = {label: float(np.mean(found)) if len(found) else math.inf for label, found in scored.items()}
    best = set(sorted(means, key=lambda label: means[label])[:MOST_BEATING])
    against = _against(report, best)
    rows = [
        [
            Cell(label),
            *(
                _share(against.get((label, name), {}), int(np.sum(scores < error)), len(scores) + lost[label])
                for name, error in errors.items()
            ),
        ]
        for label, scores in scored.items()
        if label in best
    ]
    caption = (
        f"How many repeats of each configuration beat each baseline on {_these_rows(report)}. A repeat that diverged "
        "beats none."
    )
    if len(rows) < len(scored):
        caption += f" The {len(rows)} best means of {len(scored):,}."
    if against:
        caption += (
            " \N{CHECK MARK}: significantly more than half of them, \N{MULTIPLICATION SIGN}: significantly fewer."
        )
        caption += ABOUT_BEYOND if any("beyond" in record for record in against.values()) else ""
    return Table("beaten-table", caption, [*text_columns("configuration"), *map(Column, errors)], rows)


def _these_rows(report: ReportData) -> str:
    """Name the test rows by their number, where that is known."""
    rows = math.nan if report.against is None or not len(report.against) else float(report.against["rows"].iloc[0])
    return f"these {rows:.0f} test rows" if rows > 0 else "these test rows"


def _against(report: ReportData, labels: Collection[str]) -> Mapping[tuple[str, str], Mapping[Any, Any]]:
    """Return what is concluded of each of these configurations and each baseline."""
    if report.against is None:
        return {}
    rows = report.against[report.against["configuration"].isin(labels)]
    return {(str(row["configuration"]), str(row["baseline"])): row for row in rows.to_dict("records")}


def _share(found: Mapping[Any, Any], beating: int, total: int) -> Cell:
    """Make the cell of one configuration and baseline.

    Args:
        found: what is concluded; empty where nothing is.
        beating: how many repeats have a lower score, where nothing is concluded.
        total: of how many.
    """
    if not total:
        return Cell(DASH, math.nan)
    outcome = BaselineOutcome(found["outcome"]) if found else None
    sign, spoken = BASELINE_SIGNS.get(outcome, ("", ""))
    beyond = BEYOND.get(BeyondRows(found["beyond"]), "") if "beyond" in found else ""
    count = int(found.get("beating", beating))
    tag = beyond if outcome is BaselineOutcome.BEATS else ""
    return Cell(f"{count:,} of {total:,}", count / total, sign=sign, spoken=spoken, share=count / total, tag=tag)
