"""The nearest correct spelling of a wrong name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: required similarity of two names, from 0 to 1: one or two typos, not another word
NEAR = 0.7
#: the same for names that users choose, of which they may remember a part
ALIKE = 0.4


def nearest(word: object, allowed: Iterable[str]) -> str | None:
    """Return the allowed name that is most similar to `word`, or None if none is close."""
    names = list(allowed)
    lowered = {name.lower(): name for name in names}
    close = get_close_matches(str(word)[:100].lower(), list(lowered), n=1, cutoff=NEAR)
    return lowered[close[0]] if close else None


def similar(word: str, allowed: Iterable[str], *, most: int = 3) -> list[str]:
    """List the allowed names that resemble `word`, the most alike first, however far they are from a slip."""
    return get_close_matches(word, list(allowed), n=most, cutoff=ALIKE)


def did_you_mean(word: object, allowed: Iterable[str]) -> str:
    """Return `; did you mean ...?`, or an empty text if no allowed name is close."""
    found = nearest(word, allowed)
    return f"; did you mean {found}?" if found else ""


def listed(names: Iterable[object], last: str = "or") -> str:
    """Return names as `a, b or c`."""
    words = [str(name) for name in names]
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} {last} {words[-1]}"
