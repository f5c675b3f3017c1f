"""The comparisons as HTML: a matrix of the best configurations, the words behind its cells, a table of the pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scheduler.report.page.tables import Cell, table
from scheduler.report.page.text import DASH, MINUS, decimals, escape, number, short
from scheduler.report.report_data import ReportData
from scheduler.statistics.outcomes import Outcome

MOST_IN_MATRIX = 15
MOST_PAIRS = 300
SIGNS = {
    "better": "\N{BLACK DOWN-POINTING TRIANGLE}",
    "worse": "\N{BLACK UP-POINTING TRIANGLE}",
    "alike": "\N{ALMOST EQUAL TO}",
    "undecided": "?",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One configuration (`this`) against another one (`that`)."""

    this: str
    that: str
    #: mean of this minus mean of that, and its 95% interval
    difference: float
    low: float
    high: float
    outcome: Outcome
    #: the outcome in words
    verdict: str
    #: the better one, where that is decided
    winner: str | None
    p: float
    effect: float
    #: that a repeat of this has a lower score than one of that
    probability: float
    test: str
    #: why that test
    why: str

    @property
    def kind(self) -> str:
        """What is said of this: better, worse, alike or undecided."""
        if self.outcome.better:
            return "better" if self.winner == self.this else "worse"
        return "alike" if self.outcome is Outcome.NO_DIFFERENCE else "undecided"

    def turned(self) -> Pair:
        """Say the same of the other one."""
        return Pair(
            this=self.that,
            that=self.this,
            difference=-self.difference,
            low=-self.high,
            high=-self.low,
            outcome=self.outcome,
            verdict=self.verdict,
            winner=self.winner,
            p=self.p,
            effect=-self.effect,
            probability=1 - self.probability,
            test=self.test,
            why=self.why,
        )

    def sentences(self) -> str:
        """Say all that is known of the pair."""
        decided = self.kind in {"better", "worse"}
        low, high = (-self.high, -self.low) if decided and self.difference < 0 else (self.low, self.high)
        span = f"(95% interval {short(low)} to {short(high)})" if math.isfinite(low) else ""
        if decided and math.isfinite(self.difference):
            first = f"{self.this} is {self.kind} than {self.that} by {short(abs(self.difference))} in the mean {span}."
        elif decided:
            first = f"{self.this} is {self.kind} than {self.that}."
        else:
            first = (
                f"{self.this} against {self.that}: {self.verdict}. The means differ by {short(self.difference)} {span}."
            )
        how = (f"p = {self.p:.2g}" * math.isfinite(self.p) + f" by {self.test}" * bool(self.test)).strip()
        more = [
            f"effect size {self.effect:.2f}".replace("-", MINUS) * math.isfinite(self.effect),
            f"a repeat of {self.this} beats one of {self.that} with probability {self.probability:.0%}"
            * math.isfinite(self.probability),
            how + f" ({self.why})" * bool(self.why),
        ]
        rest = "; ".join(part for part in more if part)
        return f"{first} {rest[:1].upper()}{rest[1:]}." if rest else first


def pairs(frame: pd.DataFrame) -> list[Pair]:
    """Read the comparisons, b against a as they are stored; what is not known is NaN."""
    return [_pair(record) for record in frame.to_dict("records")]


def _pair(record: Mapping[object, object]) -> Pair:
    def value(name: str) -> float:
        found = record.get(name)
        return float(found) if isinstance(found, (int, float)) else math.nan

    def text(name: str) -> str:
        found = record.get(name)
        return found if isinstance(found, str) else ""

    return Pair(
        this=str(record["b"]),
        that=str(record["a"]),
        difference=value("difference"),
        low=value("low"),
        high=value("high"),
        outcome=Outcome(text("outcome")),
        verdict=text("verdict"),
        winner=text("winner") or None,
        p=value("p_adjusted") if "p_adjusted" in record else value("p"),
        effect=value("effect"),
        probability=value("probability"),
        test=text("test"),
        why=text("why"),
    )


def matrix(frame: pd.DataFrame, order: Sequence[str]) -> str:
    """Write the matrix: each row against each column, the best mean first."""
    among = {*frame["a"].unique(), *frame["b"].unique()}
    shown = [label for label in order if label in among][:MOST_IN_MATRIX]
    found = pairs(frame[frame["a"].isin(shown) & frame["b"].isin(shown)])
    against = {(pair.this, pair.that): pair for pair in found} | {
        (pair.that, pair.this): pair.turned() for pair in found
    }
    which = "best mean first" if len(shown) == len(among) else f"the {len(shown)} best means of {len(among):,}"
    places = max(1, decimals([pair.difference for pair in found]) - 3)
    heads = "".join(
        f'<th scope="col" title="{escape(label)}"><span aria-hidden="true">{place}</span>'
        f'<span class="unseen">{escape(label)}</span></th>'
        for place, label in enumerate(shown, 1)
    )
    rows = "\n".join(
        f'<tr><th scope="row" class="text"><span class="rank">{place}</span> {escape(row)}</th>'
        + "".join(_matrix_cell(against.get((row, column)), places) for column in shown)
        + "</tr>"
        for place, row in enumerate(shown, 1)
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix-caption"><table id="matrix">'
        f'<caption id="matrix-caption">Mean test RMSE of the row minus that of the column; {which}.</caption>'
        f'<thead><tr><th scope="col" class="text">configuration</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _matrix_cell(pair: Pair | None, places: int) -> str:
    if pair is None:
        return f'<td class="none">{DASH}</td>'
    shown = number(pair.difference, places)
    plus = "+" if pair.difference > 0 else ""
    words = f'<span aria-hidden="true">{SIGNS[pair.kind]}</span> {plus}{shown}<span class="unseen">, {pair.kind}</span>'
    return (
        f'<td class="{pair.kind}"><button type="button" data-detail="{escape(pair.sentences())}">{words}</button></td>'
    )


def pair_table(frame: pd.DataFrame) -> str:
    """Write the pairs as a table; of very many, those with the clearest difference."""
    shown = pairs(clearest(frame))
    which = "" if len(shown) == len(frame) else f" The {len(shown)} of {len(frame):,} with the least p."

    def rows() -> Iterable[Sequence[Cell]]:
        for pair in (each.turned() if each.kind == "worse" else each for each in shown):
            yield (
                (escape(pair.this), None),
                (escape(pair.that), None),
                (f'<span aria-hidden="true">{SIGNS[pair.kind]}</span> {escape(_words(pair))}', None),
                *((short(value), value) for value in (pair.difference, pair.low, pair.high)),
                (f"{pair.p:.3g}" if math.isfinite(pair.p) else DASH, pair.p),
                (short(pair.effect), pair.effect),
                (f"{pair.probability:.0%}" if math.isfinite(pair.probability) else DASH, pair.probability),
                (escape(pair.test), None),
                (escape(pair.why), None),
            )

    caption = f"Each configuration against another: difference of the mean test RMSE with its 95% interval.{which}"
    heads = [
        "configuration",
        "against",
        "verdict",
        "difference",
        "from",
        "to",
        "p",
        "effect",
        "beats it",
        "test",
        "why",
    ]
    return table("pairs-table", caption, heads, rows())


def clearest(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with the least p, those that differ most first where it is the same."""
    p = frame["p_adjusted"] if "p_adjusted" in frame else frame.get("p", pd.Series(np.nan, frame.index))
    gap = np.nan_to_num(frame["difference"].abs().to_numpy(dtype=np.float64), nan=0.0)
    order = np.lexsort((-gap, p.fillna(2.0).to_numpy(dtype=np.float64)))
    return frame.iloc[order[:MOST_PAIRS]]


def _words(pair: Pair) -> str:
    return pair.kind if pair.kind in {"better", "worse"} else pair.verdict


def section(report: ReportData, order: Sequence[str]) -> str:
    """Write the whole section; empty where nothing was compared."""
    if report.comparisons is None or not len(report.comparisons):
        return ""
    frame = report.comparisons
    legend = "".join(
        f'<li class="{kind}"><span aria-hidden="true">{SIGNS[kind]}</span> {words}</li>'
        for kind, words in (
            ("better", "the row is better"),
            ("worse", "the row is worse"),
            ("alike", "no difference that matters"),
            ("undecided", "undecided"),
        )
    )
    return (
        f'<ul class="legend" aria-label="Signs">{legend}</ul>{matrix(frame, order)}'
        '<p id="detail" class="detail" role="status">Choose a cell to read what is behind it.</p>'
        f"<details><summary>The pairs as a table</summary>{pair_table(frame)}</details>"
    )
