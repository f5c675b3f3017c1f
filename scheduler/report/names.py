"""Shortening the names of configurations: only the parts that they share, never those that differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from scheduler.text import printable

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
#: letters of a field's name that are kept
FEWEST = 3
#: a name that is so many times too long is cut in its middle even where it differs
TOO_LONG = 2
#: the name of a field: what stands before = or (
_FIELD = re.compile(r"[^\W\d][\w.]*(?=[=(])")


def shortened(labels: Sequence[str], most: int) -> list[str]:
    """Shorten names to a number of characters where the parts that they share allow it.

    The names of fields that all labels have (`learning_rate=0.001` becomes `learn...=0.001`) are shortened first, the
    longest first, then what all labels begin and end with. What differs is kept, so a name may stay somewhat longer.
    """
    texts = [" ".join(printable(label).split()) for label in labels]
    if all(len(text) <= most for text in texts):
        return texts
    several = len(texts) > 1
    fields = set.intersection(*(set(_FIELD.findall(text)) for text in texts)) if several else set()
    first, last = _shared_ends(texts) if several else ("", "")
    return [_shortened(text, fields, first, last, most) for text in texts]


def cut(text: str, most: int) -> str:
    """Cut one text at its end."""
    plain = " ".join(printable(text).split())
    return plain if len(plain) <= most else plain[: most - 1] + ELLIPSIS


def _shortened(text: str, fields: set[str], first: str, last: str, most: int) -> str:
    if len(text) > most and len(first) > FEWEST:
        text = ELLIPSIS + text[len(first) :]
    if len(text) > most and len(last) > FEWEST:
        text = text[: -len(last)] + ELLIPSIS
    if len(text) > most:
        text = _fields_cut(text, fields, most)
    limit = TOO_LONG * most
    return text if len(text) <= limit else text[: limit // 2] + ELLIPSIS + text[limit // 2 - limit + 1 :]


def _fields_cut(text: str, fields: set[str], most: int) -> str:
    """Shorten the names of fields, the longest first, as far as they stay distinct."""
    count = Counter(field for field in _FIELD.findall(text) if field in fields)
    sizes = {field: len(field) for field in count}
    least = _needed(tuple(count))
    length = len(text)
    while length > most:
        longest = max((field for field in count if sizes[field] > least[field]), key=sizes.__getitem__, default=None)
        if longest is None:
            break
        before = len(_begun(longest, sizes[longest]))
        sizes[longest] -= 1
        length -= count[longest] * (before - len(_begun(longest, sizes[longest])))
    return _FIELD.sub(lambda found: _begun(found[0], sizes.get(found[0], len(found[0]))), text)


def _begun(field: str, size: int) -> str:
    """Return the first letters of a field's name, or all of it if an ellipsis would save nothing."""
    return field if size >= len(field) - 1 else field[:size] + ELLIPSIS


@lru_cache(maxsize=64)  # the labels of a grid have the same fields
def _needed(fields: tuple[str, ...]) -> Mapping[str, int]:
    """Count the first letters that distinguish each field from the others."""
    alike = {field: [len(_beginning([field, other])) for other in fields if other != field] for field in fields}
    return {field: max(FEWEST, 1 + max(lengths, default=0)) for field, lengths in alike.items()}


def _shared_ends(texts: Sequence[str]) -> tuple[str, str]:
    """Return what all names begin and end with, up to whole words."""
    first = re.sub(r"[^\s,]*$", "", _beginning(texts))
    last = re.sub(r"^[^\s,]*", "", _beginning([text[::-1] for text in texts])[::-1])
    return first, last if all(len(first) + len(last) < len(text) for text in texts) else ""


def _beginning(texts: Sequence[str]) -> str:
    """Return the letters that all texts begin with."""
    return "".join(letters[0] for letters in takewhile(lambda found: len(set(found)) == 1, zip(*texts, strict=False)))
