"""The page's tables as HTML: summary, baselines and selection audit; right without any JavaScript, sortable with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from scheduler.report.page.text import DASH, decimals, escape, number
from scheduler.report.report_data import ReportData
from scheduler.statistics.outcomes import BaselineOutcome

DESCRIBED = {"mean": "mean", "std": "std", "min": "min", "p25": "25%", "p50": "50%", "p75": "75%", "max": "max"}
MOST_BEATING = 100  #: configurations of which the share that beats each baseline is told
#: outcome -> sign, and the words for a screen reader
BASELINE_SIGNS: dict[BaselineOutcome | None, tuple[str, str]] = {
    BaselineOutcome.BEATS: ("\N{CHECK MARK}", "beats"),
    BaselineOutcome.LOSES: ("\N{MULTIPLICATION SIGN}", "loses to"),
}
LONG_LABEL = 18  #: characters; a column of longer ones is made wider

#: a cell: what is shown, and the number it is sorted by (None: by its text)
Cell = tuple[str, float | None]


def table(identity: str, caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table that scrolls in its own box.

    Args:
        identity: Its id.
        caption: What it shows, for a screen reader as for everyone.
        heads: HTML of the column heads.
        rows: The cells; the first of each row is the row's head.
    """
    written = list(rows)
    texts = [value is None for _, value in written[0]] if written else [True] * len(heads)
    head = "".join(f'<th scope="col"{_kind(text)}>{name}</th>' for text, name in zip(texts, heads, strict=True))
    body = "\n".join(f"<tr>{_row(cells)}</tr>" for cells in written)
    wide = " wide" * any(len(cells[0][0]) > LONG_LABEL for cells in written)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{identity}-caption">'
        f'<table id="{identity}" class="sortable{wide}"><caption id="{identity}-caption">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[Cell]) -> str:
    written = []
    for place, (shown, value) in enumerate(cells):
        tag, end = ('th scope="row"', "th") if place == 0 else ("td", "td")
        key = "" if value is None else f' data-v="{value!r}"' if math.isfinite(value) else ' data-v=""'
        written.append(f"<{tag}{_kind(value is None)}{key}>{shown}</{end}>")
    return "".join(written)


def _kind(text: bool) -> str:
    return ' class="text"' if text else ""


def summary(report: ReportData) -> str:
    """Write the summary table: `describe()` of the scores, a row for each configuration."""
    frame = report.summaries
    places = decimals(frame[list(DESCRIBED)].to_numpy(dtype=float).ravel()) if len(frame) else 3
    lost, groups = report.diverged(), _groups(report)
    means = frame["mean"].to_numpy(dtype=float)
    best = float(np.nanmin(means)) if np.isfinite(means).any() and len(frame) > 1 else None

    def rows() -> Iterable[Sequence[Cell]]:
        for record in frame.to_dict("records"):
            label = str(record["configuration"])
            tag = ' <span class="tag">lowest mean</span>' if record["mean"] == best else ""
            group = [(escape(groups.get(label, "")), None)] if groups else []
            numbers = [float(record[key]) for key in DESCRIBED]
            counts = [int(record["count"]), int(lost.get(label, 0))]
            yield (
                (escape(label) + tag, None),
                *group,
                (f"{counts[0]:,}", counts[0]),
                *((number(value, places), value) for value in numbers),
                (f"{counts[1]:,}", counts[1]),
            )

    caption = "Test RMSE of the repeats of each configuration, in the units of the series. Less is better."
    if groups:
        caption += " Configurations that share a letter of their group cannot be distinguished."
    heads = ["configuration", *(["group"] if groups else []), "count", *DESCRIBED.values(), "diverged"]
    return table("summary-table", caption, heads, rows())


def _groups(report: ReportData) -> dict[str, str]:
    if report.ranking is None or "group" not in report.ranking:
        return {}
    return {str(row["configuration"]): str(row["group"]) for row in report.ranking.to_dict("records")}


def baselines(report: ReportData) -> str:
    """Write the baselines and the share of repeats of each configuration that beat them."""
    frame = report.baselines
    if frame is None or not len(frame):
        return ""
    extra = [name for name in ("target", "note") if name in frame and frame[name].astype(bool).sum() > 0]
    if "target" in extra and frame["target"].nunique() == 1:
        extra.remove("target")
    measures = [name for name in ("rmse", "mae", "mase") if name in frame and frame[name].notna().any()]
    places = {name: 3 if name == "mase" else decimals(frame[name].to_numpy(dtype=float)) for name in measures}

    def rows() -> Iterable[Sequence[Cell]]:
        for record in frame.to_dict("records"):
            values = [(key, float(record[key])) for key in measures]
            texts: list[Cell] = [(escape(record[name] or ""), None) for name in ("baseline", *extra)]
            yield (*texts, *((number(value, places[key]), value) for key, value in values))

    caption = "Errors of the baselines on the same test rows. Less is better."
    heads = ["baseline", *extra, *(name.upper() for name in measures)]
    return table("baselines-table", caption, heads, rows()) + _beaten(report)


def _beaten(report: ReportData) -> str:
    errors, lost, outcomes = report.baseline_errors, report.diverged(), _outcomes(report)
    if not errors:
        return ""

    scored = report.scores()
    means = {label: float(np.mean(found)) if len(found) else math.inf for label, found in scored.items()}
    best = set(sorted(means, key=lambda label: means[label])[:MOST_BEATING])
    shown = [label for label in scored if label in best]

    def rows() -> Iterable[Sequence[Cell]]:
        for label in shown:
            scores = scored[label]
            total = len(scores) + lost[label]
            yield (
                (escape(label), None),
                *(
                    _share(int(np.sum(scores < error)), total, outcomes.get((label, name)))
                    for name, error in errors.items()
                ),
            )

    caption = "How many repeats of each configuration beat each baseline. A repeat that diverged beats none."
    if len(shown) < len(scored):
        caption += f" The {len(shown)} best means of {len(scored):,}."
    if outcomes:
        caption += " \N{CHECK MARK} marks a share above one half, and \N{MULTIPLICATION SIGN} one below, significantly."
    return table("beaten-table", caption, ["configuration", *(escape(name) for name in errors)], rows())


def _outcomes(report: ReportData) -> dict[tuple[str, str], BaselineOutcome]:
    if report.beaten is None:
        return {}
    return {
        (str(row["configuration"]), str(row["baseline"])): BaselineOutcome(row["outcome"])
        for row in report.beaten.to_dict("records")
    }


def _share(count: int, total: int, outcome: BaselineOutcome | None) -> Cell:
    if not total:
        return (DASH, math.nan)
    sign, words = BASELINE_SIGNS.get(outcome, ("", ""))
    told = f'<span aria-hidden="true">{sign}</span><span class="unseen">{words}: </span> ' if sign else ""
    return (f'<span class="bar" style="--share:{count / total:.3f}">{told}{count:,} of {total:,}</span>', count / total)


def audit(report: ReportData) -> str:
    """Write the selection audit: what it found in words, and the scores at the epochs that each way picks."""
    frame = report.audit
    if frame is None or not len(frame):
        return ""
    heads = {
        "last": "last epoch",
        "best": "best on the test part",
        "best_epoch": "at epoch (median)",
        "optimism": "too good by",
        "validation": "chosen by validation",
        "validation_epoch": "at epoch (median)",
    }
    shown = [name for name in heads if name in frame and frame[name].notna().any()]
    scores = [name for name in shown if not name.endswith("epoch")]
    places = decimals(frame[scores].to_numpy(dtype=float).ravel())

    def rows() -> Iterable[Sequence[Cell]]:
        for record in frame.to_dict("records"):
            values = [(name, float(record[name])) for name in shown]
            numbers = ((number(value, places if name in scores else 0), value) for name, value in values)
            yield ((escape(record["configuration"]), None), *numbers)

    third = ", and at the one that held-out training rows would choose" * ("validation" in shown)
    caption = (
        f"Mean test RMSE at the last epoch, at the epoch that is best on the test part{third}. "
        "The best one is picked on what it is judged by, so it flatters."
    )
    words = "".join(f"<li>{escape(told)}</li>" for told in report.audit_words)
    said = f'<ul class="notes">{words}</ul>' if words else ""
    return said + table("audit-table", caption, ["configuration", *(heads[name] for name in shown)], rows())
