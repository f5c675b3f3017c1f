"""docs/m3.md, written from what the store says."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from benchmarks.m3.data import KINDS, Floats
from benchmarks.m3.study import Run
from benchmarks.m3.table import ALL, NEAR, PUBLISHED, Errors, coverage, wrong_winners

HEAD = """# The M3 competition as one study

Written by `python -m benchmarks m3`. The 3,003 series of the M3 competition (Makridakis and Hibon 2000), each with its
own LSTM: 8 units over a window of the last values, trained on the logarithms' differences of what was known, and
forecasting its own horizon (6, 8, 18 and 8 steps) at once. The recipe (lags, units, epochs) was fixed on the last part
of the training data; what was to be forecast was looked at once, here. Each series is trained from {repeats} seeds:
**{trainings} trainings**.
"""


def page(
    *,
    run: Run,
    repeats: int,
    single: Errors,
    together: Errors,
    others: Mapping[str, Errors],
    plain: float | None,
    note: str = "",
) -> str:
    """Return the page; `note` says under which conditions the time was taken."""
    series = sum(len(each) for each in single.smape.values())
    parts = [HEAD.format(repeats=repeats, trainings=f"{series * repeats:,}"), *_errors(single, together, others)]
    parts += [*_seeds(single, together, others), *_coverage(together), *_costs(run, series * repeats, plain, note)]
    return "\n".join(parts).rstrip() + "\n"


def _errors(single: Errors, together: Errors, others: Mapping[str, Errors]) -> Iterator[str]:
    names = [*(kind.name for kind in KINDS if kind.name in single.smape), ALL]
    yield "## Errors\n\nsMAPE over all forecast values, in percent; below it the mean over series of MASE.\n"
    for title, of in (("sMAPE", Errors.pooled), ("MASE", Errors.mean_mase)):
        yield f"| {title} | {' | '.join(names)} |"
        yield f"|---|{'---|' * len(names)}"
        yield f"| one training (mean and range over seeds) | {' | '.join(_range(of(single, name)) for name in names)} |"
        medians = " | ".join(f"{of(together, name):.2f}" for name in names)
        yield f"| all trainings of a series, their median | {medians} |"
        for method, errors in others.items():
            yield f"| {method} | {' | '.join(_one(of, errors, single, name) for name in names)} |"
        yield ""
    whole = sum(len(each) for each in single.smape.values()) == sum(kind.series for kind in KINDS)
    for method, published in PUBLISHED.items() if whole else ():
        ours = float(others[method].pooled(ALL))
        holds = "within" if abs(ours - published) <= NEAR else "NOT within"
        yield f"{method} was published with {published:.2f}; here it has {ours:.2f}, which is {holds} {NEAR}."
    yield ""


def _one(of: Callable[[Errors, str], Floats], errors: Errors, single: Errors, name: str) -> str:
    """Return one error, or a dash where the method has not forecast all series."""
    return f"{of(errors, name):.2f}" if errors.covers(single, name) else "-"


def _range(values: Floats) -> str:
    return f"{values.mean():.2f} ({values.min():.2f} to {values.max():.2f})"


def _seeds(single: Errors, together: Errors, others: Mapping[str, Errors]) -> Iterator[str]:
    others = {name: errors for name, errors in others.items() if errors.covers(single, ALL)}
    yield "## What one seed would have decided\n"
    scores = single.pooled(ALL)
    best = min((float(errors.pooled(ALL)), name) for name, errors in others.items())
    ours = float(together.pooled(ALL))
    word = "beats" if ours < best[0] else "does not beat"
    yield f"The median of all trainings {word} the best classical method, {best[1]}: {ours:.2f} against {best[0]:.2f}."
    yield f"One training of every series has {_range(scores)}: the choice of seeds moves the ranking of a network among"
    yield "methods by that much. The share of seeds whose comparison says the opposite of the mean over seeds:\n"
    yield "| against | over all series | series by series |"
    yield "|---|---|---|"
    for method, errors in others.items():
        whole = wrong_winners(scores, float(errors.pooled(ALL)))
        yield f"| {method} | {whole:.0%} | {_series_by_series(single, errors):.0%} |"
    yield ""


def _series_by_series(single: Errors, other: Errors) -> float:
    wrong = [
        wrong_winners(mine.mean(axis=-1), float(theirs.mean()))
        for kind, each in single.smape.items()
        for mine, theirs in zip(each, other.smape[kind], strict=True)
    ]
    return float(np.mean(wrong))


def _coverage(together: Errors) -> Iterator[str]:
    yield "## Intervals\n"
    yield "The share of values within intervals as wide as the scaled errors of the frequency's other series (each of"
    yield "them left out in turn; there is one test row, so no series has errors of its own):\n"
    found = {level: coverage(together, level) for level in (0.8, 0.95)}
    yield f"| level | {' | '.join(found[0.8])} |"
    yield f"|---|{'---|' * len(found[0.8])}"
    for level, shares in found.items():
        yield f"| {level:.0%} | {' | '.join(f'{share:.1%}' for share in shares.values())} |"
    yield ""


def _costs(run: Run, trainings: int, plain: float | None, note: str) -> Iterator[str]:
    yield "## Time\n"
    yield textwrap.fill(" ".join(_sentences(run, trainings, plain, note)), 120)


def _sentences(run: Run, trainings: int, plain: float | None, note: str) -> Iterator[str]:
    yield f"On two cores: {run.training / 60:.1f} minutes until the last of {trainings:,} trainings was stored with its"
    if run.whole is None:
        yield "forecasts and scores, from the claim of the first one, as the store has it: the run was interrupted, and"
        yield "continued for the baselines and summaries; pauses are left out."
    else:
        yield f"forecasts and scores; {run.whole / 60:.1f} minutes with the baselines and summaries."
    if run.memory is not None:
        yield f"A worker held at most {run.memory / 2**20:,.0f} MB."
    yield f"The store has {run.stored / 2**20:,.0f} MB."
    if plain is not None:
        yield f"A loop around Keras' `fit`, measured on a sample in the same run, would take {plain / 3600:,.1f} hours."
    if note:
        yield note
