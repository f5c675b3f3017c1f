"""From a report's data to text: the table for people; CSV, JSON, Markdown, LaTeX, Parquet for programs and papers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.report.formats.terminal import Rows, aligned, draw, left_out, say
from scheduler.text import printable

if TYPE_CHECKING:
    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

#: rows of the table, in pandas' order and with pandas' names
STATISTICS = {
    "count": "count",
    "mean": "mean",
    "std": "std",
    "min": "min",
    "p25": "25%",
    "p50": "50%",
    "p75": "75%",
    "max": "max",
    "diverged": "diverged",
}
WHOLE = ("count", "diverged")
#: more configurations than this read better as rows
WIDEST = 8
#: how scores are written, and how where nothing wider fits
EXACT = ".6f"
FEWEST = ".4g"
#: what goes last where room is short
QUARTILES = ["25%", "50%", "75%"]
#: a spread below this is none: six decimals do not show it
LEAST_SPREAD = 1e-6

Cells = tuple[list[str], list[list[str]]]


def describe(data: ReportData) -> pd.DataFrame:
    """Return the `describe()` table: a column a configuration, pandas' names as rows.

    The row `diverged` is there when some repeat did.
    """
    frame = data.summaries.set_index("configuration")[list(STATISTICS)].rename(columns=STATISTICS).T
    frame.columns.name = None
    if not frame.loc["diverged"].any():
        frame = frame.drop(index="diverged")
    return frame


def number(statistic: str, value: float, digits: str = EXACT) -> str:
    """Write one number of the table: counts whole, scores with six decimals, as pandas does, or as said."""
    if pd.isna(value):
        return "-"
    return f"{value:.0f}" if statistic in WHOLE else f"{value:{digits}}"


def headline(data: ReportData) -> str:
    """Say in one line what the experiment is and how far it got."""
    counts = data.counts
    total = sum(counts.values())
    done = counts.get("done", 0)
    configurations = len(data.labels)
    line = (
        f"{data.experiment}: {configurations} configuration{'s' * (configurations != 1)}, "
        f"{done} of {total} repeats done, on {data.series_name}"
    )
    others = [f"{counts[state]} {state}" for state in ("failed", "cancelled", "running", "queued") if counts.get(state)]
    return line + (f" ({', '.join(others)})" if others else "")


def show(data: ReportData, console: Console) -> None:
    """Print the table, the baseline beside it, and whether it is partial."""
    say(console, headline(data), style="bold")
    if data.partial:
        say(console, "Partial: repeats are missing. The numbers below cover those that are done.", style="yellow")
    if data.answer:
        say(console, data.answer, style="green")
    say(console, *data.notes, style="dim")
    console.print()
    if console.is_terminal:
        draw(_forms(data), console, style="cyan")
    else:
        console.print(aligned(*_cells(data)), markup=False, highlight=False)
    say(console, *verdicts(data), *beside(data))


def _cells(data: ReportData) -> Cells:
    """Write the `describe()` table, a column a configuration, or a row a configuration where there are many."""
    frame = describe(data)
    return _wide(frame) if len(frame.columns) <= WIDEST else _long(frame)


def _wide(frame: pd.DataFrame, digits: str = EXACT) -> Cells:
    """Write a column a configuration."""
    rows = [[str(name), *(number(str(name), value, digits) for value in row)] for name, row in frame.iterrows()]
    return ["test RMSE", *map(printable, frame.columns)], rows


def _long(frame: pd.DataFrame, digits: str = EXACT) -> Cells:
    """Write a row a configuration."""
    columns = [[number(str(name), value, digits) for value in row] for name, row in frame.iterrows()]
    labels = map(printable, frame.columns)
    return ["configuration", *map(str, frame.index)], [list(row) for row in zip(labels, *columns, strict=True)]


def _forms(data: ReportData) -> Iterator[Rows]:
    """Write the table in every form for a terminal, the fullest first: fewer digits, then the quartiles left out."""
    frame, many = describe(data), _digits(data)
    heads, _ = _wide(frame)
    if len(set(heads)) == len(heads) <= WIDEST + 1:
        yield from (_form(_wide(frame, digits)) for digits in many)
    yield from (_form(_long(frame, digits)) for digits in many)
    yield from (_form(_long(frame, digits), wraps="configuration") for digits in (many[-1], FEWEST))
    csv = f"`scheduler report {data.experiment} --format csv` has them."
    for digits in (*many, FEWEST):
        form = _form(_long(frame.drop(index=QUARTILES), digits)).noted(left_out(QUARTILES, csv))
        yield form
    yield replace(form, wraps="configuration")


def _form(cells: Cells, *, wraps: str = "") -> Rows:
    (first, *others), rows = cells
    return Rows(heads={first: "left"} | dict.fromkeys(others, "right"), rows=rows, wraps=wraps)


def _digits(data: ReportData) -> list[str]:
    """Return how scores may be written, the most decimals first; two digits of the least spread remain."""
    spread = data.summaries["std"]
    least = spread[spread > LEAST_SPREAD].min()
    needed = 0 if pd.isna(least) else 1 - math.floor(math.log10(least))
    return [EXACT, *(f".{places}f" for places in (3, 2, 1, 0) if places >= needed)]


def verdicts(data: ReportData) -> list[str]:
    """Say in short how the configurations rank and how many pairs are decided; `scheduler compare` says the rest."""
    if data.ranking is None or data.comparisons is None or not data.ranking["finished"].any():
        return []
    words = data.comparisons["verdict"].str.split(",| larger|:", n=1, regex=True).str[0]
    counted = ", ".join(f"{count:,} {word}" for word, count in words.value_counts().items())
    return [
        "",
        *_ranked(data.ranking),
        f"pairs: {counted}; `scheduler compare {data.experiment}` shows them",
    ]


def _ranked(ranking: pd.DataFrame) -> list[str]:
    """Name the best configurations with their groups: in one line, or each on its own if commas are in their names."""
    head = "ranking (those that share a letter are not told apart):"
    first, more = ranking.head(WIDEST), len(ranking) - WIDEST
    pairs = list(zip(first["configuration"], first["group"], strict=True))
    others = [f"and {more:,} more"] if more > 0 else []
    if not any("," in label for label, _ in pairs):
        return [f"{head} {', '.join([*(f'{label} {group}' for label, group in pairs), *others])}"]
    size = max(len(group) for _, group in pairs)
    lines = [f"{place}. {group:{size}}  {label}" for place, (label, group) in enumerate(pairs, start=1)]
    return [head, *(f"  {line}" for line in [*lines, *others])]


def beside(data: ReportData) -> list[str]:
    """Name the baselines, best first: what the scores must be held against."""
    found = data.baseline_errors
    if not found:
        return []
    shown = [f"{name} {rmse:.3f}" for name, rmse in found.items()]
    return ["", f"persistence (forecast = last observation): {found['persistence']:.3f}"] * ("persistence" in found) + [
        f"all baselines, same walk-forward: {', '.join(shown)}"
    ]


def as_csv(data: ReportData) -> str:
    """Write the summaries as CSV, a row a configuration."""
    return data.summaries.to_csv(index=False)


def as_json(data: ReportData) -> str:
    """Write the report's state, baseline and summaries as one JSON object; what has no number is null."""
    records = data.summaries.astype(object).to_dict(orient="records")
    missing = (math.inf, -math.inf)
    rows = [{name: None if pd.isna(v) or v in missing else v for name, v in record.items()} for record in records]
    return json.dumps(
        {
            "experiment": data.experiment,
            "series": data.series_name,
            "partial": data.partial,
            "jobs": dict(data.counts),
            "answer": data.answer,
            "notes": list(data.notes),
            "persistence": _finite(data.persistence),
            "baselines": {name: _finite(rmse) for name, rmse in data.baseline_errors.items()},
            "summaries": rows,
        },
        indent=2,
        allow_nan=False,
    )


def _finite(value: float | None) -> float | None:
    """JSON knows no infinity."""
    return value if value is not None and math.isfinite(value) else None


def as_markdown(data: ReportData) -> str:
    """Write the headline, the answer, the `describe()` table and the baselines as Markdown."""
    frame = describe(data)
    labels = [printable(label).replace("|", "\\|") for label in frame.columns]
    lines = [headline(data), "", *([f"**{printable(data.answer)}**", ""] if data.answer else [])]
    lines += ["| test RMSE | " + " | ".join(labels) + " |", "|---" + "|---:" * len(labels) + "|"]
    for statistic, row in frame.iterrows():
        cells = " | ".join(number(str(statistic), value) for value in row)
        lines.append(f"| {statistic} | {cells} |")
    if data.partial:
        lines += ["", "Partial: repeats are missing."]
    return "\n".join([*lines, *(f"{line}\n" if line else line for line in beside(data))]).rstrip()


def as_latex(data: ReportData) -> str:
    """Write the `describe()` table and the baselines below it as LaTeX, with the rules of the package booktabs."""
    heads, rows = _cells(data)
    below = [
        f"\\multicolumn{{{len(heads)}}}{{l}}{{baseline: {escape_latex(name)} {rmse:.3f}}} \\\\"
        for name, rmse in data.baseline_errors.items()
    ]
    missing = ["% Partial: repeats are missing."] if data.partial else []
    return "\n".join(
        [
            f"% {' '.join(printable(headline(data)).split())}",
            "% needs \\usepackage{booktabs}",
            *missing,
            f"\\begin{{tabular}}{{l{'r' * (len(heads) - 1)}}}",
            "\\toprule",
            _latex_row(heads),
            "\\midrule",
            *map(_latex_row, rows),
            *(["\\midrule", *below] if below else []),
            "\\bottomrule",
            "\\end{tabular}",
        ]
    )


def _latex_row(cells: Sequence[object]) -> str:
    return " & ".join(escape_latex(printable(cell)) for cell in cells) + r" \\"


def escape_latex(text: str) -> str:
    """Spell what means something to LaTeX so that it is printed."""
    return " ".join("".join(LATEX.get(mark, mark) for mark in text).split())


LATEX = {mark: f"\\{mark}" for mark in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
}


def as_parquet(data: ReportData) -> bytes:
    """Write every repeat as Parquet: the columns of the view `results`; times are in UTC."""
    frame = data.results.assign(finished_at=pd.to_datetime(data.results["finished_at"], utc=True).dt.tz_localize(None))
    return frame.to_parquet(None, index=False)


FORMATS: dict[str, Callable[[ReportData], str]] = {
    "csv": as_csv,
    "json": as_json,
    "markdown": as_markdown,
    "latex": as_latex,
}
