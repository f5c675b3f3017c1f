"""No series of any unit, length or season breaks a run; a change of units changes scores by that much, and no verdict.

Each example goes through the whole pipeline: grid, training by a stand-in, report in all formats, page, comparison.
EXAMPLES: their number, drawn anew in each run if it is not the usual one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scheduler import run
from scheduler.report.formats.registry import COMPARISONS, REPORTS, comparison_format, report_format
from scheduler.report.gather import gather
from scheduler.report.page.document import render
from scheduler.report.report_data import ReportData
from scheduler.statistics import baselines
from scheduler.statistics.baselines import makers
from store import open_store
from store.errors import GridError
from tests import linear_standin
from tests.in_process import scheduler, train_in_process
from tests.series.drawn import Made, made

FEW = 7
EXAMPLES = int(os.environ.get("EXAMPLES", FEW))
#: of the size of the series: what differs by less is rounding of its values
ROUNDING = 1e-12
#: relative difference of scores for a change of units that is no power of two
CLOSE = 1e-6
_NAN = re.compile(r"\b(nan|NaN|None|inf|Infinity)\b")
_MARKUP = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL)
_WORDS = re.compile(r"is better|beats|loses|No configuration|lowest|cannot|cannot be distinguished|not shown|too few")
#: whether all baselines are computed, or only those without parameters, which take no time
_every_baseline = [True]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an empty store; this process trains."""
    made_here = tmp_path_factory.mktemp("units")
    open_store(f"sqlite:///{made_here}/empty.db", create=True).close()
    compute = baselines.compute_baselines

    def chosen(values: NDArray[np.float64], **options: Any) -> pd.DataFrame:
        return compute(values, **options, names=() if _every_baseline[-1] else tuple(makers.rules(options["seasons"])))

    with pytest.MonkeyPatch.context() as monkeypatch:
        train_in_process(monkeypatch, linear_standin.train)
        monkeypatch.setattr(baselines, "compute_baselines", chosen)
        for name in ("DATABASE_URL", "BROKER_URL"):
            monkeypatch.delenv(name, raising=False)
        yield made_here


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a pipeline found."""

    scores: NDArray[np.float64]
    #: split and baseline -> RMSE
    baselines: dict[tuple[str, str], float]
    #: pairs with their outcome and winner, and configurations with their groups
    verdicts: tuple[list[Any], list[Any]]
    #: what the answers say without their numbers
    answers: list[str]


def pipeline(one: Made, folder: Path, *, shown: bool = False) -> Found | None:
    """Run an example; None where the grid is refused.

    Args:
        one: what to run.
        folder: with an empty store.
        shown: whether it is run by the command, and all that is printed is checked.
    """
    _every_baseline[-1] = one.fitted
    place = folder / "example"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copyfile(folder / "empty.db", place / "results.db")
    url, path = f"sqlite:///{place}/results.db", one.write(place)
    if shown and not accepted(path, url):
        return None
    with open_store(url) as store:
        try:
            study = run(path, store=store, progress=False)
        except GridError:
            return None
        data = gather(store, study.experiment, curves=shown)
    if shown:
        check_formats(data)
    return found(data)


def accepted(path: Path, url: str) -> bool:
    """Run the command and return whether it accepts the grid; a refusal is clear lines alone."""
    done = scheduler("run", path, "--store", url)
    if done.returncode == 2:
        lines = done.stderr.splitlines()
        assert done.stdout == ""
        assert all(line.startswith("scheduler: ") for line in lines)
        assert 1 <= len(lines) <= 3, lines
        return False
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    check_text(done.stdout)
    return True


def check_formats(data: ReportData) -> None:
    """Write all formats and the page."""
    written = [report_format(name).write(data) for name in REPORTS]
    written += [comparison_format(name).write(data, None) for name in COMPARISONS]
    for text in written:
        if isinstance(text, str):
            check_text(text)
    check_text(_MARKUP.sub(" ", render(data)))


def check_text(text: str) -> None:
    """Check that nothing is shown that is not a number."""
    assert not _NAN.search(text), text


def found(data: ReportData) -> Found:
    """Return what a report concludes."""
    report = json.loads(report_format("json").write(data))
    compared = json.loads(comparison_format("json").write(data, None))
    pairs = [(pair["a"], pair["b"], pair["outcome"], pair["winner"]) for pair in compared["pairs"]]
    return Found(
        scores=data.results["test_rmse"].to_numpy(dtype=np.float64),
        baselines={
            (split["split"], name): rmse for split in report["splits"] for name, rmse in split["baselines"].items()
        },
        verdicts=(pairs, sorted((row["configuration"], row["group"]) for row in compared["ranking"])),
        answers=[" ".join(_WORDS.findall(split["answer"] or "")) for split in report["splits"]],
    )


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == FEW,
    phases=[Phase.generate],  # shrinking an example of seconds would take an hour
    suppress_health_check=list(HealthCheck),
)
@given(one=made(), power=st.integers(-60, 60), factor=st.floats(1e-3, 1e3), offset=st.floats(-100, 100))
def test_a_change_of_units(folder: Path, one: Made, power: int, factor: float, offset: float) -> None:
    """By a power of two, scores change exactly, by another factor and an offset to a millionth; no verdict turns."""
    first = pipeline(one, folder, shown=True)
    second = pipeline(one.changed(2.0**power), folder)
    moved = one.changed(factor, offset)
    third = pipeline(moved, folder)
    assert (first is None) == (second is None) == (third is None)
    if first is None or second is None or third is None:
        return
    np.testing.assert_array_equal(second.scores, first.scores * 2.0**power)
    assert second.baselines == {name: rmse * 2.0**power for name, rmse in first.baselines.items()}
    assert (second.verdicts, second.answers) == (first.verdicts, first.answers)
    noise = ROUNDING * moved.size
    np.testing.assert_allclose(third.scores, first.scores * factor, rtol=CLOSE, atol=noise)
    if np.nanmin(third.scores) > noise / CLOSE:
        assert third.verdicts == first.verdicts
