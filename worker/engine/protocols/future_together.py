"""Train one model on all rows of several series, then forecast beyond the end of each, in its own scale.

Forecasts that are fed back are turned from the scale of what is forecast to that of what is seen, which differ from
series to series: each series is forecast by itself, by the program that has trained the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from store.schema.configuration import Configuration
from store.schema.cost import TOGETHER_LANES
from worker.engine.arrays import Float32s
from worker.engine.batches import Asked, Batches, asked, batches, count, of_part
from worker.engine.layouts import Layout, layout
from worker.engine.outcome import Outcome
from worker.engine.pacing import Run, Ticker
from worker.engine.prepare import Prepared
from worker.engine.program import Program, tensors
from worker.engine.program_cache import program
from worker.engine.protocols.joined import Joined
from worker.engine.protocols.together import Fit, embedding_of, fits_of
from worker.lane import Lane

#: rows that are forecast at once, as where each series has a model of its own
_BATCH = 1


def train(given: Sequence[Lane], joined: Joined, ticker: Ticker) -> list[Outcome]:
    """Train all that the lanes are results of, side by side, and return the outcome of each lane."""
    configuration, rows = joined.configuration, joined.train
    questions, watched = _questions(joined.forecast), joined.watched(_BATCH)
    laid_out = _layout(configuration, joined, len(rows), questions[0], watched)
    compiled, fits = program(configuration, laid_out), fits_of(given)
    known: Batches = tensors(batches(rows, *laid_out.train))
    outcomes: dict[int, Outcome] = {}
    for first in range(0, len(fits), laid_out.lanes):
        block = fits[first : first + laid_out.lanes]
        outcomes |= _outcomes(compiled, joined, (known, questions, watched), block, ticker)
    return [outcomes[position] for position in range(len(given))]


def _questions(each: Sequence[Prepared]) -> list[Asked]:
    """Cut the rows of each series that are forecast; all have as much room as the one with the most."""
    most = max(len(one.test) for one in each)
    found = [asked([one.test], _BATCH, number=count(most, _BATCH), feeding=one.feeding) for one in each]
    later = max((one.fed[0].shape[-1] for one in found if one.fed), default=0)
    return [one._replace(fed=[_widened(one.fed[0], later), *one.fed[1:]]) if one.fed else one for one in found]


def _widened(values: Float32s, size: int) -> Float32s:
    """Fill up the last axis: series have a column of their own that others, where it is constant, have not."""
    room = [(0, 0)] * (values.ndim - 1) + [(0, size - values.shape[-1])]
    return np.pad(values, room)


def _layout(
    configuration: Configuration, joined: Joined, rows: int, first: Asked, watched: Sequence[Batches]
) -> Layout:
    """Lay out the program: all depends on the panel and the configuration alone."""
    found = layout(
        configuration,
        joined.trained[0],
        train=rows,
        asked=first,
        watched=len(watched[0].inputs) if watched else 0,
    )
    later = first.fed[0].shape[-1] if first.fed else 0
    few = min(TOGETHER_LANES, found.lanes)
    return replace(found, lanes=few, padded=True, later=later, embedding=embedding_of(configuration))


def _outcomes(
    compiled: Program,
    joined: Joined,
    rows: tuple[Batches, list[Asked], list[Batches]],
    fits: list[Fit],
    ticker: Ticker,
) -> dict[int, Outcome]:
    """Train to each end in turn, and forecast the series that lanes which end there are results of."""
    known, questions, watched = rows
    carry = compiled.start([fit.configuration for fit in fits], [fit.seed for fit in fits])

    def worth(before: int, after: int) -> int:
        return sum(min(after, end) - min(before, end) for fit in fits for end in fit.ends)

    run = Run(program=compiled, carry=carry, ticker=ticker, lanes=len(fits), worth=worth)
    outcomes: dict[int, Outcome] = {}
    for end in sorted({end for fit in fits for end in fit.ends}):
        mine = [
            (number, position, lane)
            for number, fit in enumerate(fits)
            for position, lane in fit.lanes
            if lane.configuration.training.epochs == end
        ]
        for place in sorted({joined.place(lane) for _, _, lane in mine}):  # others change no bit of these
            prepared, question = joined.forecast[place], questions[place]
            _, forecasts = run.to([end], known, question, prepared.spread[None], watched)
            for number, position, lane in mine:
                if joined.place(lane) == place:
                    outcomes[position] = Outcome(
                        rows=prepared.test,
                        forecast=of_part(forecasts, question, 0, number),
                        weights=run.weights(number, lane),
                    )
    return outcomes
