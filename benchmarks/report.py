"""How long a report of 100,000 results takes, from the store to the text or the page.

Synthetic results of 500 configurations with 200 repeats each, saved as workers save them, once without trajectories and
once with 50 epochs and forecasts. Baseline: pandas' `groupby().describe()` over the same frame, already in memory.
`--small` makes a tenth of the results; `--configurations 10000 --repeats 10` others. Of more than 500
configurations only the best is compared with the others, so that time and memory grow with the number of results.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.timing import timed
from scheduler.report.formats.registry import report_format
from scheduler.report.formats.verdict_files import as_json
from scheduler.report.formats.verdicts import as_markdown
from scheduler.report.gather import gather
from scheduler.report.page import write
from scheduler.series.source import bundled
from scheduler.statistics.baselines import compute_baselines
from store import Experiment, Forecasts, Job, Result, Store, Trajectory, open_store
from store.records import NewExperiment, Series
from store.schema.configuration import Configuration, Model, SeriesChoice
from tests import examples

CONFIGURATIONS, REPEATS, EPOCHS, STEPS = 500, 200, 50, 12


def fill(store: Store, *, configurations: int, repeats: int, epochs: int, baselines: bool = True) -> Experiment:
    """Store a synthetic experiment, whose scores have a standard deviation of 1 and means from 100 to 105."""
    series = bundled("shampoo")
    store.series.put(series)
    labels = [f"units={number}" for number in range(configurations)]
    new = examples.experiment("made-up", labels, repeats=repeats, max_pack=2000, one_program=True, series=series)
    experiment = store.experiments.create(_configured(new, series)).experiment
    rng = np.random.default_rng(1)
    scores = 100 + np.linspace(0, 5, configurations)[:, None] + rng.standard_normal((configurations, repeats))
    of_seed = iter(scores.ravel())
    while jobs := store.jobs.claim_next(owner="benchmark", lease=600, workers=1):
        store.results.save(made_results(jobs, of_seed, epochs), owner="benchmark", provenance=examples.PROVENANCE)
    store.experiments.close_if_done()
    if baselines:
        found = compute_baselines(series.values, test=STEPS, targets=series.columns)
        store.results.write_baselines(experiment.id, found.assign(split="made-up"))
    return experiment


def _configured(new: NewExperiment, series: Series) -> NewExperiment:
    """Give the configurations the parameters that reports read."""
    choice = SeriesChoice(name=series.name, content_hash=series.content_hash)
    return replace(
        new,
        configurations=tuple(
            replace(
                one,
                axes={"units": str(place)},
                params=Configuration(series=choice, model=Model(units=place + 1)).canonical(),
            )
            for place, one in enumerate(new.configurations)
        ),
    )


def made_results(jobs: Sequence[Job], scores: Iterator[float], epochs: int) -> list[Result]:
    """Return a result for each job, with the next of the scores; without trajectories and forecasts for 0 epochs."""
    return [_result(job.id, float(next(scores)), epochs) for job in jobs]


def _result(job_id: int, score: float, epochs: int) -> Result:
    observed = np.arange(STEPS, dtype=np.float64).reshape(STEPS, 1, 1)
    curve = (score + 40 * np.exp(-np.linspace(0, 8, max(epochs, 1)))).astype(np.float32)
    return Result(
        job_id=job_id,
        train_rmse=score * 0.8,
        test_rmse=score,
        diverged=False,
        seconds=0.1,
        trajectory=Trajectory(epochs=epochs, every=1, train_rmse=curve, test_rmse=curve) if epochs else None,
        forecasts=Forecasts(observed=observed, forecast=observed + score) if epochs else None,
    )


def measure(store: Store, experiment: Experiment, folder: Path) -> dict[str, float]:
    """Time each way to show an experiment, starting from the store."""
    frame = store.results.frame(experiment.id)
    plain = partial(gather, store, experiment, curves=False, conclusions=False)
    return {
        "pandas groupby().describe()": min(
            timed(frame.groupby("configuration", sort=False)["test_rmse"].describe) for _ in range(3)
        ),
        "report --format csv": timed(lambda: report_format("csv").write(plain())),
        "report --format parquet": timed(lambda: report_format("parquet").write(plain())),
        "report": timed(lambda: report_format("json").write(gather(store, experiment, curves=False))),
        "compare": timed(lambda: as_markdown(gather(store, experiment, curves=False))),
        "compare --format json": timed(lambda: as_json(gather(store, experiment, curves=False))),
        "report --html": timed(lambda: write(gather(store, experiment), folder / "report.html")),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--full", action="store_true", help="no difference here")
    parser.add_argument("--configurations", type=int, default=CONFIGURATIONS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    return parser.parse_args()


def main() -> None:
    """Print one table."""
    asked = _arguments()
    size = {"configurations": asked.configurations // (10 if asked.small else 1), "repeats": asked.repeats}
    found = {}
    for epochs in (0, EPOCHS):
        with tempfile.TemporaryDirectory() as folder:
            with open_store(f"sqlite:///{folder}/results.db", create=True) as store:
                found[epochs] = measure(store, fill(store, **size, epochs=epochs), Path(folder))
            pages = (Path(folder) / "report.html").stat().st_size / 1e6
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        what = f"{size['configurations']:,} x {size['repeats']:,} results, {epochs} epochs"
        print(f"{what}: the page has {pages:.1f} MB; at most {memory:,.0f} MB of memory so far")
    plain = found[0]["pandas groupby().describe()"]
    print(f"\n| from the store, s | scores only | with {EPOCHS} epochs and forecasts | over pandas |")
    print("|---|---:|---:|---:|")
    for name, seconds in found[0].items():
        print(f"| {name} | {seconds:.2f} | {found[EPOCHS][name]:.2f} | {seconds / plain:.1f} |")


if __name__ == "__main__":
    main()
