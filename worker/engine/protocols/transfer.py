"""Train at one batch size and forecast the training rows at another, with the same weights."""

from __future__ import annotations

from collections.abc import Sequence

from store.schema.configuration import BatchTransfer
from worker.engine.batches import asked, batches, of_part
from worker.engine.layouts import layout
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared
from worker.engine.program_cache import program
from worker.engine.protocols.walk import blocks
from worker.lane import Lane


def train(lanes: Sequence[Lane], prepared: Prepared, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, then forecast what they were trained on, from a state that is reset once."""
    configuration = lanes[0].configuration
    assert isinstance(configuration.protocol, BatchTransfer)
    batch = configuration.protocol.forecast_batch_size
    questions = asked([prepared.train], batch, feeding=prepared.feeding)
    compiled = program(configuration, layout(configuration, prepared, train=len(prepared.train), asked=questions))
    rows = batches(prepared.train, *compiled.layout.train)
    outcomes: dict[int, Outcome] = {}
    for positions in blocks(lanes, compiled.layout.lanes):
        mine = [lanes[position] for position in positions]
        carry = compiled.start([lane.configuration for lane in mine], [lane.seed for lane in mine])
        run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(mine))
        _, forecasts = run.to([mine[0].configuration.training.epochs], rows, questions, prepared.spread)
        for number, position in enumerate(positions):
            forecast = of_part(forecasts[:, number], questions, 0)
            outcomes[position] = Outcome(rows=prepared.train, forecast=forecast)
    return [outcomes[position] for position in range(len(lanes))]
