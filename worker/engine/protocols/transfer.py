"""Train at one batch size and forecast the training rows at another, with the same weights."""

from __future__ import annotations

from collections.abc import Sequence

from store.schema.configuration import BatchTransfer, Configuration
from worker.engine.batches import Asked, asked, count
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import rung
from worker.engine.outcome import Outcome
from worker.engine.pacing import Ticker
from worker.engine.prepare import Prepared
from worker.engine.protocols.once import train_once
from worker.lane import Lane


def train(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, then forecast what they were trained on, from a state that is reset once."""
    return train_once(lanes, rows, ticker, questions=_questions, forecast=lambda prepared: prepared.train)


def _questions(configuration: Configuration, prepared: Prepared, *, apart: bool) -> Asked:
    assert isinstance(configuration.protocol, BatchTransfer)
    batch = configuration.protocol.forecast_batch_size
    needed = count(len(prepared.train), batch)
    return asked([prepared.train], batch, number=rung(needed) if apart else needed, feeding=prepared.feeding)
