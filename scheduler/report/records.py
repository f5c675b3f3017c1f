"""Tables as JSON records that lose nothing: pandas' own writer cuts numbers after 15 decimals at most."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def as_records(frame: pd.DataFrame, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a table, or those of its columns that it has; missing and infinite numbers are null."""
    kept = frame if columns is None else frame[[name for name in columns if name in frame]]
    rows = kept.astype(object).where(kept.notna(), None).to_dict("records")
    return [{str(name): finite(value) for name, value in row.items()} for row in rows]


def records_text(frame: pd.DataFrame) -> str:
    """Return the rows of a table as the text of a JSON list, a row a line; times are in ISO 8601."""
    rows = (json.dumps(row, default=_iso, ensure_ascii=False) for row in as_records(frame))
    return "[" + ",\n ".join(rows) + "]"


def _iso(value: Any) -> str:
    return str(value.isoformat())


def finite(value: Any) -> Any:
    """Return null for numbers that JSON has not."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
