"""The comparisons on the page: a matrix of the best configurations, with words for each cell, and a table of pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scheduler.report.page.pairs import Pair, pairs
from scheduler.report.page.table import LONG_LABEL, Cell, Column, Table, numeric, percent, text_columns
from scheduler.report.report_data import ReportData
from scheduler.text import DASH, NumberFormat, number_format

MOST_IN_MATRIX = 15
MOST_PAIRS = 300
SIGNS = {
    "better": "\N{BLACK DOWN-POINTING TRIANGLE}",
    "worse": "\N{BLACK UP-POINTING TRIANGLE}",
    "alike": "\N{ALMOST EQUAL TO}",
    "undecided": "?",
}
MEANINGS = {
    "better": "the row is better",
    "worse": "the row is worse",
    "alike": "no difference that matters",
    "undecided": "undecided",
}


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One configuration against another one."""

    kind: str
    sign: str
    text: str
    #: all that is known of the pair, in words
    detail: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Each of the best configurations against each other one."""

    caption: str
    labels: Sequence[str]
    #: a row of cells for each label; None on the diagonal and where nothing is known
    cells: Sequence[Sequence[MatrixCell | None]]

    @property
    def wide(self) -> bool:
        """Whether the names are long."""
        return any(len(label) > LONG_LABEL for label in self.labels)


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What the section shows."""

    legend: Sequence[tuple[str, str, str]]
    matrix: Matrix
    pairs: Table


def comparisons(report: ReportData, order: Sequence[str]) -> Comparisons | None:
    """Return what was compared, if anything was."""
    frame = report.comparisons
    if frame is None or not len(frame):
        return None
    legend = [(kind, SIGNS[kind], words) for kind, words in MEANINGS.items()]
    return Comparisons(legend, matrix(frame, order), pair_table(frame))


def matrix(frame: pd.DataFrame, order: Sequence[str]) -> Matrix:
    """Make the matrix: each row against each column, the best mean first."""
    among = {*frame["a"].unique(), *frame["b"].unique()}
    shown = [label for label in order if label in among][:MOST_IN_MATRIX]
    found = pairs(frame[frame["a"].isin(shown) & frame["b"].isin(shown)])
    against = {(pair.this, pair.that): pair for pair in found} | {
        (pair.that, pair.this): pair.turned() for pair in found
    }
    which = "best mean first" if len(shown) == len(among) else f"the {len(shown)} best means of {len(among):,}"
    written = number_format([pair.difference for pair in found])
    cells = [[_cell(against.get((row, column)), written) for column in shown] for row in shown]
    return Matrix(f"Mean score of the row minus that of the column; {which}.", shown, cells)


def _cell(pair: Pair | None, written: NumberFormat) -> MatrixCell | None:
    if pair is None:
        return None
    plus = "+" if pair.difference > 0 else ""
    return MatrixCell(pair.kind, SIGNS[pair.kind], plus + written(pair.difference), pair.sentences())


def pair_table(frame: pd.DataFrame) -> Table:
    """Make the table of the pairs; of very many, those with the clearest difference."""
    shown = [pair.turned() if pair.kind == "worse" else pair for pair in pairs(clearest(frame))]
    which = "" if len(shown) == len(frame) else f" The {len(shown)} of {len(frame):,} with the smallest p."
    both = any(math.isfinite(pair.low_all) and pair.low_all != pair.low for pair in shown)
    intervals = (
        "its 95% interval by itself (from, to) and the one that holds for all pairs at once (all: from, to)"
        if both
        else "its 95% interval"
    )
    caption = f"Each configuration against another: difference of the mean scores with {intervals}.{which}"
    names = ("difference", "low", "high", *(("low_all", "high_all") if both else ()))
    differences = number_format(getattr(pair, name) for pair in shown for name in names)
    effects = NumberFormat(2)
    rows = [
        [
            Cell(pair.this),
            Cell(pair.that),
            Cell(_words(pair), sign=SIGNS[pair.kind]),
            *numeric((getattr(pair, name) for name in names), differences),
            Cell(_chance(pair.p), pair.p),
            Cell(effects(pair.effect), pair.effect),
            percent(pair.probability),
            Cell(pair.test),
            Cell(pair.why),
        ]
        for pair in shown
    ]
    all_pairs = ("all: from", "all: to") if both else ()
    numbers = map(Column, ("difference", "from", "to", *all_pairs, "p", "effect", "beats it"))
    columns = [*text_columns("configuration", "against", "verdict"), *numbers, *text_columns("test", "why")]
    return Table("pairs-table", caption, columns, rows)


def _chance(p: float) -> str:
    """Write a p value: three decimals, or that it is below 0.001."""
    return DASH if np.isnan(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def clearest(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with the smallest p, those that differ most first where it is the same."""
    p = frame["p_adjusted"] if "p_adjusted" in frame else frame.get("p", pd.Series(np.nan, frame.index))
    gap = np.nan_to_num(frame["difference"].abs().to_numpy(dtype=np.float64), nan=0.0)
    order = np.lexsort((-gap, p.fillna(2.0).to_numpy(dtype=np.float64)))
    return frame.iloc[order[:MOST_PAIRS]]


def _words(pair: Pair) -> str:
    return pair.kind if pair.kind in {"better", "worse"} else pair.verdict
