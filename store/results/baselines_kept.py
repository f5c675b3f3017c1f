"""Baselines that any experiment has computed before, found by their split."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Text, and_, cast, func, select

from store.database.dialects import among
from store.database.tables import baseline_rows

if TYPE_CHECKING:
    import pandas as pd

_OURS = frozenset({"experiment_id", "position", "details"})


def baselines_of(connection: Connection, splits: Collection[str]) -> dict[str, pd.DataFrame]:
    """Return the baselines of each split that has some: those of the first experiment that needed them."""
    import pandas as pd

    own = baseline_rows
    asked = among(own.c.split, splits)
    first = select(own.c.split, func.min(own.c.experiment_id).label("id")).where(asked).group_by(own.c.split).subquery()
    names = [column for column in own.c if column.name not in _OURS]
    rows = (
        select(*names, cast(own.c.details, Text).label("details"))
        .join(first, and_(first.c.split == own.c.split, first.c.id == own.c.experiment_id))
        .order_by(own.c.position)
    )
    found: dict[str, list[dict[str, object]]] = {}
    for row in connection.execute(rows):
        values = dict(row._mapping)
        found.setdefault(values["split"], []).append(values | json.loads(values.pop("details")))
    return {split: pd.DataFrame(each) for split, each in found.items()}


def baselines_over(connection: Connection, splits: Collection[str]) -> dict[str, set[str]]:
    """Return the naive forecasts over whose errors the stored baselines of some splits are."""
    columns = baseline_rows.c["split", "mase_of"]
    rows = select(*columns).distinct().where(among(baseline_rows.c.split, splits), baseline_rows.c.mase.isnot(None))
    found: dict[str, set[str]] = {}
    for split, over in connection.execute(rows):
        found.setdefault(split, set()).update([over] if over else [])
    return found
