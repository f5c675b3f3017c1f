"""Labels of configurations, made of the axes' values; and the names of experiments, made of their files'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

from scheduler.grid.axes import Axis
from scheduler.grid.yaml_values import shown

LONGEST = 160


def labels(axes: Sequence[Axis], points: Sequence[tuple[int, ...]]) -> Iterator[str]:
    """Return short and unique labels of points, which are given as the numbers of the axes' options."""
    if not axes:
        yield from ("base" for _ in points)
        return
    bare = _bare(axes)
    texts = [_texts(axis, short, bare) for axis, short in zip(axes, _short(axes), strict=True)]
    taken: Counter[str] = Counter()
    for point in points:
        label = ", ".join([texts[axis][option] for axis, option in enumerate(point)])
        if len(label) > LONGEST:
            label = f"{label[: LONGEST - 4]} ..."
        taken[label] += 1
        if taken[label] > 1:
            label = f"{label} ({taken[label]})"
            taken[label] += 1
        yield label


def _texts(axis: Axis, names: Sequence[str], bare: bool) -> list[str]:
    columns = [
        _series(name, values) if name == "series" else [_text(name, value, bare) for value in values]
        for name, values in zip(names, zip(*(option.values for option in axis.options), strict=True), strict=True)
    ]
    return [", ".join(texts) for texts in zip(*columns, strict=True)]


def _series(name: str, values: Sequence[Any]) -> list[str]:
    """Return series by the names of their files, with the fields in which those of the same file differ."""
    files = [_file(value) for value in values]
    found = []
    for value, file in zip(values, files, strict=True):
        alike = [one for one, other in zip(values, files, strict=True) if other == file and isinstance(one, dict)]
        keys = dict.fromkeys(key for one in alike for key in one if key not in ("path", "name"))
        differ = [key for key in keys if len({repr(one.get(key)) for one in alike}) > 1]
        own = value if isinstance(value, dict) else {}
        inner = ", ".join(f"{key}={shown(own[key])}" for key in differ if key in own)
        found.append(f"{name}={file}({inner})" if inner else f"{name}={file}")
    return found


def _file(value: Any) -> str:
    """Return the name of a series, or that of its file without its ending."""
    given = (value.get("path") or value.get("name")) if isinstance(value, dict) else value
    return PurePath(given).stem if isinstance(given, str) else shown(given)


def _bare(axes: Sequence[Axis]) -> bool:
    """Return whether the keys of mappings are unambiguous without the field's name: only one field has mappings."""
    fields = {
        name
        for axis in axes
        for option in axis.options
        for name, value in zip(axis.names, option.values, strict=True)
        if isinstance(value, dict)
    }
    return len(fields) == 1


def _short(axes: Sequence[Axis]) -> list[list[str]]:
    """Shorten each dotted name to the fewest last words that no other axis has."""
    names = [name for axis in axes for name in axis.names]
    ends = Counter(end for name in names for end in _ends(name))
    return [[next(end for end in _ends(name) if ends[end] == 1 or end == name) for name in axis.names] for axis in axes]


def _ends(name: str) -> list[str]:
    words = name.split(".")
    return [".".join(words[start:]) for start in range(len(words) - 1, -1, -1)]


def _text(name: str, value: Any, bare: bool) -> str:
    """Return a value as text: `units=3`, `optimizer=sgd(momentum=0.9)`, `kernel_regularizer(l1=0.01, l2=0)`."""
    if name.endswith("calendar") and isinstance(value, list | tuple):
        return f"{name}={shown([_entry(one) for one in value])}"
    if not isinstance(value, dict):
        return f"{name}={shown(value)}"
    if name.endswith("inputs"):
        return f"{name}({', '.join(_column(column, seen) for column, seen in value.items())})"
    title = next((key for key in ("name", "kind") if isinstance(value.get(key), str)), None)
    inner = ", ".join(f"{key}={shown(one)}" for key, one in value.items() if key != title)
    if title is None:
        return inner if bare and inner else f"{name}({inner})"
    return f"{name}={value[title]}({inner})" if inner else f"{name}={value[title]}"


def _column(name: Any, seen: Any) -> str:
    """Return a column and what a row sees of it: `load(lags=24)`, `price(known)`, or its name alone."""
    fields = seen.items() if isinstance(seen, dict) else ()
    inner = ", ".join(str(key) if one is True else f"{key}={shown(one)}" for key, one in fields)
    return f"{name}({inner})" if inner else str(name)


def _entry(value: Any) -> Any:
    """Return an entry of a calendar as its name and form: `month:onehot`."""
    if isinstance(value, dict) and len(value) == 1 and all(isinstance(one, str) for one in value.values()):
        return ":".join(next(iter(value.items())))
    return value


def name_of_file(file: str) -> str:
    """Return an experiment's name for a file; a name that would be invalid gets the prefix `grid-`."""
    stem = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "_.-") else "-" for letter in Path(file).stem
    )
    stem = stem.rstrip("-.")
    if not stem:
        return "grid"
    valid = stem[0].isalnum() and not stem.isdecimal()
    return (stem if valid else f"grid-{stem.lstrip('-._')}")[:100]
