"""One pair of configurations, and all that is known of it in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from scheduler.statistics.outcomes import Outcome
from scheduler.text import MINUS, short


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One configuration (`this`) against another one (`that`)."""

    this: str
    that: str
    #: mean of this minus mean of that, and its 95% interval
    difference: float
    low: float
    high: float
    #: the interval that allows for all pairs
    low_all: float
    high_all: float
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
        """What this one is: better, worse, alike or undecided."""
        if self.outcome.better:
            return "better" if self.winner == self.this else "worse"
        return "alike" if self.outcome is Outcome.NO_DIFFERENCE else "undecided"

    def turned(self) -> Pair:
        """Return the same pair, seen from the other configuration."""
        return Pair(
            this=self.that,
            that=self.this,
            difference=-self.difference,
            low=-self.high,
            high=-self.low,
            low_all=-self.high_all,
            high_all=-self.low_all,
            outcome=self.outcome,
            verdict=self.verdict,
            winner=self.winner,
            p=self.p,
            effect=-self.effect,
            probability=1 - self.probability,
            test=self.test,
            why=self.why,
        )

    def _intervals(self, *, turn: bool) -> str:
        """Write the interval of the pair and, where it is another one, that which allows for all pairs."""
        if not math.isfinite(self.low):
            return ""
        alone = f"95% interval {_interval(self.low, self.high, turn=turn)}"
        if not math.isfinite(self.low_all) or self.low_all == self.low:
            return f"({alone})"
        return (
            f"({alone} for this pair alone, {_interval(self.low_all, self.high_all, turn=turn)} for all pairs at once)"
        )

    def sentences(self) -> str:
        """Describe the pair in full."""
        decided = self.kind in {"better", "worse"}
        span = self._intervals(turn=decided and self.difference < 0)
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


def _interval(low: float, high: float, *, turn: bool) -> str:
    low, high = (-high, -low) if turn else (low, high)
    return f"{short(low)} to {short(high)}"


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
        low_all=value("low_all"),
        high_all=value("high_all"),
        outcome=Outcome(text("outcome")),
        verdict=text("verdict"),
        winner=text("winner") or None,
        p=value("p_adjusted") if "p_adjusted" in record else value("p"),
        effect=value("effect"),
        probability=value("probability"),
        test=text("test"),
        why=text("why"),
    )
