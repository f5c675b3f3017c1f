"""Walk forward over the test rows with a model that learns on the way: by updates of one, or by one fit each.

No row is trained on before all its targets are past. The state of the model is reset after each epoch and nowhere else:
forecasts between which nothing is trained share it, and where both have batches of one row an update goes on from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from store.schema.configuration import Configuration, Update
from worker.engine.arrays import Float32s
from worker.engine.batches import Asked, Batches, asked, batches
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import Layout, layout, rung
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared, Rows
from worker.engine.protocols.blocks import Block, blocks, watched, watched_batches
from worker.lane import Lane


def update(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train once, then train on before each forecast but the first."""
    ticker.total = sum(
        lane.configuration.training.epochs + _updates(lane.configuration) * (len(rows.of(position).test) - 1)
        for position, lane in enumerate(lanes)
    )
    return _walked(lanes, rows, ticker, _update)


def refit(lanes: Sequence[Lane], rows: LaneRows, ticker: Ticker) -> list[Outcome]:
    """Train a new model before each forecast, from weights and masks of its own: a child of the repeat's seed."""
    ticker.total = sum(
        lane.configuration.training.epochs * len(rows.of(position).test) for position, lane in enumerate(lanes)
    )
    return _walked(lanes, rows, ticker, _refit)


class _Walk:
    """A block of lanes with the same epochs, and the rows they walk over."""

    def __init__(self, block: Block, lanes: Sequence[Lane], ticker: Ticker) -> None:
        self.compiled, self.rows, self.lanes, self.ticker = block.program, block.rows, lanes, ticker
        self.configuration = lanes[0].configuration
        self.questions = self.rows.asked(lambda prepared: _questions(prepared, apart=self.rows.apart))
        #: of each lane, when its last row is forecast
        self.weights: dict[int, dict[str, Float32s] | None] = {}
        self.watched = watched(self.rows, self.compiled.layout)
        #: a lane whose test rows are used up before others' trains no more
        self.steps = max(len(self.rows.of(number).test) for number in range(len(lanes)))

    def start(self, fit: int | None = None) -> Run:
        """Begin a training from initial weights: those of the repeats, or of their refit of some number."""
        seeds = [lane.seed if fit is None else child(lane.seed, fit) for lane in self.lanes]
        carry = self.compiled.start([lane.configuration for lane in self.lanes], seeds)
        return Run(program=self.compiled, carry=carry, ticker=self.ticker, lanes=len(self.lanes))

    def known(self, step: int, last: int | None = None) -> Batches:
        """Cut what may be trained on before a step; the first rows are dropped where they fill no batch."""

        def cut(prepared: Prepared) -> Batches:
            rows = prepared.known(step) if step < len(prepared.test) else prepared.rows[:0]
            rows = rows if last is None else rows[max(0, len(rows) - last) :]
            return batches(_filling(rows, self.configuration), *self.compiled.layout.train)

        return self.rows.batches(cut)

    def forecast(self, run: Run, epochs: int, train: Batches, first: int, last: int) -> Float32s:
        """Train up to some epoch and forecast test rows, (rows, lanes, horizon, targets), from a reset state."""
        asked = self.questions._replace(rows=self.questions.rows._replace(first=np.int32(first), last=np.int32(last)))
        _, forecasts = run.to([epochs], train, asked, self.rows.spread, self.watched)
        for number, lane in enumerate(self.lanes):
            if first < len(self.rows.of(number).test) <= last:
                self.weights[number] = run.weights(number, lane)
        return forecasts[first:last, :, 0]


def _update(walk: _Walk) -> Iterator[Float32s]:
    epochs, updates = walk.configuration.training.epochs, _updates(walk.configuration)
    steps, last = walk.steps, _protocol(walk.configuration).last
    run = walk.start()
    yield walk.forecast(run, epochs, walk.known(0), 0, 1 if updates else steps)
    for step in range(1, steps if updates else 0):
        run.watch_anew(updates)
        yield walk.forecast(run, epochs + step * updates, walk.known(step, last), step, step + 1)


def _refit(walk: _Walk) -> Iterator[Float32s]:
    for step in range(walk.steps):
        yield walk.forecast(walk.start(step), walk.configuration.training.epochs, walk.known(step), step, step + 1)


def child(seed: int, fit: int) -> int:
    """Derive the seed of a refit from the repeat's."""
    return int(np.random.SeedSequence(seed, spawn_key=(2, fit)).generate_state(1, np.uint64)[0] >> 1)


def _walked(
    lanes: Sequence[Lane],
    rows: LaneRows,
    ticker: Ticker,
    steps: Callable[[_Walk], Iterator[Float32s]],
) -> list[Outcome]:
    def lay_out(configuration: Configuration, prepared: Prepared) -> Layout:
        return _layout(configuration, prepared, apart=rows.apart)

    outcomes: dict[int, Outcome] = {}
    for block in blocks([lane.configuration for lane in lanes], rows, lay_out, _length):
        walk = _Walk(block, [lanes[position] for position in block.positions], ticker)
        forecasts = np.concatenate(list(steps(walk)))
        for number, position in enumerate(block.positions):
            test = rows.of(position).test
            forecast = forecasts[: len(test), number]
            outcomes[position] = Outcome(rows=test, forecast=forecast, weights=walk.weights[number])
    return [outcomes[position] for position in range(len(lanes))]


def _layout(configuration: Configuration, prepared: Prepared, *, apart: bool) -> Layout:
    most = len(_filling(prepared.known(len(prepared.test) - 1), configuration))
    questions = _questions(prepared, apart=apart)
    return layout(
        configuration,
        prepared,
        train=max(most, len(prepared.train)),
        asked=questions,
        apart=apart,
        watched=watched_batches(configuration, prepared, questions, apart=apart),
        grows=True,
        leaves_state=isinstance(configuration.protocol, Update) and configuration.training.batch_size == 1,
    )


def _questions(prepared: Prepared, *, apart: bool) -> Asked:
    """Cut the test rows to be forecast one by one."""
    return asked([prepared.test], 1, number=rung(len(prepared.test)) if apart else None, feeding=prepared.feeding)


def _length(configuration: Configuration) -> tuple[int, int]:
    return configuration.training.epochs, _updates(configuration)


def _filling(rows: Rows, configuration: Configuration) -> Rows:
    left_over = 0 if configuration.prepare.pad else len(rows) % configuration.training.batch_size
    return rows[left_over:]


def _protocol(configuration: Configuration) -> Update:
    assert isinstance(configuration.protocol, Update)
    return configuration.protocol


def _updates(configuration: Configuration) -> int:
    protocol = configuration.protocol
    return protocol.update_epochs if isinstance(protocol, Update) else 0
