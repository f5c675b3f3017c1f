"""The loop that people write around Keras' `fit`, timed on a sample of the series and extrapolated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

import numpy as np

from benchmarks.m3.data import Kind, M3Series
from benchmarks.m3.study import EPOCHS, LAGS

#: series of each frequency that are timed, once each
SAMPLE = 3


def seconds_of_plain_loop(series: Mapping[Kind, Sequence[M3Series]], repeats: int) -> float:
    """Return the seconds that the loop would take for all repeats of all series."""
    return sum(repeats * len(chosen) * _seconds(kind, chosen) for kind, chosen in series.items())


def _seconds(kind: Kind, chosen: Sequence[M3Series]) -> float:
    """Return the seconds of one training, the first of the process left out."""
    _fit(kind, chosen[0])
    sample = chosen[:: max(1, len(chosen) // SAMPLE)][:SAMPLE]
    started = perf_counter()
    for one in sample:
        _fit(kind, one)
    return (perf_counter() - started) / len(sample)


def _fit(kind: Kind, series: M3Series) -> None:
    import keras

    lags, horizon = LAGS[kind.name], kind.horizon
    steps = np.diff(np.log(series.known))
    steps = (steps - steps.mean()) / (steps.std() or 1.0)
    rows = np.lib.stride_tricks.sliding_window_view(steps, lags + horizon)
    model = keras.Sequential([keras.Input((lags, 1)), keras.layers.LSTM(8), keras.layers.Dense(horizon)])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mae")
    model.fit(rows[:, :lags, None], rows[:, lags:], epochs=EPOCHS, batch_size=16, verbose=0)
    model.predict(steps[None, -lags:, None], verbose=0)
