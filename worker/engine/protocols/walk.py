"""Walk forward over the test rows with a model that learns on the way: by updates of one, or by one fit each.

No row is trained on before all its targets are past. The state of the model is reset after each epoch and nowhere else:
forecasts between which nothing is trained share it, and where both have batches of one row an update goes on from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np

from store.schema.configuration import Configuration, Update
from worker.engine.arrays import Float32s
from worker.engine.batches import Batches, asked, batches
from worker.engine.layouts import layout
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.program import Program
from worker.engine.program_cache import program
from worker.lane import Lane


def update(lanes: Sequence[Lane], prepared: Prepared, ticker: Ticker) -> list[Outcome]:
    """Train once, then train on before each forecast but the first."""
    ticker.total = sum(lane.configuration.training.epochs for lane in lanes)
    ticker.total += sum(_updates(lane.configuration) * (len(prepared.test) - 1) for lane in lanes)
    return _walked(lanes, prepared, ticker, _update)


def refit(lanes: Sequence[Lane], prepared: Prepared, ticker: Ticker) -> list[Outcome]:
    """Train a new model before each forecast, from weights and masks of its own: a child of the repeat's seed."""
    ticker.total = sum(lane.configuration.training.epochs for lane in lanes) * len(prepared.test)
    return _walked(lanes, prepared, ticker, _refit)


class _Walk:
    """A block of lanes with the same epochs, and the rows they walk over."""

    def __init__(self, compiled: Program, lanes: Sequence[Lane], prepared: Prepared, ticker: Ticker) -> None:
        self.compiled, self.lanes, self.prepared, self.ticker = compiled, lanes, prepared, ticker
        self.configuration = lanes[0].configuration
        self.questions = asked([prepared.test], 1, feeding=prepared.feeding)

    def start(self, fit: int | None = None) -> Run:
        """Begin a training from initial weights: those of the repeats, or of their refit of some number."""
        seeds = [lane.seed if fit is None else child(lane.seed, fit) for lane in self.lanes]
        carry = self.compiled.start([lane.configuration for lane in self.lanes], seeds)
        return Run(program=self.compiled, carry=carry, ticker=self.ticker, lanes=len(self.lanes))

    def known(self, step: int, last: int | None = None) -> Batches:
        """Cut what may be trained on before a step; the first rows are dropped where they fill no batch."""
        rows = self.prepared.known(step)
        rows = rows if last is None else rows[max(0, len(rows) - last) :]
        batch, number = self.compiled.layout.train
        return batches(_filling(rows, self.configuration), batch, number)

    def forecast(self, run: Run, epochs: int, train: Batches, first: int, last: int) -> Float32s:
        """Train up to some epoch and forecast test rows, (rows, lanes, horizon, targets), from a reset state."""
        rows = self.questions.rows._replace(first=np.int32(first), last=np.int32(last))
        questions = self.questions._replace(rows=rows)
        _, forecasts = run.to([epochs], train, questions, self.prepared.spread)
        return forecasts[first:last, :, 0]


def _update(walk: _Walk) -> Iterator[Float32s]:
    epochs, updates = walk.configuration.training.epochs, _updates(walk.configuration)
    steps, last = len(walk.prepared.test), _protocol(walk.configuration).last
    run = walk.start()
    yield walk.forecast(run, epochs, walk.known(0), 0, 1 if updates else steps)
    for step in range(1, steps if updates else 0):
        yield walk.forecast(run, epochs + step * updates, walk.known(step, last), step, step + 1)


def _refit(walk: _Walk) -> Iterator[Float32s]:
    for step in range(len(walk.prepared.test)):
        yield walk.forecast(walk.start(step), walk.configuration.training.epochs, walk.known(step), step, step + 1)


def child(seed: int, fit: int) -> int:
    """Derive the seed of a refit from the repeat's."""
    return int(np.random.SeedSequence(seed, spawn_key=(2, fit)).generate_state(1, np.uint64)[0] >> 1)


def _walked(
    lanes: Sequence[Lane],
    prepared: Prepared,
    ticker: Ticker,
    steps: Callable[[_Walk], Iterator[Float32s]],
) -> list[Outcome]:
    compiled = _program(lanes[0].configuration, prepared)
    outcomes: dict[int, Outcome] = {}
    for positions in blocks(lanes, compiled.layout.lanes):
        walk = _Walk(compiled, [lanes[position] for position in positions], prepared, ticker)
        forecasts = np.concatenate(list(steps(walk)))
        for number, position in enumerate(positions):
            outcomes[position] = Outcome(rows=prepared.test, forecast=forecasts[:, number])
    return [outcomes[position] for position in range(len(lanes))]


def _program(configuration: Configuration, prepared: Prepared) -> Program:
    most = len(_filling(prepared.known(len(prepared.test) - 1), configuration))
    most = max(most, len(prepared.train))
    leaves_state = isinstance(configuration.protocol, Update) and configuration.training.batch_size == 1
    questions = asked([prepared.test], 1, feeding=prepared.feeding)
    return program(
        configuration,
        layout(configuration, prepared, train=most, asked=questions, grows=True, leaves_state=leaves_state),
    )


def blocks(lanes: Sequence[Lane], width: int) -> Iterator[list[int]]:
    """Cut lanes with the same epochs and updates into blocks of positions."""

    def length(position: int) -> tuple[int, int]:
        configuration = lanes[position].configuration
        return configuration.training.epochs, _updates(configuration)

    for _, group in groupby(sorted(range(len(lanes)), key=length), key=length):
        positions = list(group)
        for first in range(0, len(positions), width):
            yield positions[first : first + width]


def _filling(rows: Rows, configuration: Configuration) -> Rows:
    left_over = 0 if configuration.prepare.pad else len(rows) % configuration.training.batch_size
    return rows[left_over:]


def _protocol(configuration: Configuration) -> Update:
    assert isinstance(configuration.protocol, Update)
    return configuration.protocol


def _updates(configuration: Configuration) -> int:
    protocol = configuration.protocol
    return protocol.update_epochs if isinstance(protocol, Update) else 0
