"""JSON for other programs: one object, times in ISO 8601, null where there is no number."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.cli.output import write_out


def write_json(record: Mapping[str, Any]) -> None:
    """Write an object to stdout."""
    write_out(json.dumps(_valid(record), indent=2, allow_nan=False))


def _valid(value: Any) -> Any:
    """Replace what JSON cannot hold."""
    if isinstance(value, Mapping):
        return {str(key): _valid(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_valid(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
