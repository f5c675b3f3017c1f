"""The rows of several series as one training has them: one series behind the other, each scaled by its own rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from store.preparation.panels import number_alike
from store.schema.configuration import Configuration
from worker.engine.arrays import Float32s, Indices
from worker.engine.batches import Asked, Batches, ByPart, batches, count, together
from worker.engine.feeding import Feeding
from worker.engine.layouts import MOST_ASKED
from worker.engine.prepare import Prepared, Rows, prepare
from worker.lane import Lane, Together


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The series of a panel, prepared: each with what says which one it is, if the model sees that."""

    configuration: Configuration
    #: those that are trained on
    trained: list[Prepared]
    #: those that are forecast
    forecast: list[Prepared]
    #: what a series decides by itself, and its number among those alike -> its place among those that are forecast
    places: dict[tuple[str, int], int]

    @classmethod
    def of(cls, configuration: Configuration, series: Together) -> Joined:
        """Prepare the series of a panel, given the configuration on any of them."""
        prepared = prepared_each(configuration, series)
        panel = configuration.panel
        assert panel is not None
        numbered = zip(series.members, number_alike(series.members), strict=True)
        judged = [(member.rows, panel.of_twin(number).twin) for member, number in numbered if member.forecast]
        return cls(
            configuration=configuration,
            trained=[one for member, one in zip(series.members, prepared, strict=True) if member.trained],
            forecast=[one for member, one in zip(series.members, prepared, strict=True) if member.forecast],
            places={own: place for place, own in reversed(list(enumerate(judged)))},
        )

    def place(self, lane: Lane) -> int:
        """Return which of the series that are forecast a lane is the result of."""
        panel = lane.configuration.panel
        assert panel is not None
        return self.places[lane.series_rows, panel.twin]

    def of_lane(self, lane: Lane) -> Prepared:
        """Return the rows of the series that a lane is the result of."""
        return self.forecast[self.place(lane)]

    @property
    def train(self) -> Rows:
        """The training rows of all series."""
        return together([one.train for one in self.trained])

    def watched(self, batch: int) -> list[Batches]:
        """Cut the validation rows of all series by which training stops or slows down; none where it does neither."""
        if not self.configuration.training.watches:
            return []
        rows = together([one.validation for one in self.trained])
        return [batches(rows, batch, count(len(rows), batch))]

    @property
    def names(self) -> list[str]:
        """The parts of each series that are scored."""
        return ["train", *["validation"] * bool(len(self.forecast[0].validation)), "test"]

    @cached_property
    def parts(self) -> list[Rows]:
        """All parts that are scored, those of a series behind each other."""
        return [getattr(one, name) for one in self.forecast for name in self.names]

    def asked(self) -> Asked:
        """Cut the rows of all parts into batches; which part a row is of, the scores alone need to know."""
        whole = together(self.parts)
        batch = max(self.configuration.training.batch_size, min(MOST_ASKED, len(whole)))
        rows = batches(whole, batch, count(len(whole), batch))
        none = np.zeros((len(self.parts), len(rows.inputs), 1, 0), np.float32)
        return Asked(rows, none, [], [], [self._by_part(whole.terms)])

    def _by_part(self, terms: Float32s) -> ByPart:
        sizes, starts = np.diff(self._ends), self._ends[:-1]
        numbers = np.arange(max(sizes))
        counts = numbers < sizes[:, None]
        places = np.where(counts, starts[:, None] + numbers, 0).astype(np.int32)
        spread = np.repeat([one.spread for one in self.forecast], len(self.names), axis=0)
        own = [terms[places][:, :, None]] if terms.size else []
        return ByPart(places, counts.astype(np.float32), spread, own)

    def of_part(self, forecasts: Float32s, place: int, name: str) -> Float32s:
        """Take the forecasts of a part of a series from those of all rows, (rows, horizon, targets)."""
        number = place * len(self.names) + self.names.index(name)
        return forecasts[slice(*self._ends[number : number + 2])].copy()  # which does not keep all of them

    @cached_property
    def _ends(self) -> Indices:
        """Where among all rows the parts begin, and where the last one ends."""
        return np.cumsum([0, *map(len, self.parts)])


def prepared_each(configuration: Configuration, series: Together) -> list[Prepared]:
    """Prepare the series of a panel, each with what says which one it is, if the model sees that."""
    panel = configuration.panel
    assert panel is not None
    own = zip(series.members, series.series, strict=True)
    prepared = [prepare(member.within(configuration), one) for member, one in own]
    if not panel.features:
        return prepared
    numbers = np.cumsum([member.trained for member in series.members]) - 1
    return [
        _marked(one, np.array(panel.mark(int(number) if member.trained else None), np.float32))
        for member, number, one in zip(series.members, numbers, prepared, strict=True)
    ]


def _marked(prepared: Prepared, mark: Float32s) -> Prepared:
    """Add to each time step what says which series it is of."""
    rows = prepared.rows
    feeding = None if prepared.feeding is None else _kept_marks(prepared.feeding, len(mark))
    inputs = np.concatenate([rows.inputs, np.broadcast_to(mark, (*rows.inputs.shape[:2], len(mark)))], axis=2)
    return replace(prepared, rows=replace(rows, inputs=inputs), feeding=feeding)


def _kept_marks(feeding: Feeding, more: int) -> Feeding:
    """Return how later rows are fed that have so many more inputs at each time step, which stay what they are."""
    _, timesteps, features = feeding.sources.shape
    size = timesteps * features
    step, number = np.divmod(feeding.sources, features)
    moved = np.where(feeding.sources < size, step * (features + more) + number, feeding.sources + timesteps * more)
    own = np.arange(timesteps)[:, None] * (features + more) + features + np.arange(more)
    whole = (len(moved), timesteps, more)
    return Feeding(
        np.concatenate([moved, np.broadcast_to(own, whole)], axis=2).astype(feeding.sources.dtype),
        np.concatenate([feeding.gains, np.ones(whole, np.float32)], axis=2),
        np.concatenate([feeding.shifts, np.zeros(whole, np.float32)], axis=2),
    )
