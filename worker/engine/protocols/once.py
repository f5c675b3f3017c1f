"""Train once, on all training rows, then forecast: what `batch_transfer` and forecasts beyond the end share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from store.schema.configuration import Configuration
from worker.engine.batches import Asked, batches, of_part
from worker.engine.lane_rows import LaneRows
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.protocols.blocks import Block, blocks, laid_out_by, watched
from worker.lane import Lane


class Questions(Protocol):
    """Chooses the rows that are asked for; those of the last part are the forecast."""

    def __call__(self, configuration: Configuration, prepared: Prepared, *, apart: bool) -> Asked: ...


def train_once(
    lanes: Sequence[Lane],
    rows: LaneRows,
    ticker: Ticker,
    *,
    questions: Questions,
    forecast: Callable[[Prepared], Rows],
) -> list[Outcome]:
    """Train all lanes in blocks, and forecast the rows that each is asked for.

    Args:
        lanes: Those of a pack.
        rows: What they are prepared with.
        ticker: Told of each epoch.
        questions: The rows that are asked for.
        forecast: Those of them that are the outcome.
    """
    ask = partial(questions, apart=rows.apart)
    outcomes: dict[int, Outcome] = {}
    for block in blocks([lane.configuration for lane in lanes], rows, laid_out_by(ask, apart=rows.apart), _length):
        found = _trained(block, [lanes[position] for position in block.positions], ticker, ask, forecast)
        outcomes |= dict(zip(block.positions, found, strict=True))
    return [outcomes[position] for position in range(len(lanes))]


def _trained(
    block: Block,
    lanes: Sequence[Lane],
    ticker: Ticker,
    ask: Callable[[Configuration, Prepared], Asked],
    forecast: Callable[[Prepared], Rows],
) -> list[Outcome]:
    compiled, rows, configuration = block.program, block.rows, lanes[0].configuration
    questions = rows.asked(lambda prepared: ask(configuration, prepared))
    known = rows.batches(lambda prepared: batches(prepared.train, *compiled.layout.train))
    carry = compiled.start([lane.configuration for lane in lanes], [lane.seed for lane in lanes])
    run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(lanes))
    ends = [configuration.training.epochs]
    _, forecasts = run.to(ends, known, questions, rows.spread, watched(rows, compiled.layout))
    return [
        Outcome(
            rows=forecast(rows.of(number)),
            forecast=of_part(forecasts, questions, compiled.layout.parts - 1, number),
            weights=run.weights(number, lane),
        )
        for number, lane in enumerate(lanes)
    ]


def _length(configuration: Configuration) -> tuple[int]:
    return (configuration.training.epochs,)
