"""Times of a format whose texts are all of one length, read by the places of their digits: millions in seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_PARTS = re.compile(r"%([YmdHMS])|([^%])")
_ZERO = np.uint8(ord("0"))


def read_digits_at(texts: Sequence[str], form: str) -> NDArray[np.datetime64] | None:
    """Read times of a format of figures alone; None if a text is of another length, or is no such time."""
    parts = _PARTS.findall(form)
    if "".join(f"%{name}" if name else mark for name, mark in parts) != form or {"Y", "m", "d"} - {n for n, _ in parts}:
        return None
    width = sum(_DIGITS[name] if name else 1 for name, _ in parts)
    joined = "".join(texts)
    if len(joined) != width * len(texts) or not joined.isascii() or set(map(len, texts)) != {width}:
        return None
    letters = np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(len(texts), width)
    fields, place = dict.fromkeys("HMS", np.zeros(len(texts), np.int64)), 0
    for name, mark in parts:
        size = _DIGITS[name] if name else 1
        own = letters[:, place : place + size]
        place += size
        if name:
            digits = own - _ZERO  # modulo 256: what is below is above
            if (digits > 9).any():
                return None
            fields[name] = _number(digits)
        elif (own != ord(mark)).any():
            return None
    return _whole(fields)


def _number(digits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Read the digits of each row as one number."""
    found = digits[:, 0].astype(np.int16)
    for place in range(1, digits.shape[1]):
        found = found * np.int16(10) + digits[:, place]
    return found.astype(np.int64)


def _whole(fields: dict[str, NDArray[np.int64]]) -> NDArray[np.datetime64] | None:
    """Put times together; None if one of them is none."""
    year, month, day = fields["Y"], fields["m"], fields["d"]
    most = {"m": 12, "d": 31, "H": 23, "M": 59, "S": 59}
    if (month < 1).any() or (day < 1).any() or (year < 1).any():
        return None
    if any((fields[name] > limit).any() for name, limit in most.items()):
        return None
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1).astype("timedelta64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    late = np.flatnonzero(day > 28)
    if (days[late].astype("datetime64[M]") != months[late]).any():
        return None
    seconds = fields["H"] * 3600 + fields["M"] * 60 + fields["S"]
    found: NDArray[np.datetime64] = days.astype("datetime64[us]") + seconds.astype("timedelta64[s]")
    return found
