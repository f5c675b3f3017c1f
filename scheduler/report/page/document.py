"""The report page: which sections there are and what they say; the result is one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

import numpy as np

from scheduler.files import written
from scheduler.report.page import answer, comparisons, tables
from scheduler.report.page.payload import as_json
from scheduler.report.page.text import duration, escape, many, moment
from scheduler.report.report_data import ReportData

SCRIPTS = ("charts.js", "boxes.js", "curves.js", "forecasts.js", "page.js")

#: (id, heading, HTML)
Section = tuple[str, str, str]


def write(report: ReportData, path: Path) -> Path:
    """Write the page of an experiment to a file.

    Raises:
        UsageError: it cannot be written.
    """
    with written(path, "--html") as part:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(render(report), encoding="utf-8")
    return path


def render(report: ReportData) -> str:
    """Make the page of an experiment: HTML that asks for nothing from elsewhere."""
    order = best_first(report)
    data, notes = as_json(report, order)
    sections = [section for section in _sections(report, order, notes) if section[2]]
    script = "\n".join(_part(name) for name in SCRIPTS)
    return Template(_part("page.html")).substitute(
        title=escape(report.experiment),
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_digest(script)}'; img-src data:",
        style=_part("page.css"),
        script=script,
        data=data,
        description=f'<p class="lead">{escape(report.description)}</p>' if report.description else "",
        facts=_facts(report),
        navigation="".join(f'<li><a href="#{identity}">{heading}</a></li>' for identity, heading, _ in sections),
        sections="\n".join(_section(*section) for section in sections),
    )


def best_first(report: ReportData) -> list[str]:
    """Order the configurations by their mean score; those without a score come last."""
    means = {label: float(np.mean(found)) if len(found) else math.inf for label, found in report.scores().items()}
    return sorted(report.labels, key=lambda label: means[label])


def _sections(report: ReportData, order: Sequence[str], notes: Sequence[str]) -> list[Section]:
    return [
        ("answer", "Answer", answer.section(report, order)),
        ("summary", "Summary", tables.summary(report) if len(report.summaries) else ""),
        (
            "scores",
            "Scores",
            _chart("boxes", "Every repeat as a point, each configuration as a box.") if report.labels else "",
        ),
        ("trajectories", "Trajectories", _chart("curves", _CURVES) if report.trajectories else ""),
        ("forecasts", "Forecasts", _chart("forecast", _FORECASTS) if report.forecasts else ""),
        ("comparisons", "Comparisons", comparisons.section(report, order)),
        ("baselines", "Baselines", tables.baselines(report)),
        ("audit", "Selection audit", tables.audit(report)),
        (
            "grid",
            "Grid",
            f'<pre id="grid-text" tabindex="0" role="region" aria-label="Grid">{escape(report.grid_text)}</pre>',
        ),
        ("provenance", "Provenance", _provenance(report, notes)),
    ]


_NO_SCRIPT = "This picture needs JavaScript; the tables of this page do not."
_CURVES = (
    "RMSE after each epoch: the line is the median of the repeats, the band holds the middle 80% of them (10% to 90%)."
)
_FORECASTS = (
    "What was forecast for each test row: the line is the median of the repeats, the band the middle 80% of them."
)


def _section(identity: str, heading: str, content: str) -> str:
    name = f"{identity}-heading"
    return f'<section id="{identity}" aria-labelledby="{name}"><h2 id="{name}">{heading}</h2>\n{content}</section>'


def _chart(name: str, caption: str) -> str:
    return (
        f'<p class="caption" id="{name}-caption">{caption}</p><div class="controls" id="{name}-controls"></div>'
        f'<div class="chart" id="{name}"><p class="waiting">{_NO_SCRIPT}</p></div>'
    )


def _facts(report: ReportData) -> str:
    jobs, done = sum(report.counts.values()), report.counts.get("done", 0)
    facts = [
        f"{done:,} of {many(jobs, 'repeat')}" if done < jobs else many(jobs, "repeat"),
        many(len(report.labels), "configuration"),
        f"series {escape(report.series_name)}, {many(len(report.series_values), 'observation')}",
        f"submitted {moment(report.created)}",
    ]
    if report.finished is not None:
        facts.append(f"took {duration(report.finished - report.created)}")
    return "".join(f"<li>{fact}</li>" for fact in facts)


def _provenance(report: ReportData, notes: Sequence[str]) -> str:
    states = ", ".join(f"{count:,} {state}" for state, count in report.counts.items() if count)
    facts = {"experiment": report.experiment, "repeats": states, **report.provenance}
    listed = "".join(
        f"<div><dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items()
    )
    missing = [
        name
        for name, there in (
            ("trajectories", report.trajectories),
            ("forecasts", report.forecasts),
            ("comparisons", report.comparisons is not None and len(report.comparisons)),
            ("baselines", report.baselines is not None and len(report.baselines)),
        )
        if not there
    ]
    told = [*notes, *([f"Not in this report, since the store has none: {', '.join(missing)}."] if missing else [])]
    left_out = (
        f"<h3>What is left out</h3><ul>{''.join(f'<li>{escape(note)}</li>' for note in told)}</ul>" if told else ""
    )
    return f'<dl class="facts">{listed}</dl>{left_out}'


def _part(name: str) -> str:
    return files("scheduler.report.page").joinpath(name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    """Name the one script that the page may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
