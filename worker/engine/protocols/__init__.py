"""How a model is trained and evaluated: one module a protocol, each with a function `train`."""

from __future__ import annotations

from typing import Final

from worker.engine.outcome import Protocol
from worker.engine.protocols import fixed, transfer, walk

PROTOCOLS: Final[dict[str, Protocol]] = {
    "fixed": fixed.train,
    "update": walk.update,
    "refit": walk.refit,
    "batch_transfer": transfer.train,
}

__all__ = ["PROTOCOLS"]
