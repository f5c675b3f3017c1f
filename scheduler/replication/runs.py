"""The runs of the published tables in a store: with today's Keras, and with an older Keras' settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.replication.published import Table
from scheduler.statistics.summary import summarise
from store.errors import NotFound

if TYPE_CHECKING:
    from store import Store
    from store.records import ForecastSet


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One way to reproduce the published tables."""

    title: str
    #: the title in a few words, for the head of a column
    short: str
    description: str
    #: put before the names of experiments and, as a path, of the grids
    prefix: str
    folder: str

    def experiment(self, table: Table) -> str:
        """Return the name of a table's experiment."""
        return self.prefix.replace("_", "-") + table.experiment

    def command(self, table: Table) -> str:
        """Return the command that runs a table's experiment."""
        return f"scheduler run {self.grid(table)}"

    def grid(self, table: Table) -> str:
        """Return the path of a table's grid."""
        return f"{self.folder}/{self.prefix}{table.stem}.yaml"


VARIANTS = (
    Variant(
        title="With today's Keras",
        short="today's Keras",
        description="The shipped grids, with the defaults of today's Keras.",
        prefix="",
        folder="grids",
    ),
    Variant(
        title="With an older Keras' initial weights and hard sigmoid",
        short="an older Keras' settings",
        description=(
            "The same grids with the settings of an older Keras: `gates: apart` (the initial weights of each gate are "
            "drawn as a matrix of their own, which makes them larger) and orthogonal recurrent weights with a gain of "
            "1.1, as before Keras 2, and `keras2_hard_sigmoid` (slope 0.2) for the gates, as before Keras 2.3."
        ),
        prefix="older_keras_",
        folder="grids/extensions",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """The results that a store has for one table."""

    #: a row a repeat, as the view `results`
    results: pd.DataFrame
    persistence: float | None
    #: versions of the software
    made_with: Mapping[str, str]

    def summaries(self, score: str) -> pd.DataFrame:
        """Summarise one score, indexed by configuration."""
        return summarise(self.results.assign(test_rmse=self.results[score])).set_index("configuration")

    def has(self, table: Table) -> bool:
        """Return whether every configuration of the table has two scores, so that it can be compared."""
        counts = self.summaries("test_rmse")["count"]
        return bool((counts.reindex(table.published()["configuration"].unique()).fillna(0) > 1).all())


Runs = Mapping[str, Run]


def read(store: Store, name: str) -> Run | None:
    """Return the experiment of that name, or None."""
    try:
        experiment = store.experiments.get(name)
    except NotFound:
        return None
    baselines = store.results.baselines(experiment.id)
    known = baselines.loc[baselines["baseline"] == "persistence", "rmse"]
    return Run(
        results=store.results.frame(experiment.id),
        persistence=float(known.iloc[0]) if len(known) else None,
        made_with=store.results.provenance(experiment.id),
    )


def forecasts(store: Store, name: str) -> dict[str, ForecastSet]:
    """Return the forecasts of the experiment of that name by configuration; none if it is not there."""
    try:
        return store.results.forecasts(store.experiments.get(name).id)
    except NotFound:
        return {}
