"""The report page: which sections there are and what each holds; the result is one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.files import written
from scheduler.report.page import tables
from scheduler.report.page.answer import answer
from scheduler.report.page.comparisons import comparisons
from scheduler.report.page.data import payload
from scheduler.report.page.data.boxes import most_drawn
from scheduler.report.page.step_tables import step_tables
from scheduler.report.page.table import Table
from scheduler.report.page.text import duration, moment
from scheduler.report.report_data import ReportData
from scheduler.text import many, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SCRIPTS = (
    *("charts.js", "pointing.js", "controls.js", "lines.js"),
    *("boxes.js", "curves.js", "forecasts.js", "tables.js", "page.js"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page: left out where it has no content."""

    identity: str
    heading: str
    #: the template that draws the content
    template: str
    content: Any


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that the page's scripts draw."""

    identity: str
    caption: str


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables, and what is to be said before them."""

    tables: Sequence[Table]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from, and what the page leaves out."""

    facts: Mapping[str, object]
    left_out: Sequence[str]


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
    data, notes = payload(report, order)
    script = _own("".join(_resource(f"scripts/{name}") for name in SCRIPTS))
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            style=_own(_resource("page.css")),
            script=script,
            digest=_digest(script),
            data=data,
            facts=list(_facts(report)),
            sections=[section for section in _sections(report, order, notes) if section.content],
        )
    )


def best_first(report: ReportData) -> list[str]:
    """Order the configurations by their mean score; those without a score come last."""
    means = {label: float(np.mean(found)) if len(found) else math.inf for label, found in report.scores().items()}
    return sorted(report.labels, key=lambda label: means[label])


def _sections(report: ReportData, order: Sequence[str], notes: Sequence[str]) -> list[Section]:
    return [
        Section("answer", "Answer", "answer.html", answer(report, order)),
        Section("warnings", "Warnings", "warnings.html", report.warnings),
        Section("summary", "Summary", "tables.html", _tables(tables.summary(report))),
        Section("scores", "Scores", "chart.html", _chart("boxes", _boxes_caption(report), report.labels)),
        Section("trajectories", "Trajectories", "chart.html", _chart("curves", _CURVES, report.trajectories)),
        Section("forecasts", "Forecasts", "chart.html", _chart("forecast", _FORECASTS, report.forecasts)),
        Section("steps", "Steps and targets", "tables.html", _tables(*step_tables(report))),
        Section("comparisons", "Comparisons", "comparisons.html", comparisons(report, order)),
        Section("baselines", "Baselines", "tables.html", _tables(*tables.baselines(report))),
        Section("audit", "Selection audit", "tables.html", _tables(tables.audit(report), notes=report.audit_words)),
        Section("grid", "Grid", "grid.html", report.grid_text),
        Section("provenance", "Provenance", "provenance.html", _provenance(report, notes)),
    ]


_CURVES = (
    "RMSE after each epoch: the line is the median of the repeats, the band holds the middle 80% of them (10% to 90%)."
)
_FORECASTS = (
    "Forecasts of each test row: the line is the median of the repeats, the band holds the middle 80% of them "
    "(10% to 90%)."
)


def _chart(identity: str, caption: str, drawn: object) -> Chart | None:
    return Chart(identity, caption) if drawn else None


def _tables(*found: Table | None, notes: Sequence[str] = ()) -> Tables | None:
    there = [table for table in found if table is not None]
    return Tables(there, notes) if there else None


def _boxes_caption(report: ReportData) -> str:
    """Name what is drawn: every score as a point, or how many of how many."""
    counts = [len(found) for found in report.scores().values()]
    drawn, total = sum(min(count, most_drawn(len(counts))) for count in counts), sum(counts)
    points = "Each repeat as a point" if drawn == total else f"{drawn:,} of {total:,} repeats as points"
    return f"{points}, each configuration as a box of all its scores."


def _facts(report: ReportData) -> Iterator[str]:
    jobs, done = sum(report.counts.values()), report.counts.get("done", 0)
    yield f"{done:,} of {many(jobs, 'repeat')}" if done < jobs else many(jobs, "repeat")
    yield many(len(report.labels), "configuration")
    yield f"series {report.series_name}, {many(len(report.series_values), 'observation')}"
    yield f"submitted {moment(report.created)}"
    if report.finished is not None:
        yield f"took {duration(report.finished - report.created)}"


def _provenance(report: ReportData, notes: Sequence[str]) -> Provenance:
    states = ", ".join(f"{count:,} {state}" for state, count in report.counts.items() if count)
    facts = {"experiment": report.experiment, "repeats": states, **report.provenance}
    there = {
        "trajectories": report.trajectories,
        "forecasts": report.forecasts,
        "comparisons": report.comparisons is not None and len(report.comparisons),
        "baselines": report.baselines is not None and len(report.baselines),
    }
    missing = ", ".join(name for name, found in there.items() if not found)
    told = [f"Not in this report, since the store has none: {missing}."] if missing else []
    return Provenance(facts, [*notes, *told])


@cache
def _environment() -> Environment:
    """Return what fills the templates: all that is put into them is escaped and can be shown."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scheduler.report.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_showable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":"), "ensure_ascii": False}
    return environment


def _showable(value: object) -> object:
    """Replace characters that cannot be shown; what is HTML already has none."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _resource(name: str) -> str:
    return files("scheduler.report.page").joinpath(name).read_text(encoding="utf-8")


def _own(text: str) -> Markup:
    """Mark a script or a style sheet of this package as what it is; nothing from a user may pass here."""
    from markupsafe import Markup

    return Markup(text)


def _digest(script: str) -> str:
    """Identify the one script that the page may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
