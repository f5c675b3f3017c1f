"""How numbers travel in the page: base64 of their bytes, and JSON without NaN."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


def floats(values: Numbers) -> str:
    """Encode numbers with single precision."""
    with np.errstate(over="ignore"):
        return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def integers(values: Numbers) -> str:
    """Encode whole numbers of 32 bits."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<i4").tobytes()).decode()


def plain(value: Any) -> Any:
    """Replace what JSON does not have (NaN, infinity) by null."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
