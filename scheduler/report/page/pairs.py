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
        """Describe the pair in full."""
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
