"""The field `prepare.calendar`: what of the times a model sees, in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from store.schema.keras_objects import wrong
from store.schema.spelling import did_you_mean, listed

#: parts of a time, by which values they have: the first one, and how many there are
FIELDS = {
    "month": (1, 12),
    "quarter": (1, 4),
    "week": (1, 53),
    "weekday": (0, 7),
    "day": (1, 31),
    "yearday": (1, 366),
    "hour": (0, 24),
    "minute": (0, 60),
}
HOLIDAY = "holiday"
ONE_HOT, CYCLIC = "onehot", "cyclic"
ALLOWED = f"a list of {listed(FIELDS, 'and')}, each alone or as {{month: {ONE_HOT}}}, and holiday:DE or the like"
#: how other tools call the sine and cosine of a part
_WAVE = re.compile(r"_(?:sin|cos|sine|cosine)\Z|\A(?:sin|cos|is)_")
_MEANT = {
    "weekend": f"{{weekday: {ONE_HOT}}}",
    **dict.fromkeys(("dayofweek", "day_of_week", "dow", "week_day"), "weekday"),
    **dict.fromkeys(("dayofyear", "day_of_year", "doy"), "yearday"),
    **dict.fromkeys(("weekofyear", "week_of_year", "isoweek"), "week"),
    **dict.fromkeys(("hour_of_day", "hours"), "hour"),
    **dict.fromkeys(("day_of_month", "dayofmonth"), "day"),
    **dict.fromkeys(("holidays", "is_holiday", "public_holidays", "country_holidays"), f"{HOLIDAY}:DE"),
}


def read_calendar(given: Any) -> Any:
    """Read the field: a list of names, and of mappings such as `{month: onehot}` and `{holiday: DE}`.

    Raises:
        PydanticCustomError: An entry is no part of a time, or is there twice.
    """
    if given is None:
        return ()
    if not isinstance(given, list | tuple | dict | str):
        raise wrong(("", f"it is {given}; allowed: {ALLOWED}"))
    entries = [one for each in ([given] if isinstance(given, dict | str) else given) for one in _spelt(each)]
    mistakes = [("", text) for text in map(_fault, entries) if text]
    mistakes += [("", f"{one} is there twice; keep one of them") for one in _twice(entries)]
    if mistakes:
        raise wrong(*mistakes)
    return tuple(one.removesuffix(f":{CYCLIC}") for one in entries)


def _spelt(given: Any) -> Iterator[str]:
    """Write an entry as text: `month`, `month:onehot`, `holiday:DE-BY`."""
    if not isinstance(given, dict):
        yield str(given)
        return
    for name, value in given.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            yield str(name) if one is None or one is True else f"{name}:{str(one).lower() if one is False else one}"


def _fault(entry: str) -> str:
    """Describe what is wrong with an entry by itself; whether a country is known is found with its holidays."""
    name, colon, form = entry.partition(":")
    if name == HOLIDAY:
        return "" if form.strip() else "holiday needs a country: write holiday:DE, or holiday:DE-BY for a part of it"
    if name in FIELDS:
        good = not colon or form in (ONE_HOT, CYCLIC)
        return "" if good else f"{name} is {form}; allowed: {ONE_HOT} or {CYCLIC}{did_you_mean(form, _FORMS)}"
    names = (*FIELDS, HOLIDAY)
    word = _WAVE.sub("", name.lower())
    meant = _MEANT.get(word, word if word in FIELDS else None)
    hint = f"; did you mean {meant}?" if meant else did_you_mean(name, names)
    return f"{entry!r} is no part of a time; allowed: {ALLOWED}{hint}"


_FORMS = (ONE_HOT, CYCLIC)


def _twice(entries: list[str]) -> list[str]:
    names = [one if one.startswith(HOLIDAY) else one.partition(":")[0] for one in entries]
    return [one for one in dict.fromkeys(names) if names.count(one) > 1]
