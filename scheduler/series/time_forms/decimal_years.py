"""Times as years with a fraction, as climate records have them: 1958.2027 is in March, 1990.0 the start of a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.series.time_forms.spacing import OFTEN, evenness

Wall = NDArray[np.datetime64]

DECIMAL = "decimal years"
OCTOBER = "%Y.%m, with .1 for October"
_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d(?:\.(\d{0,12}))?\Z")
_TWELVE = {f"{month:02d}" for month in range(1, 13)}
_NO_TIME = np.datetime64("NaT", "us")
#: of a year; wider steps are months
_MONTH = 0.066


def read_decimal_years(texts: Sequence[str], sample: Sequence[str]) -> Iterator[tuple[Wall, str]]:
    """Read decimal years as the months, days or hours that are the most even; and months of which October is `.1`."""
    found = [_YEAR.match(text) for text in sample]
    decimals = {one[1] for one in found if one and one[1]}
    if not all(found) or len(decimals) < 2:
        return
    if "1" in decimals and {len(one) for one in decimals} == {1, 2}:
        yield _as_months(texts), OCTOBER
    if decimals <= _TWELVE:
        return
    known = np.array([float(text) if _YEAR.match(text) else np.nan for text in texts])
    digits = max(map(len, decimals))
    walls = list(_readings(known, 0.6 * 10.0**-digits, float(np.nanmedian(np.abs(np.diff(known))))))
    best = max(walls, key=lambda wall: evenness(wall[~np.isnat(wall)]), default=None)
    if best is not None and evenness(best[~np.isnat(best)]) >= OFTEN:
        yield best, DECIMAL


def decimal_years(texts: Sequence[str]) -> Iterator[tuple[Wall, str]]:
    """Yield all that decimal years may stand for, also where there are too few to tell; nothing for other texts."""
    found = [_YEAR.match(text) for text in texts]
    if not found or not all(found):
        return
    digits = max(len(one[1] or "") for one in found if one)
    rounding = 0.6 * 10.0**-digits
    known = np.array([float(text) for text in texts])
    for apart in (1.0, 0.0):  # months, and what is closer together
        yield from ((wall, DECIMAL) for wall in _readings(known, rounding, apart))
    yield _as_months(texts), OCTOBER


def _as_months(texts: Sequence[str]) -> Wall:
    """Read `1871.01` to `1871.12`, of which a spreadsheet has written October as `1871.1`."""
    written = [f"{text}0" if re.match(r"\d{4}\.1\Z", text) else text for text in texts]
    whole = [re.match(r"\d{4}\.(?:0[1-9]|1[0-2])\Z", text) is not None for text in written]
    months = [text.replace(".", "-") if fits else "NaT" for text, fits in zip(written, whole, strict=True)]
    found: Wall = np.array(months, dtype="datetime64[M]").astype("datetime64[us]")
    return found


def _readings(years: NDArray[np.float64], rounding: float, apart: float) -> Iterator[Wall]:
    """Yield what decimal years may stand for.

    Args:
        years: NaN where one is missing.
        rounding: how far the last digit may be off.
        apart: how far they are apart.
    """
    whole = np.nan_to_num(np.floor(years + rounding), nan=1970)
    start = (whole.astype(np.int64) - 1970).astype("datetime64[Y]")
    days = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    length = days.astype(np.float64)
    part = np.nan_to_num(np.maximum(years - whole, 0))
    if apart > _MONTH:
        exact = part * length + rounding * length
        twelfths = np.floor(12 * (part + rounding) + 1e-6)
        yield _at(start.astype("datetime64[M]"), np.minimum(twelfths, 11), "M", years)
        by_day = start.astype("datetime64[D]") + exact.astype("timedelta64[D]")
        yield _at(by_day.astype("datetime64[M]"), np.zeros(len(years)), "M", years)
        return
    for count in (np.round(part * length), np.floor((part + rounding) * length)):
        yield _at(start.astype("datetime64[D]"), count, "D", years)
    yield _at(start.astype("datetime64[h]"), np.round(part * length * 24), "h", years)


def _at(start: NDArray[np.datetime64], count: NDArray[np.float64], unit: str, years: NDArray[np.float64]) -> Wall:
    wall: Wall = (start + count.astype(f"timedelta64[{unit}]")).astype("datetime64[us]")
    wall[np.isnan(years)] = _NO_TIME
    return wall
