"""Times of two or three forms in one column: put together where that gives one order of time, and named otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.lines import on_lines
from scheduler.series.time_forms.spacing import OFTEN, evenness
from scheduler.series.time_forms.strptime import read_format
from scheduler.text import many
from store.schema.spelling import listed

#: forms in one column; of more, none is looked for
MOST_FORMS = 3
#: rows whose times are named one by one where they do not fit those of the others
FEW = 3
#: ways to put forms together that are tried
MOST_WAYS = 12
_LETTERS = re.compile(r"[^\W\d_]+")
Wall = NDArray[np.datetime64]

Groups = dict[str, list[int]]
#: times without a zone, and their form
Read = tuple[Wall, str]
Forms = Callable[[Sequence[str]], Iterable[Read]]


def together(name: str, texts: Sequence[str], lines: Sequence[int], forms: Forms, diagnosis: Diagnosis) -> Read | None:
    """Read times of several forms, if one way to read them gives an order of time; report them if none does.

    Returns:
        None where the times are not of several forms, or few of them are of another one.
    """
    groups = _by_shape(texts)
    if not 1 < len(groups) <= MOST_FORMS or "" in groups:
        return None
    read = [
        [one for one in forms([texts[row] for row in rows]) if not np.isnat(one[0]).any()] for rows in groups.values()
    ]
    if not all(read):
        return None
    best = _best(list(product(*read))[:MOST_WAYS], list(groups.values()))
    shown = listed([f"{texts[rows[0]][:40]!r} in {many(len(rows), 'row')}" for rows in groups.values()], "and")
    if best is not None:
        wall, used = best
        diagnosis.note(f"{name} has times of {len(groups)} forms ({shown}), which are in order together and were read")
        return wall, used[-1][1]
    others = sorted(groups.values(), key=len)[:-1]
    if sum(map(len, others)) <= FEW:
        return None
    at = on_lines([lines[row] for row in sorted(row for rows in others for row in rows)])
    diagnosis.mistake(
        lines[others[0][0]],
        f"{name} has times of {len(groups)} forms, {shown}, which are in no order of time together: write all of them "
        f"in one form; the fewer ones are on {at}",
    )
    return np.full(len(texts), np.datetime64("NaT", "us")), ""


def _by_shape(texts: Sequence[str]) -> Groups:
    """Return the rows by what their texts look like: `00/00/0000`, `0000-00-00`."""
    shape_of = {text: _shape(text) for text in dict.fromkeys(texts)}
    groups: Groups = {}
    for row, text in enumerate(texts):
        groups.setdefault(shape_of[text], []).append(row)
        if len(groups) > MOST_FORMS:
            break
    return groups


def _shape(text: str) -> str:
    marked = re.sub(r"\d+", lambda found: "9" if len(found[0]) < 3 else "9" * len(found[0]), text)
    return _LETTERS.sub("a", marked)


def _best(ways: Sequence[tuple[Read, ...]], rows: Sequence[Sequence[int]]) -> tuple[Wall, list[Read]] | None:
    """Return the only way to read the forms by which the rows are in order and evenly spaced."""
    found = []
    for way in ways:
        wall = np.empty(sum(map(len, rows)), dtype="datetime64[us]")
        for one, places in zip(way, rows, strict=True):
            wall[np.asarray(places)] = one[0]
        found.append((evenness(wall), wall, list(way)))
    top = max(rate for rate, _, _ in found)
    best = [(wall, way) for rate, wall, way in found if rate >= top - 1e-9]
    same = all((wall == best[0][0]).all() for wall, _ in best)
    return best[0] if top >= OFTEN and same else None


def unswapped(texts: Sequence[str], found: Wall, form: str, diagnosis: Diagnosis) -> Wall:
    """Return times of which day and month are swapped where a spreadsheet took one for the other.

    It reads 05/03 as the third of May and leaves 25/03 as it is, so that rows jump between months.
    """
    if not {"%d", "%m"} <= {*re.findall("%.", form)}:
        return found
    if (np.diff(found) > np.timedelta64(0)).all() or (rate := evenness(found)) > 0:
        return found
    other = form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
    wall, _ = read_format(texts, other)
    both = ~np.isnat(wall) & (wall != found)
    mixed = np.where(both, wall, found)
    if evenness(mixed) < OFTEN or evenness(mixed) <= rate:
        return found
    first = int(np.argmax(both))
    diagnosis.note(
        f"day and month are swapped in {many(int(both.sum()), 'time')}, such as {texts[first]!r} for "
        f"{str(wall[first])[:10]}, which puts all rows in order; the others are of the form {form}"
    )
    return mixed
