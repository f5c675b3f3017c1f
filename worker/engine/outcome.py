"""What a protocol finds for one lane, before it becomes a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from store.records import Trajectory
from worker.engine.arrays import Float32s
from worker.engine.lane_rows import LaneRows
from worker.engine.pacing import Ticker
from worker.engine.prepare import Rows
from worker.lane import Lane


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one lane ends with."""

    #: the rows that were forecast
    rows: Rows
    #: (rows, horizon, targets), scaled; where the model forecasts quantiles, these are an axis behind
    forecast: Float32s
    trajectory: Trajectory | None = None
    #: of the training rows, as `forecast` has them; None where the protocol scores no training part
    trained: Float32s | None = None
    #: of the model that made the last forecast, by Keras' paths; None where they are not kept
    weights: dict[str, Float32s] | None = None


#: Trains all lanes and gives one outcome for each, in order; lanes that share their rows have the same program.
Protocol = Callable[[Sequence[Lane], LaneRows, Ticker], list[Outcome]]
