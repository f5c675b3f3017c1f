"""Train on all rows, then forecast what follows the last observation, in as many steps as are asked for.

A model that carries a state is copied to batches of one row, and sees all rows in order before the last one.
"""

from __future__ import annotations

from collections.abc import Sequence

from store.schema.configuration import Configuration
from worker.engine.batches import Asked, asked, count
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import rung
from worker.engine.outcome import Outcome
from worker.engine.pacing import Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.protocols.once import train_once
from worker.lane import Lane

#: rows that are forecast at once: no state, and nothing else, is shared with another row
_BATCH = 1


def train(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, then forecast from the end of the series."""
    return train_once(lanes, rows, ticker, questions=_questions, forecast=lambda prepared: prepared.test)


def _parts(configuration: Configuration, prepared: Prepared) -> list[Rows]:
    """Return the rows that are asked for: with a state all that are before them, too."""
    if not configuration.model.carries_state:
        return [prepared.test]
    return [prepared.rows[prepared.cut.train.start : prepared.cut.test.start], prepared.test]


def _questions(configuration: Configuration, prepared: Prepared, *, apart: bool) -> Asked:
    parts = _parts(configuration, prepared)
    needed = count(sum(map(len, parts)), _BATCH)
    number = rung(needed) if apart else needed
    return asked(parts, _BATCH, number=number, warm_up=True, feeding=prepared.feeding)
