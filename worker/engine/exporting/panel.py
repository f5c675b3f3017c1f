"""One model of several series that were trained together: its script, and the numbers of each series beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from store.preparation.panels import Together
from store.preparation.windows import windowed
from store.records import Series
from store.schema.configuration import Configuration
from worker.engine.arrays import Float64s
from worker.engine.exporting.own_code import OwnCode
from worker.engine.exporting.script import OF_FILE, NotExportable, Numbers, rendered
from worker.engine.prepare import Prepared
from worker.engine.protocols.joined import prepared_each

#: the numbers of each series, and which of them it does not need, since no state is carried
NUMBERS = "preparation.json"
_NOT_NEEDED = ("BEFORE", "BATCH", "BREAKS")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A series of a model, prepared as it was for the training."""

    name: str
    #: within its window
    configuration: Configuration
    series: Series
    prepared: Prepared
    #: inputs that say which series a row is of; empty where the model does not see that
    mark: list[float]


def members(configuration: Configuration, together: Together, keep: Sequence[str] = ()) -> list[Member]:
    """Prepare the series of a model.

    Args:
        configuration: on any of them.
        together: all that the model is trained on.
        keep: the names of those that are returned; none for all.
    """
    assert configuration.panel is not None
    features, found = configuration.panel.features, []
    parts = zip(together.names, together.members, together.series, prepared_each(configuration, together), strict=True)
    for name, member, series, prepared in parts:
        if not keep or name in keep:
            own, part = windowed(member.within(configuration), series)
            inputs = prepared.rows.inputs
            mark = inputs[0, 0, inputs.shape[2] - features :].tolist()
            found.append(Member(name=name, configuration=own, series=part, prepared=prepared, mark=mark))
    return found


def write_script(
    panel: Sequence[Member],
    title: str,
    own: OwnCode,
    folder: Path,
    *,
    files: Mapping[str, Mapping[str, Any]],
    repeats: int,
) -> None:
    """Write `forecast.py` and `preparation.json`.

    Args:
        panel: the series.
        title: the script's first line.
        own: code of objects that plain Keras does not have.
        folder: where.
        files: how the file of each series was read: see `script`; `ids` are the columns that tell series apart.
        repeats: how many layers of the model are repeats of which the script takes the median; 0 for none.
    """
    first = panel[0]
    of_files = {one.name: files.get(one.name, {}) for one in panel}
    each = [_numbers(one, of_files[one.name]) for one in panel]
    switches = {name: any(one.switches[name] for one in each) for name in each[0].switches}
    known = {
        one.name: _constants(one, numbers, of_files[one.name], completes=switches["file"])
        for one, numbers in zip(panel, each, strict=True)
    }
    (folder / NUMBERS).write_text(_as_json(known), encoding="utf-8")
    given = {"panel": True, "marked": bool(first.mark), "ids": list(of_files[first.name].get("ids") or [])}
    text = rendered(first.configuration, title, own, repeats=repeats, numbers={}, **switches | given)
    (folder / "forecast.py").write_text(text, encoding="utf-8")


def _numbers(one: Member, file: Mapping[str, Any]) -> Numbers:
    """Return what the script knows of a series; rows of a file are told apart before they are completed."""
    return Numbers.of(one.configuration, one.series, one.prepared, {**file, "id": None, "keep": None})


def _constants(one: Member, numbers: Numbers, file: Mapping[str, Any], *, completes: bool) -> dict[str, Any]:
    """Return the constants of a series.

    Args:
        one: the series.
        numbers: what is known of it.
        file: how its file was read.
        completes: whether the script completes rows, those of this series or of another one.
    """
    found = {name: value for name, value in numbers.constants.items() if name not in _NOT_NEEDED}
    if completes and not found["FILE"]:
        found["FILE"] = dict.fromkeys((*OF_FILE, "start"))
    return found | {"KEEP": file.get("keep")} | ({"MARK": one.mark} if one.mark else {})


def _as_json(known: Mapping[str, Mapping[str, Any]]) -> str:
    """Write a constant of a series on a line, so that people find it."""
    series = [
        f"{json.dumps(name, ensure_ascii=False)}: {{\n"
        + ",\n".join(f' "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in constants.items())
        + "\n}"
        for name, constants in known.items()
    ]
    return "{" + ",\n".join(series) + "}\n"


def table(panel: Sequence[Member]) -> pd.DataFrame:
    """Return the rows of all series behind each other, with the name of each."""
    tables = []
    for one in panel:
        rows = pd.DataFrame(one.series.values, columns=list(one.series.columns))
        rows.insert(0, "time", list(one.series.times or range(1, len(rows) + 1)))
        rows.insert(0, "series", one.name)
        tables.append(rows)
    return pd.concat(tables, ignore_index=True)


def furthest(written: Mapping[str, Any], path: Path, stored: Mapping[str, Float64s]) -> float:
    """Return how far forecasts of a script are from the stored ones, as a share of the largest of their series.

    Args:
        written: the script as a module.
        path: the rows of all series.
        stored: the forecasts of the series that have a result.

    Returns:
        Not a number if one of them is none.

    Raises:
        NotExportable: the script does not find a series.
    """
    tables, each = written["tables_of"]([path]), [0.0]
    for name in [one for one in written["SERIES"] if one in stored]:
        if name not in tables:
            raise NotExportable(f"the script does not find the rows of {name}")
        written["use"](name)
        values, _ = written["values_of"](*tables[name])
        each.append(share(written["forecast"](values, *written["study_rows"]()), stored[name]))
    return float(np.max(each))


def share(found: Float64s, stored: Float64s) -> float:
    """Return how far forecasts are from the stored ones, as a share of the largest, or as it is where all are 0."""
    return float(np.abs(found - stored).max() / (np.abs(stored).max() or 1.0))
