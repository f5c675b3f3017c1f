"""Train on all rows, then forecast what follows the last observation, in as many steps as are asked for.

A model that carries a state is copied to batches of one row, and sees all rows in order before the last one.
"""

from __future__ import annotations

from collections.abc import Sequence

from store.schema.configuration import Configuration
from worker.engine.batches import Asked, asked, batches, count, of_part
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import Layout, layout, rung
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.protocols.blocks import Block, blocks, watched, watched_batches
from worker.lane import Lane

#: rows that are forecast at once: no state, and nothing else, is shared with another row
_BATCH = 1


def train(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train all lanes, then forecast from the end of the series."""

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
    questions = rows.asked(lambda prepared: _questions(configuration, prepared, apart=rows.apart))
    known = rows.batches(lambda prepared: batches(prepared.train, *compiled.layout.train))
    carry = compiled.start([lane.configuration for lane in lanes], [lane.seed for lane in lanes])
    run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(lanes))
    ends = [configuration.training.epochs]
    _, forecasts = run.to(ends, known, questions, rows.spread, watched(rows, compiled.layout))
    return [
        Outcome(
            rows=rows.of(number).test,
            forecast=of_part(forecasts, questions, compiled.layout.parts - 1, number),
            weights=run.weights(number, lane),
        )
        for number, lane in enumerate(lanes)
    ]


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


def _length(configuration: Configuration) -> tuple[int]:
    return (configuration.training.epochs,)
