r"""The `describe()` table as LaTeX, for `\input` in a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scheduler.report.formats.ensembles import ensemble_rows
from scheduler.report.formats.registry import ReportFormat
from scheduler.report.formats.splits import distribution_rows
from scheduler.report.formats.summary import baseline_format, headline, mase_errors, table_cells
from scheduler.text import printable

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData

#: characters with a meaning in LaTeX -> how they are printed
ESCAPES = {mark: f"\\{mark}" for mark in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
}


def as_latex(data: ReportData) -> str:
    """Return the `describe()` table and the baselines below it, with the rules of the package booktabs.

    Several splits become as many tables.
    """
    if data.parts:
        return "\n\n".join(map(as_latex, data.parts))
    heads, rows = table_cells(data)
    digits = baseline_format(data.baseline_errors)
    mase, of = mase_errors(data)
    texts = [f"baseline: {name} {rmse:{digits}}" for name, rmse in data.baseline_errors.items()]
    texts += [f"MASE (over that of {of}): {name} {error:.3f}" for name, error in mase.items()]
    texts += _ensembles(data)
    below = [_line(len(heads), text) for text in texts]
    missing = ["% Partial: repeats are missing."] if data.partial else []
    return "\n".join(
        [
            f"% {' '.join(printable(headline(data)).split())}",
            "% needs \\usepackage{booktabs}",
            *missing,
            f"\\begin{{tabular}}{{l{'r' * (len(heads) - 1)}}}",
            "\\toprule",
            _row(heads),
            "\\midrule",
            *map(_row, rows),
            *(["\\midrule", *below] if below else []),
            "\\bottomrule",
            "\\end{tabular}",
            *_distribution(data),
        ]
    )


def _distribution(data: ReportData) -> list[str]:
    """Return a second table, of the scores over many splits, where there are."""
    if data.splits is None:
        return []
    found = distribution_rows(data.splits)
    heads = list(found.heads)
    return [
        "",
        f"\\begin{{tabular}}{{l{'r' * (len(heads) - 1)}}}",
        "\\toprule",
        _row(heads),
        "\\midrule",
        *map(_row, found.rows),
        "\\bottomrule",
        "\\end{tabular}",
    ]


def _ensembles(data: ReportData) -> list[str]:
    """Return the scores of all repeats together, a line for each configuration."""
    rows = ensemble_rows(data).without("one training", "mean", "trimmed mean")
    texts = [
        f"all {repeats} repeats of {label} together: {score}"
        + "".join(f" (95% interval {one})" for one in interval if one != "-")
        for label, repeats, score, *interval in rows.rows
    ]
    return [*texts, *rows.below]


def _line(columns: int, text: str) -> str:
    """Return a row whose only cell spans all columns."""
    return f"\\multicolumn{{{columns}}}{{l}}{{{escape_latex(printable(text))}}} \\\\"


def _row(cells: Sequence[object]) -> str:
    return " & ".join(escape_latex(printable(cell)) for cell in cells) + r" \\"


def escape_latex(text: str) -> str:
    """Escape the characters that have a meaning in LaTeX."""
    return " ".join("".join(ESCAPES.get(mark, mark) for mark in text).split())


FORMAT = ReportFormat(write=as_latex, compares=False)
