"""Our numbers beside the published ones, as a Markdown page: tables, differences, and whether each finding holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.replication import printed
from scheduler.replication.findings import Interval, Judgement, Ruling, check_finding, from_summaries, row_of
from scheduler.replication.published import NOISE, PERSISTENCE, RERUNS, TABLES, Table
from scheduler.replication.runs import VARIANTS, Run, Runs, Variant, forecasts, read
from scheduler.statistics.comparison import compare
from scheduler.text import chance
from store.commands import command
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store import Store
    from store.records import ForecastSet

STATISTICS = {"count": "n", "mean": "mean", "std": "std", "min": "min", "p25": "25%", "p50": "50%", "p75": "75%"} | {
    "max": "max"
}
SCORES = {"train_rmse": "train RMSE", "test_rmse": "test RMSE"}


def replication(store: Store) -> str:
    """Return the page of a store; for a table that the store does not have, it shows the command that runs it."""
    names = [variant.experiment(table) for variant in VARIANTS for table in TABLES]
    runs = {name: run for name in names if (run := read(store, name)) is not None}
    return page(runs, forecasts(store, printed.EXPERIMENT), store.url)


def page(runs: Runs, forecasts: Mapping[str, ForecastSet], store: str = "") -> str:
    """Return the page.

    Args:
        runs: those that exist, by the names of their experiments.
        forecasts: of the experiment whose forecasts were published, by configuration; none if it was not run.
        store: the URL of their store.
    """
    there = {
        name: run
        for variant in VARIANTS
        for table in TABLES
        if (run := runs.get(name := variant.experiment(table))) is not None and run.has(table)
    }
    parts = [*_introduction(there), *_findings(there)]
    for variant in VARIANTS:
        parts += [f"## {variant.title}", variant.description]
        for table in TABLES:
            parts += _section(variant, table, there.get(variant.experiment(table)), store)
    parts += _printed(forecasts, store)
    parts += _older_settings(there)
    return "\n\n".join(parts) + "\n"


def _introduction(runs: Runs) -> Iterator[str]:
    yield "# Replication"
    reruns = listed([f"{mean:.2f}" for mean in RERUNS], "and")
    yield (
        "Written by `scheduler replicate` from a results store. The published numbers come from tutorials that used 30 "
        "repeats (10 for the trajectories) and an older Keras."
    )
    yield (
        f"How close can they be? {reruns} were all published as the mean of the same configuration (1000 epochs, "
        f"batches of 4, 1 unit), so published means vary by about {NOISE:.0f} between re-runs. Agreement therefore "
        "means the same direction and means within that noise, not the same digits. Differences are ours minus the "
        "published ones, with Welch's 95% interval. They are *inside* the noise if the means differ by at most "
        f"{NOISE:.2f}, *beyond* it if the whole interval is farther from 0 than that, and *at its edge* otherwise."
    )
    yield (
        "A finding is a claim about pairs of configurations. The comparison of `scheduler compare` decides whether it "
        "holds: with Holm's correction over all pairs of the table, any false verdict has a probability of at most 5%. "
        f"A claim that something does not help also holds if a gain of more than {NOISE:.2f} is ruled out."
    )
    errors = [run.persistence for run in runs.values() if run.persistence is not None]
    if errors:
        same = abs(errors[0] - PERSISTENCE) < 1e-3
        yield (
            f"Repeating the last observation has an RMSE of {PERSISTENCE:.3f} in the tutorials and of {errors[0]:.3f} "
            f"here, so the data, the split and the score are {'the same' if same else 'not the same'}."
        )
    if runs:
        made = next(iter(runs.values())).made_with
        yield (
            "Our software: "
            + ", ".join(f"{name} {made[name]}" for name in ("python", "tensorflow", "keras") if name in made)
            + "."
        )


def _findings(runs: Runs) -> Iterator[str]:
    yield "## Do the findings hold?"
    rows = []
    for table in TABLES:
        rulings = [_rulings(table, runs.get(variant.experiment(table))) for variant in VARIANTS]
        rows += [
            (table.title, one.words, *(said[place] for said in rulings)) for place, one in enumerate(table.findings)
        ]
    yield _table(("table", "published finding", *(variant.short for variant in VARIANTS)), rows, numbers=False)


def _rulings(table: Table, run: Run | None) -> list[str]:
    if run is None:
        return ["not run"] * len(table.findings)
    return [judged.ruling for judged in _judged(table, run)]


def _judged(table: Table, run: Run) -> list[Judgement]:
    published = {score: frame.set_index("configuration") for score, frame in table.published().groupby("score")}
    compared = {score: compare(run.results, score=score) for score in {finding.score for finding in table.findings}}
    return [check_finding(finding, compared[finding.score], published[finding.score]) for finding in table.findings]


def _section(variant: Variant, table: Table, run: Run | None, store: str) -> Iterator[str]:
    yield f"### {table.title}"
    if run is None:
        yield f"Not in this store. {command('run', variant.grid(table), store=store)} runs it."
        return
    yield f"`{variant.command(table)}`"
    for score in table.scores:
        published = table.published().query("score == @score").set_index("configuration")
        yield _score_table(score, published, run.summaries(score))
    missing = int((run.results["state"] != "done").sum())
    if missing:
        yield f"Partial: {missing} of {len(run.results)} repeats are missing."
    for judged in _judged(table, run):
        yield from _finding(judged)


def _score_table(score: str, published: pd.DataFrame, ours: pd.DataFrame) -> str:
    """Return a table of both summaries of each configuration, one below the other, and their difference."""
    rows = []
    for name in map(str, published.index):
        row, mine = row_of(published, name), row_of(ours, name)
        gap = from_summaries(mine, row)
        rows.append((name, "published", *_numbers(row), "", ""))
        rows.append(("", "ours", *_numbers(mine), str(gap), _within_noise(gap)))
    heads = (SCORES[score], "", *STATISTICS.values(), "difference of means (95%)", "noise")
    return _table(heads, rows)


def _numbers(row: pd.Series) -> list[str]:
    return [f"{int(row[name])}" if name == "count" else f"{float(row[name]):.2f}" for name in STATISTICS]


def _within_noise(gap: Interval) -> str:
    if abs(gap.difference) <= NOISE:
        return "inside"
    return "beyond" if min(abs(gap.low), abs(gap.high)) > NOISE else "at its edge"


def _finding(judged: Judgement) -> Iterator[str]:
    finding = judged.finding
    score = "" if finding.score == "test_rmse" else f" ({SCORES[finding.score]})"
    yield f"**{finding.words[0].upper()}{finding.words[1:]}{score}: {judged.ruling}.**"
    rows = [
        (
            f"{pair.first} minus {pair.second}",
            str(pair.published),
            str(pair.ours),
            chance(pair.p_adjusted),
            f"{pair.ruling}: {pair.why}",
        )
        for pair in judged.pairs
    ]
    yield _table(("pair", "published (95%)", "ours (95%)", "Holm p", "ruling"), rows, numbers=False)
    if finding.relation == "lower" and judged.ruling is Ruling.HOLDS:
        yield _sizes(judged)
    unsure = [pair for pair in judged.pairs if pair.published.low < 0 < pair.published.high]
    if unsure and finding.relation == "lower":
        pairs = "this pair" if len(judged.pairs) == 1 else f"{len(unsure)} of these {len(judged.pairs)} pairs"
        yield f"The published numbers alone show no difference for {pairs}: their interval contains 0."


def _sizes(judged: Judgement) -> str:
    """Describe whether the differences are as large as the published ones."""
    gaps = [abs(pair.ours.difference - pair.published.difference) for pair in judged.pairs]
    within = sum(gap <= NOISE for gap in gaps)
    off = listed([f"{gap:.2f}" for gap in gaps], "and")
    if len(gaps) == 1:
        return (
            f"Our difference and the published one are {off} apart: {'inside' if within else 'not inside'} the noise."
        )
    return f"Our differences and the published ones are {off} apart: {within} of {len(gaps)} inside the noise."


def _printed(forecasts: Mapping[str, ForecastSet], store: str) -> Iterator[str]:
    """Return the table of the forecasts that were published as they are printed."""
    yield "## Forecasts at another batch size than that of the training"
    if not forecasts:
        yield f"Not in this store. {command('run', printed.GRID, store=store)} runs it."
        return
    yield f"`scheduler run {printed.GRID}`"
    yield (
        "A series of 0.0, 0.1, ... 0.9 is echoed one step late by a stateful model. Published are the forecasts of one "
        "training each, to one decimal; ours are counted over the repeats, with the exact 95% interval of their share. "
        "A finding holds if most trainings surely give what was published."
    )
    heads = ("model", "published", "ours print 0.0 to 0.8", "median forecasts", "RMSE: median (min to max)", "ruling")
    yield _table(heads, list(printed.rows(forecasts)), numbers=False)


def _older_settings(runs: Runs) -> Iterator[str]:
    """Return a table of how far the means and spreads of each variant are from the published ones."""
    complete = [table for table in TABLES if all(variant.experiment(table) in runs for variant in VARIANTS)]
    if not complete:
        return
    yield "## What the older settings change"
    yield (
        "Root mean square, over the configurations of a table, of our means minus the published ones, and of our "
        "standard deviations minus the published ones."
    )
    heads = ["table", *(f"{what}, {variant.short}" for what in ("means", "std") for variant in VARIANTS)]
    columns = [(statistic, variant) for statistic in ("mean", "std") for variant in VARIANTS]
    rows = []
    for table in complete:
        far = [_root_mean_square(table, runs[variant.experiment(table)], statistic) for statistic, variant in columns]
        rows.append((table.title, *(f"{distance:.2f}" for distance in far)))
    yield _table(heads, rows)
    yield _closer_variants(complete, runs)


def _closer_variants(tables: Sequence[Table], runs: Runs) -> str:
    """Describe which variant's means are closer to the published ones, table by table."""
    closer: dict[str, list[str]] = {}
    for table in tables:
        best = min(VARIANTS, key=lambda variant: _root_mean_square(table, runs[variant.experiment(table)], "mean"))
        closer.setdefault(best.short, []).append(f"*{table.title.lower()}*")
    said = [f"with {short} in {listed(titles, 'and')}" for short, titles in closer.items()]
    text = f"Our means are closer to the published ones {'; '.join(said)}."
    if len(closer) > 1:
        text += " That fits tables made with different versions of Keras; the tutorials do not name theirs."
    return text


def _root_mean_square(table: Table, run: Run, statistic: str) -> float:
    published = table.published().query("score == 'test_rmse'").set_index("configuration")[statistic]
    ours = run.summaries("test_rmse")[statistic].reindex(published.index)
    return float(np.sqrt(((ours - published) ** 2).mean()))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> str:
    """Return a Markdown table; with `numbers`, all columns but the first are right-aligned."""
    rule = "|---" + ("|---:" if numbers else "|---") * (len(heads) - 1) + "|"
    lines = [rule if row is None else f"| {' | '.join(row)} |" for row in (heads, None, *rows)]
    return "\n".join(line.replace("  ", " ").replace("  ", " ") for line in lines)
