"""What published tutorials report about the shipped studies, with their findings as statements about pairs.

The tables are theirs: 30 repeats (10 for the trajectories), made with an older Keras. Nothing is concluded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

FOLDER = Path(__file__).parent

#: Means that were published for one and the same configuration: 1000 epochs, batches of 4, 1 unit.
RERUNS = (104.57, 100.32, 98.34)
#: how much published means vary between re-runs
NOISE = max(RERUNS) - min(RERUNS)
#: RMSE of repeating the last observation over the last 12 months: an exact check
PERSISTENCE = 136.761

QUARTILES = {"25%": "p25", "50%": "p50", "75%": "p75"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A finding that scores can decide: for every pair, how the errors of the two should compare."""

    words: str
    pairs: tuple[tuple[str, str], ...]
    #: "not lower" also holds if the two cannot be distinguished and a gain beyond the noise is ruled out
    relation: Literal["lower", "not lower"]
    score: str = "test_rmse"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One published table, the shipped grids that reproduce it, and its findings."""

    title: str
    #: the file of the published numbers, and of the shipped grid
    stem: str
    findings: tuple[Finding, ...]

    @property
    def experiment(self) -> str:
        """The experiment of the shipped grid."""
        return self.stem.replace("_", "-")

    @property
    def scores(self) -> tuple[str, ...]:
        """The scores that were published."""
        return tuple(self.published()["score"].unique())

    def published(self) -> pd.DataFrame:
        """Read the published numbers.

        Returns:
            A row a score and configuration: score, configuration, count, mean, std, min, p25, p50, p75 and max.
        """
        frame = pd.read_csv(FOLDER / f"{self.stem}.csv")
        if "repeat" in frame:
            return pd.concat([_described(frame, score) for score in ("train_rmse", "test_rmse")], ignore_index=True)
        names = list(frame.columns[: frame.columns.get_loc("count")])
        frame["configuration"] = [
            ", ".join(f"{name}={float(value):g}" for name, value in zip(names, values, strict=True))
            for values in frame[names].itertuples(index=False)
        ]
        return frame.drop(columns=names).rename(columns=QUARTILES).assign(score="test_rmse")


def _described(frame: pd.DataFrame, score: str) -> pd.DataFrame:
    table = frame.groupby("configuration", sort=False)[score].describe().rename(columns=QUARTILES).reset_index()
    return table.assign(score=score)


_NONE, _L1, _L2, _BOTH = "l1=0, l2=0", "l1=0.01, l2=0", "l1=0, l2=0.01", "l1=0.01, l2=0.01"

TABLES = (
    Table(
        title="Trajectories over the epochs",
        stem="diagnostic_epochs",
        findings=(
            Finding(
                words="4000 epochs fit the training rows better than 500",
                pairs=(("epochs=4000", "epochs=500"),),
                relation="lower",
                score="train_rmse",
            ),
            Finding(
                words="more epochs than 1000 do not lower the error on the test rows",
                pairs=(("epochs=2000", "epochs=1000"), ("epochs=4000", "epochs=1000")),
                relation="not lower",
            ),
        ),
    ),
    Table(
        title="Trajectories over the batch sizes",
        stem="diagnostic_batch_size",
        findings=(
            Finding(
                words="batches of 1 fit the training rows better than batches of 4",
                pairs=(("batch_size=1", "batch_size=4"),),
                relation="lower",
                score="train_rmse",
            ),
            Finding(
                words="smaller batches than 4 do not lower the error on the test rows",
                pairs=(
                    ("batch_size=2", "batch_size=4"),
                    ("batch_size=1", "batch_size=4"),
                ),
                relation="not lower",
            ),
        ),
    ),
    Table(
        title="Trajectories over the units",
        stem="diagnostic_units",
        findings=(
            Finding(
                words="more units fit the training rows better",
                pairs=(
                    ("units=2", "units=1"),
                    ("units=3", "units=1"),
                    ("units=3", "units=2"),
                ),
                relation="lower",
                score="train_rmse",
            ),
            Finding(
                words="3 units do not lower the error on the test rows",
                pairs=(("units=3", "units=1"),),
                relation="not lower",
            ),
        ),
    ),
    Table(
        title="Tuning of the epochs",
        stem="tune_epochs",
        findings=(
            Finding(
                words="more epochs than 1000 do not lower the error",
                pairs=(
                    ("epochs=2000", "epochs=1000"),
                    ("epochs=4000", "epochs=1000"),
                    ("epochs=6000", "epochs=1000"),
                ),
                relation="not lower",
            ),
            Finding(
                words="1000 epochs have a lower error than 4000 and 6000",
                pairs=(("epochs=1000", "epochs=4000"), ("epochs=1000", "epochs=6000")),
                relation="lower",
            ),
            Finding(
                words="1000 epochs have a lower error than 500",
                pairs=(("epochs=1000", "epochs=500"),),
                relation="lower",
            ),
        ),
    ),
    Table(
        title="Tuning of the batch size",
        stem="tune_batch_size",
        findings=(
            Finding(
                words="batches of 1 have a lower error than batches of 2 and 4",
                pairs=(
                    ("batch_size=1", "batch_size=2"),
                    ("batch_size=1", "batch_size=4"),
                ),
                relation="lower",
            ),
        ),
    ),
    Table(
        title="Tuning of the units",
        stem="tune_units",
        findings=(
            Finding(
                words="more units than 1 do not lower the error",
                pairs=(
                    ("units=2", "units=1"),
                    ("units=3", "units=1"),
                    ("units=4", "units=1"),
                    ("units=5", "units=1"),
                ),
                relation="not lower",
            ),
            Finding(
                words="1 unit has a lower error than 4 and 5",
                pairs=(
                    ("units=1", "units=4"),
                    ("units=1", "units=5"),
                ),
                relation="lower",
            ),
        ),
    ),
    Table(
        title="Regularization of the bias",
        stem="regularize_bias",
        findings=(
            Finding(
                words="no regularization of the bias lowers the error",
                pairs=((_L1, _NONE), (_L2, _NONE), (_BOTH, _NONE)),
                relation="not lower",
            ),
            Finding(words="L1 on the bias raises the error", pairs=((_NONE, _L1),), relation="lower"),
        ),
    ),
    Table(
        title="Regularization of the input weights",
        stem="regularize_input",
        findings=(
            Finding(
                words="L1, L2 and both on the input weights lower the error",
                pairs=((_L1, _NONE), (_L2, _NONE), (_BOTH, _NONE)),
                relation="lower",
            ),
            Finding(
                words="L1 and L2 together lower it more than either",
                pairs=((_BOTH, _L1), (_BOTH, _L2)),
                relation="lower",
            ),
        ),
    ),
    Table(
        title="Regularization of the recurrent weights",
        stem="regularize_recurrent",
        findings=(
            Finding(
                words="no regularization of the recurrent weights lowers the error",
                pairs=(
                    (_L1, _NONE),
                    (_L2, _NONE),
                    (_BOTH, _NONE),
                ),
                relation="not lower",
            ),
            Finding(
                words="L1 and L2 on the recurrent weights, alone or together, raise the error",
                pairs=(
                    (_NONE, _L1),
                    (_NONE, _L2),
                    (_NONE, _BOTH),
                ),
                relation="lower",
            ),
        ),
    ),
    Table(
        title="Updating during the walk-forward",
        stem="update",
        findings=(
            Finding(
                words="2 or 5 more epochs before each forecast lower the error",
                pairs=(
                    ("update_epochs=2", "update_epochs=0"),
                    ("update_epochs=5", "update_epochs=0"),
                ),
                relation="lower",
            ),
            Finding(
                words="20 or 50 more epochs before each forecast do not lower the error",
                pairs=(
                    ("update_epochs=20", "update_epochs=0"),
                    ("update_epochs=50", "update_epochs=0"),
                ),
                relation="not lower",
            ),
        ),
    ),
)
