"""What is said of times that cannot be read, and the field of a grid with which the others are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import ALIKE, Diagnosis
from scheduler.series.lines import on_lines

_NUMBER = re.compile(r"-?\d+(?:[.,]\d*)?\Z")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+\Z", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,4}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m)?\Z", re.IGNORECASE)
#: of the times that may be slips, whose rows a grid can leave out
SLIPS = 0.05


def report_wrong(
    name: str, texts: Sequence[str], lines: Sequence[int], wrong: NDArray[np.intp], what: str, diagnosis: Diagnosis
) -> None:
    """Report the times that cannot be read as the others can."""
    empty = [int(place) for place in wrong if not texts[place]]
    if empty:
        at = on_lines([lines[place] for place in empty])
        rows = "the row" if len(empty) == 1 else "these rows"
        text = f"the time is missing on {at}; fill it in, or leave {rows} out by series.na"
        diagnosis.mistake(lines[empty[0]], text, **_left_out([""], diagnosis))
    others = [int(place) for place in wrong if texts[place]]
    few = 0 < len(others) <= ALIKE and len(others) <= SLIPS * len(texts)
    fixes = _left_out([texts[place] for place in others], diagnosis) if few else {}
    advice = "correct it, or leave the row out by series.na" if few else "correct it"
    for place in others[:ALIKE]:
        text = f"the time {texts[place][:40]!r} is not {what}, as the others are; {advice}"
        diagnosis.mistake(lines[place], text, **fixes)
    if len(others) > ALIKE:
        at = on_lines([lines[place] for place in others[ALIKE:]])
        diagnosis.mistake(lines[others[ALIKE]], f"{name} has {len(others) - ALIKE:,} more such times, on {at}")


def _left_out(texts: Sequence[str], diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the field with which the rows of these times are left out."""
    na = [*(diagnosis.source.na or ()), *diagnosis.fixes.get("na", ()), *texts]
    return {"na": list(dict.fromkeys(na))}


def report_unknown(name: str, texts: Sequence[str], lines: Sequence[int], diagnosis: Diagnosis) -> None:
    """Report a column of which no form is known."""
    at = next((place for place, text in enumerate(texts) if text), 0)
    if what := _counted(texts):
        diagnosis.mistake(
            lines[at],
            f"{name} holds {what} such as {texts[at][:40]}, which are no times; leave series.time out: rows are then "
            "used in the order of the file",
            time=None,
        )
        return
    diagnosis.mistake(
        lines[at],
        f"the time {texts[at][:40]!r} is in no form that is known; write its form as series.format, as strptime has it "
        '("%d.%m.%Y %H:%M")',
    )


def _counted(texts: Sequence[str]) -> str:
    """Return what is counted in a column of which no form is known; an empty text if nothing is."""
    if all(text.isdecimal() for text in texts):
        return "whole numbers"
    if all(map(_ROUNDED.match, texts)):
        return "numbers rounded by a spreadsheet"
    if all(map(_NUMBER.match, texts)):
        return "numbers"
    return "clocks without a day" if all(map(_CLOCK.match, texts)) else ""
