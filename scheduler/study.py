"""The Python API: load a grid, run or submit it, and read its results as pandas frames.

from scheduler import load_grid, open_store, run
study = run(load_grid("grids/quickstart.yaml"))
study.summaries()
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from scheduler.lifecycle.local_training import check_workers
from scheduler.progress.training import train_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from scheduler.future.panel import Future, PanelFuture
    from scheduler.future.since import Since
    from scheduler.report.picture import Picture
    from scheduler.report.report_data import ReportData
    from scheduler.statistics.comparison import Comparison
    from scheduler.statistics.conclusions import Conclusions
    from store import Experiment, ExperimentStatus, Store
    from store.records import Float32s

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Study:
    """One experiment of a store. Every method reads the store, so a study in training can be watched."""

    store: Store
    experiment: Experiment

    def __repr__(self) -> str:
        """Return the name and the progress."""
        status = self.status()
        return f"<Study {self.name!r}: {status.stands}, {status.ended} of {status.total} repeats ended>"

    def _repr_html_(self) -> str:
        """Show the answer and the summaries in a notebook."""
        from scheduler.report.formats.notebook import as_notebook_html
        from scheduler.report.gather import gather

        return as_notebook_html(gather(self.store, self.experiment, curves=False, brief=True))

    @property
    def name(self) -> str:
        """The experiment's name, unique in its store."""
        return self.experiment.name

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is accepted but looks wrong, at most ten lines, each with what to do."""
        from scheduler.report.gather import configurations
        from scheduler.report.warned import find_all_warnings

        return find_all_warnings(self.store, self.experiment, configurations(self.store, self.experiment))

    def status(self) -> ExperimentStatus:
        """The progress: how many jobs are in each state."""
        return self.store.experiments.status(self.experiment.id)

    def results(self) -> pd.DataFrame:
        """One row per repeat, and per split where there are several: the columns of the view `results`."""
        return self._by_point(self.store.results.frame(self.experiment.id))

    def _by_point(self, frame: pd.DataFrame) -> pd.DataFrame:
        from scheduler.statistics.over_splits.reading import by_point

        return by_point(frame, self.store.experiments.cells(self.experiment.id))

    def trajectories(self) -> pd.DataFrame:
        """One row per repeat and epoch: configuration, repeat, epoch (from 1), train_rmse, test_rmse."""
        from scheduler.report.frames import trajectory_frame

        return self._by_point(trajectory_frame(self.store.results.trajectories(self.experiment.id)))

    def forecasts(self) -> pd.DataFrame:
        """One row per forecast value: configuration, repeat, step, horizon, target (from 1), observed, forecast."""
        from scheduler.report.frames import forecast_frame

        return self._by_point(forecast_frame(self.store.results.forecasts(self.experiment.id)))

    def step_scores(self) -> pd.DataFrame:
        """One row per repeat, target and step of the horizon: configuration, repeat, target, step, rmse, mae."""
        return self._by_point(self.store.results.step_scores(self.experiment.id))

    def weights(self, configuration: str, repeat: int) -> dict[str, Float32s]:
        """What the model of a repeat has learnt, by Keras' paths: that which made the last forecast.

        Raises:
            NotFound: there is no such repeat, or its weights were not kept.
        """
        from scheduler.lifecycle.kept import kept_weights

        return kept_weights(self.store, self.experiment, configuration, repeat)

    def model(self, configuration: str | None = None, *, repeat: int = 0) -> Any:
        """The Keras model of a repeat, of the best configuration unless one is named; trained again if not kept."""
        from scheduler.lifecycle.exporting import Trained

        return Trained.of(self.store, self.experiment, configuration).repeat(repeat).model()

    def ensembles(self) -> pd.DataFrame:
        """One row per configuration and way of combining its repeats: the scores of all of them together."""
        from scheduler.statistics.ensembles.reading import read_ensembles

        rows = self.store.results.frame(self.experiment.id)
        return self._by_point(read_ensembles(self.store, self.experiment, rows).ensembles.scores)

    def intervals(self, *levels: float) -> pd.DataFrame:
        """One row per configuration and level in percent [default: 80 and 95]: coverage, width and scores."""
        from scheduler.report.so_far import intervals_so_far

        return self._by_point(intervals_so_far(self.store, self.experiment, levels))

    def summaries(self) -> pd.DataFrame:
        """One row per configuration: pandas' `describe()` of the scores so far, and how many repeats diverged."""
        from scheduler.report.so_far import summaries_so_far

        return summaries_so_far(self.store, self.experiment)

    def comparison(self) -> Comparison:
        """The answer, the notes, the pairs and the ranking, from the results so far."""
        from scheduler.report.so_far import comparison_so_far

        return comparison_so_far(self.store, self.experiment)

    def compare(self, other: Study) -> Comparison:
        """Compare the configurations of this study with those of another one, all pairs as one family.

        Raises:
            UsageError: they do not forecast the same rows of the same series, or are the same study.
        """
        from scheduler.statistics.conclusions import compare_experiments
        from scheduler.statistics.side_by_side import Side

        return compare_experiments(*(Side.of(study.store, study.experiment) for study in (self, other)))

    def comparisons(self) -> pd.DataFrame:
        """One row per pair of configurations; `scheduler.statistics.comparison.compare` explains the columns.

        With several splits there are two rows, which `over` tells apart: `these splits`, and `beyond` them.
        """
        from scheduler.statistics.splits.verdicts import stored_pairs

        found = self.comparison()
        return stored_pairs(found) if found.over else found.pairs

    def ranking(self) -> pd.DataFrame:
        """One row per configuration, best first; those that share a letter cannot be distinguished."""
        return self.comparison().ranking

    def baselines(self) -> pd.DataFrame:
        """One row per baseline on the same test rows: errors, mase over that of mase_of; computed if missing."""
        from scheduler.lifecycle.baseline_cache import baselines

        return baselines(self.store, self.experiment.id)

    def against_baselines(self) -> pd.DataFrame | None:
        """One row per configuration and baseline: how many repeats beat it, and whether that holds beyond the rows."""
        return self._conclusions().against

    def answer(self) -> str:
        """Which configuration is better, and whether any beats the best baseline."""
        return self._conclusions().answer or ""

    def _conclusions(self) -> Conclusions:
        from scheduler.report.conclude import conclude

        return conclude(self.store, self.store.experiments.with_id(self.experiment.id), self.baselines())

    def forecast(
        self,
        steps: int | None = None,
        *,
        configuration: str | None = None,
        levels: Sequence[float] | None = None,
        repeats: int | None = None,
        select: Literal["test", "validation"] = "test",
        known: Any = None,
        series: str | Sequence[str] = (),
        workers: int | None = None,
        progress: bool = True,
    ) -> Future | PanelFuture:
        """Forecast beyond the end of the data, with repeats on all rows that are trained here where they are missing.

        Args:
            steps: how many [default: 12, or the model's horizon if that is longer].
            configuration: its label [default: the best of the study].
            levels: of the intervals, in percent [default: 80].
            repeats: how many [default: as many as the study has].
            select: which rows choose the best configuration.
            known: values of columns that are known ahead: a DataFrame with the times as its index, or a file's path.
            series: the names of those that are forecast [default: all].
            workers: local processes [default: the number of cores].
            progress: whether to show the progress.

        Returns:
            A forecast: `frame` has a row for each series and step, `repeats` the single ones, `notes` how it was made.

        Raises:
            UsageError: it cannot be forecast so far, values are needed, or the test rows do not carry a level.
            TrainingError: the workers keep dying, or repeats failed.
        """
        from scheduler.progress.forecasting import Wish, forecast_shown, known_ahead

        asked: dict[str, Any] = {"configuration": configuration, "steps": steps, "repeats": repeats, "select": select}
        names = (series,) if isinstance(series, str) else tuple(series)
        wanted = None if levels is None else tuple(levels)
        wish = Wish(**asked, levels=wanted, known=known_ahead(known), series=names)
        return forecast_shown(self.store, self.experiment, wish, workers, progress=progress)

    def score(self, actual: Any = None) -> list[Since]:
        """Hold forecasts against what has come since: a DataFrame with the times as its index, or a file's path.

        Returns:
            Of each forecast, the newest first, `scores` beside the baselines', and `coverage`; the values are stored.

        Raises:
            UsageError: nothing was forecast, or nothing of it has come.
        """
        from scheduler.future.since import score_study
        from scheduler.progress.forecasting import known_ahead

        return score_study(self.store, self.experiment, known_ahead(actual))

    def report(self) -> ReportData:
        """Everything that a report shows; `scheduler.report.plots.save` and `scheduler.report.page.write` draw it."""
        from scheduler.report.gather import gather

        return gather(self.store, self.experiment)

    def picture(self, name: str = "scores") -> Picture:
        """Draw `scores`, `trajectories`, `forecasts` or `ensembles`, for a notebook to show.

        Raises:
            UsageError: there is no such picture, or nothing to draw yet.
        """
        from scheduler.report.picture import draw_picture

        return draw_picture(self.report(), name)

    def resume(self, *, workers: int | None = None, progress: bool = True) -> Study:
        """Train what is missing on this machine, and return the study.

        Args:
            workers: local processes [default: the number of cores].
            progress: whether to show the progress, in the notebook or on stderr.

        Raises:
            UsageError: `workers` is not a number of processes.
            TrainingError: the workers keep dying.
        """
        check_workers(workers)
        self.store.experiments.reopen(self.experiment.id)
        train_shown(self.store, self.experiment, workers, progress=progress)
        return self

    def top_up(
        self,
        *,
        max_repeats: int | None = None,
        one_look: bool = False,
        workers: int | None = None,
        progress: bool = True,
    ) -> Study:
        """Add repeats where comparisons are undecided, train them on this machine, and return the study.

        Args:
            max_repeats: maximum for one configuration [default: as planned before, or 200].
            one_look: stop after the next look, decided or not.
            workers: local processes [default: the number of cores].
            progress: whether to show the progress, in the notebook or on stderr.

        Raises:
            UsageError: `max_repeats` is too small, or differs from what was planned; or `workers` is not a number.
            TrainingError: the workers keep dying.
        """
        from scheduler.lifecycle.top_up import grow_as_planned

        check_workers(workers)

        def train() -> bool:
            train_shown(self.store, self.experiment, workers, progress=progress)
            return True

        looks = 1 if one_look else None
        grow_as_planned(self.store, self.experiment, max_repeats, train=train, tell=logger.info, looks=looks)
        return self
