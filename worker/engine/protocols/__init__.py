"""How a model is trained and evaluated: one module a protocol, each with a function `train`."""

from __future__ import annotations

from typing import Final

from store.schema.configuration import Configuration
from worker.engine.outcome import Protocol
from worker.engine.protocols import fixed, future, transfer, walk

PROTOCOLS: Final[dict[str, Protocol]] = {
    "fixed": fixed.train,
    "update": walk.update,
    "refit": walk.refit,
    "batch_transfer": transfer.train,
}


def protocol_of(configuration: Configuration) -> Protocol:
    """Return how a configuration is trained: beyond the end of the data all protocols do the same."""
    return PROTOCOLS[configuration.protocol.kind] if configuration.future is None else future.train


__all__ = ["PROTOCOLS", "protocol_of"]
