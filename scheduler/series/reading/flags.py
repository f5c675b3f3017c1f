"""Marks at numbers, as statistical offices have them: `12.3 p`, `4.2*`, `(4.2)`; units and factors behind numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.tables.cells import MISSING
from store.schema.spelling import listed

#: the mark of a number in parentheses, and in brackets
PARENTHESES, BRACKETS = "()", "[]"
#: signs of currencies
CURRENCIES = "$€£¥₹₽₩₺₴₫฿₦₪₱"
#: letters that stand for factors -> the factor
FACTORS = {
    **{"K": 1e3, "k": 1e3, "Tsd": 1e3, "Tsd.": 1e3},
    **{"M": 1e6, "mn": 1e6, "Mio": 1e6, "Mio.": 1e6},
    **{"B": 1e9, "bn": 1e9, "Mrd": 1e9, "Mrd.": 1e9},
}
#: those that stand for thousands right behind a number, not a unit such as kelvins
_THOUSAND = {"K", "k", "Tsd", "Tsd."}
#: values of which one shows whether a column has units
FIRST = 10
#: those of them that statistical offices have as marks, too
_AMBIGUOUS = {"M", "B"}
#: of the values that must have such letters
MOSTLY = 0.9
#: marks at the values of a column that are told from their numbers; more are another notation
MOST_MARKS = 10

_NUMBER = r"[-+\u2212]?(?:\d(?:[\d.,' \xa0\u202f]*\d)?|\.\d+)(?:[eE][-+]?\d+)?"
_AFTER = r"[^\W\d_]{1,3}|[*†‡§#^!~?¹²³⁴⁵⁶⁷⁸⁹ª°]{1,3}|\([\w*]{1,3}\)|\[[\w*]{1,3}\]|(?<= )\w\)"
_BEFORE = r"[<>≤≥~≈*]|[^\W\d_]{1,2}(?= ?\d)"
_FLAGGED = re.compile(rf"(?P<before>{_BEFORE})? ?(?P<number>{_NUMBER}|:)(?P<after>(?:[ ,;]*(?:{_AFTER})){{0,4}})\Z")
_AROUND = re.compile(rf"(?:\(\s*(?P<round>{_NUMBER})\s*\)|\[\s*(?P<square>{_NUMBER})\s*\])\Z")
_EACH = re.compile(_AFTER)
_UNIT = re.compile(
    rf"(?P<sign>[-+]?)(?:(?P<before>[{CURRENCIES}']|[A-Z]{{3}}|R\$|Rs\.?) ?)?(?P<number>{_NUMBER})"
    rf"(?(before)| ?(?P<after>[%‰{CURRENCIES}]|[°µΩ]?[^\W\d_](?:[^\W\d_]|[/%°^·*.-]|[23](?!\w)){{0,11}}|°))\Z"
)
_FACTOR = re.compile(rf"(?P<number>{_NUMBER}) ?(?P<letters>[^\W\d_]{{1,3}}\.?)?\Z")


def marks_at(text: str) -> tuple[str, ...]:
    """Return the marks at a number, or at a missing value, that series.flags can name; none if it has none."""
    if around := _AROUND.match(text):
        return (PARENTHESES if around["round"] else BRACKETS,)
    found = _FLAGGED.match(text)
    if found is None:
        return ()
    return (*((found["before"],) if found["before"] else ()), *_EACH.findall(found["after"]))


def flags_of(texts: Sequence[str]) -> list[str]:
    """Return the marks at numbers, the most frequent first; none if a text has none, or there are too many of them."""
    found = [marks_at(text) for text in texts]
    counts = Counter(mark for marks in found for mark in marks)
    return [mark for mark, _ in counts.most_common()] if all(found) and len(counts) <= MOST_MARKS else []


def without_flags(
    name: str, texts: Sequence[str], flags: Sequence[str], is_value: Callable[[str], bool], diagnosis: Diagnosis
) -> Sequence[str]:
    """Take the marks that the grid names from numbers and missing values, and say how many had one."""
    changed = {text: left for text in set(texts) if (left := unflagged(text, flags, is_value)) != text}
    if not changed:
        return texts
    count = sum(text in changed for text in texts)
    diagnosis.note(
        f"{count:,} of {len(texts):,} values of {name} have a mark, such as {min(changed)}, and were read without it"
    )
    return [changed.get(text, text) for text in texts]


def unflagged(text: str, flags: Sequence[str], is_value: Callable[[str], bool]) -> str:
    """Return a number or a missing value without its marks; any other text as it is."""
    left = text
    while not is_value(left):
        shorter = next((one for flag in flags if (one := _without(left, flag)) != left), None)
        if shorter is None:
            return text
        left = shorter
    return left


def _without(text: str, flag: str) -> str:
    if flag in (PARENTHESES, BRACKETS):
        return text[1:-1].strip() if text[:1] == flag[0] and text[-1:] == flag[1] else text
    if text.endswith(flag):
        return text.removesuffix(flag).rstrip(" ,;")
    return text.removeprefix(flag).lstrip()


def without_unit(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Take a unit, such as % or kWh, from a column all of whose values have it."""
    if not any(map(_UNIT.match, texts[:FIRST])):
        return texts
    found = {text: _UNIT.match(text) for text in set(texts)}
    units = {one["before"] or one["after"] for one in found.values() if one}
    factor = any(one and one["after"] in _THOUSAND and text[-2:-1].isdigit() for text, one in found.items())
    if len(units) != 1 or factor:
        return texts
    unit = next(iter(units))
    bare = {text: text if one else text.strip(f"{unit} ") or text for text, one in found.items()}
    if not all(one or bare[text].lower() in MISSING for text, one in found.items()):
        return texts
    diagnosis.note(f"the values of {name} are read without their {unit}")
    without = {text: f"{one['sign']}{one['number']}" if one else bare[text] for text, one in found.items()}
    return [without[text] for text in texts]


def bare_number(text: str) -> str:
    """Return a number without its unit, and one in parentheses with a minus; letters that may be factors stay."""
    if around := _AROUND.match(text):
        return f"-{around['round']}" if around["round"] else text
    found = _UNIT.match(text)
    unit = found and (found["before"] or found["after"])
    return f"{found['sign']}{found['number']}" if found and unit not in FACTORS else text


def factors_of(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> tuple[Sequence[str], list[float] | None]:
    """Part numbers such as 1.2K and 3.4M from their factors; None for those without.

    M and B at few values may be marks, unless others have letters such as K.
    """
    found = {text: _FACTOR.match(text) for text in set(texts) if text.lower() not in MISSING}
    letters = {one["letters"] for one in found.values() if one and one["letters"]}
    if not letters or not all(found.values()) or not letters <= FACTORS.keys():
        return texts, None
    parts = {text: (one["number"], FACTORS.get(one["letters"] or "", 1.0)) for text, one in found.items() if one}
    known = [parts[text] for text in texts if text in parts]
    often = sum(factor != 1.0 for _, factor in known) >= MOSTLY * len(known)
    if letters <= _AMBIGUOUS and not (often and len(letters) > 1):
        return texts, None
    meant = listed([f"{one} as {FACTORS[one]:,.0f}" for one in sorted(letters, key=lambda one: FACTORS[one])], "and")
    diagnosis.note(f"the values of {name} are read with {meant}")
    return [parts.get(text, (text,))[0] for text in texts], [parts.get(text, ("", 1.0))[1] for text in texts]
