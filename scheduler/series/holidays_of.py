"""Public holidays of countries, their parts and stock exchanges, by the library `holidays`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from store.schema.spelling import did_you_mean, listed, nearest

#: parts of a country that a message lists
SHOWN = 20


class UnknownHolidays(ValueError):
    """There is no such country, or it has no such part."""


def holidays_in(code: str, years: Sequence[int]) -> list[date]:
    """Return the days that are public holidays: of `DE`, of its part `DE-BY`, or of the exchange `XNYS`.

    Raises:
        UnknownHolidays: There are none under that code; near ones are named.
    """
    import holidays

    country, _, part = code.partition("-")
    if code in holidays.list_supported_financial():
        return sorted(holidays.financial_holidays(code, years=years))
    parts = holidays.list_supported_countries().get(country)
    if parts is None:
        raise UnknownHolidays(f"holiday:{code} is of no country that is known{_nearest_country(country)}")
    if part and part not in parts:
        raise UnknownHolidays(f"holiday:{code}: {_no_part(country, part, parts)}")
    return sorted(holidays.country_holidays(country, subdiv=part or None, years=years))


def _nearest_country(given: str) -> str:
    """Return the code of a country that is written otherwise, or by its name."""
    import holidays
    from holidays.registry import COUNTRIES

    codes = [code for code in holidays.list_supported_countries() if len(code) == 2]
    first, *rest = re.split(r"[:_/. ]", given.upper())
    if rest and first in codes:
        return f"; did you mean holiday:{first}-{rest[0]}?"
    if given.upper() in codes:
        return f"; did you mean holiday:{given.upper()}?"
    names = {name: entry[1] for name, entry in COUNTRIES.items()}
    name = nearest(given.lower().replace(" ", "_"), names)
    if name is not None:
        return f"; did you mean holiday:{names[name]}?"
    return did_you_mean(given.upper(), codes) or "; write the two letters of ISO 3166, such as holiday:DE"


def _no_part(country: str, part: str, parts: Sequence[str]) -> str:
    """Describe a part that a country does not have; its name stands for its code in the answer."""
    import holidays

    aliases: dict[str, Any] = getattr(holidays.country_holidays(country), "get_subdivision_aliases", dict)()
    names = {name.lower(): code for code, others in aliases.items() for name in (code, *others)}
    close = nearest(part.lower(), names)
    shown = listed(parts, "and") if len(parts) <= SHOWN else f"{', '.join(parts[:SHOWN])}, ..."
    there = f"its parts are {shown}" if parts else "it has none"
    hint = f"; did you mean holiday:{country}-{names[close]}?" if close is not None else ""
    return f"{country} has no part {part}: {there}{hint}"
