"""Train at one batch size and forecast the training rows at another, with the same weights."""

from __future__ import annotations

from collections.abc import Sequence

from store.schema.configuration import BatchTransfer, Configuration
from worker.engine.batches import Asked, asked, batches, count, of_part
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import Layout, layout, rung
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared
from worker.engine.protocols.blocks import Block, blocks, watched, watched_batches
from worker.lane import Lane


def train(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, then forecast what they were trained on, from a state that is reset once."""

    def lay_out(configuration: Configuration, prepared: Prepared) -> Layout:
        questions = _questions(configuration, prepared, apart=rows.apart)
        return layout(
            configuration,
            prepared,
            train=len(prepared.train),
            asked=questions,
            apart=rows.apart,
            watched=watched_batches(configuration, prepared, questions, apart=rows.apart),
        )

    outcomes: dict[int, Outcome] = {}
    for block in blocks([lane.configuration for lane in lanes], rows, lay_out, _length):
        found = _trained(block, [lanes[position] for position in block.positions], ticker)
        outcomes |= dict(zip(block.positions, found, strict=True))
    return [outcomes[position] for position in range(len(lanes))]


def _trained(block: Block, lanes: Sequence[Lane], ticker: Ticker) -> list[Outcome]:
    compiled, rows, configuration = block.program, block.rows, lanes[0].configuration
    train = rows.batches(lambda prepared: batches(prepared.train, *compiled.layout.train))
    questions = rows.asked(lambda prepared: _questions(configuration, prepared, apart=rows.apart))
    carry = compiled.start([lane.configuration for lane in lanes], [lane.seed for lane in lanes])
    run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(lanes))
    _, forecasts = run.to(
        [configuration.training.epochs], train, questions, rows.spread, watched(rows, compiled.layout)
    )
    return [
        Outcome(
            rows=rows.of(number).train,
            forecast=of_part(forecasts, questions, 0, number),
            weights=run.weights(number, lane),
        )
        for number, lane in enumerate(lanes)
    ]


def _questions(configuration: Configuration, prepared: Prepared, *, apart: bool) -> Asked:
    assert isinstance(configuration.protocol, BatchTransfer)
    batch = configuration.protocol.forecast_batch_size
    needed = count(len(prepared.train), batch)
    return asked([prepared.train], batch, number=rung(needed) if apart else needed, feeding=prepared.feeding)


def _length(configuration: Configuration) -> tuple[int]:
    return (configuration.training.epochs,)
