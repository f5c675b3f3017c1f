"""The selection audit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.outcomes import AuditOutcome
from scheduler.statistics.selection_audit import audit

EPOCHS = np.arange(10, 2001, 10)


@dataclass
class Curves:
    """The trajectories of one configuration."""

    repeats: np.ndarray
    epochs: np.ndarray
    test: np.ndarray
    validation: np.ndarray | None = None


def curves(level: float, wobble: float, *, validation: bool = False, repeats: int = 30) -> Curves:
    """Return curves that fall to `level` and wobble about it."""
    rng = np.random.default_rng([int(level), int(10 * wobble)])
    base = level + 50 * np.exp(-EPOCHS / 200) + rng.normal(0, 2, (repeats, 1))
    noise = rng.normal(0, wobble, (2, repeats, len(EPOCHS)))
    return Curves(
        repeats=np.arange(repeats),
        epochs=EPOCHS,
        test=(base + noise[0]).astype(np.float32),
        validation=(base + noise[1]).astype(np.float32) if validation else None,
    )


class TestTable:
    def test_three_scores_by_hand(self) -> None:
        """Last, best on test and where validation stops, each by its own epoch."""
        given = Curves(
            repeats=np.array([0, 1]),
            epochs=np.array([1, 2, 3]),
            test=np.array([[5.0, 3.0, 4.0], [6.0, 8.0, 7.0]]),
            validation=np.array([[2.0, 9.0, 9.0], [9.0, 9.0, 2.0]]),
        )
        row = audit({"a": given}).table.iloc[0]
        assert (row["last"], row["best"], row["optimism"], row["validation"]) == (5.5, 4.5, 1.0, 6.0)
        assert (row["best_epoch"], row["validation_epoch"]) == (1.5, 2.0)

    def test_diverged_repeats_are_counted(self) -> None:
        """A repeat without a finite end diverged, however good it once was."""
        given = curves(100, 1)
        given.test[4, 150:] = np.nan
        found = audit({"a": given}).table.iloc[0]
        assert (found["repeats"], found["diverged"]) == (30, 1)
        assert np.isfinite(found["last"])
        assert np.isnan(found["validation"])


class TestFlags:
    def test_an_advantage_of_wobble_is_flagged(self) -> None:
        """Of two equal configurations the one that wobbles looks better by its best epochs: that is flagged."""
        found = audit({"calm": curves(100, 1), "wild": curves(100, 15)})
        assert list(found.flags["configuration"]) == ["wild"]
        assert list(found.flags["over"]) == ["calm"]
        assert found.outcome is AuditOutcome.SELECTED
        assert found.answer.startswith(
            "wild looks better than calm only if each repeat is scored at the epoch that is "
        )
        assert ". After the last epoch its mean is " in found.answer
        assert found.sentences == (found.answer,)
        assert found.flags["best_gap"].iloc[0] > 20

    def test_a_true_advantage_is_not(self) -> None:
        """A configuration that is ahead at the last epoch, too, has earned it."""
        found = audit({"worse": curves(120, 2), "better": curves(100, 2)})
        assert found.flags.empty
        assert found.outcome is AuditOutcome.SOUND
        assert found.answer.startswith("No advantage depends on picking epochs on the test rows. ")

    def test_what_validation_finds_is_not_flagged(self) -> None:
        """An advantage that held-out training rows would have found is honest."""
        dip = curves(120, 0.1, validation=True)
        assert dip.validation is not None
        dip.test[:, 80:100] -= 40
        dip.validation[:, 80:100] -= 40
        other = curves(119, 0.1, validation=True)
        assert audit({"dip": dip, "flat": other}).flags.empty
        dip.validation = None
        assert list(audit({"dip": dip, "flat": other}).flags["configuration"]) == ["dip"]

    def test_over_a_baseline(self) -> None:
        """The same is flagged where only the best epochs beat a baseline."""
        baselines = pd.DataFrame({"baseline": ["naive"], "rmse": [90.0]})
        found = audit({"wild": curves(100, 15, validation=True)}, baselines=baselines)
        assert found.flags[["over", "baseline"]].to_numpy().tolist() == [["naive", True]]
        words = found.flags["words"].iloc[0]
        assert words.startswith("wild looks better than the baseline naive only if ")
        assert " higher; at the epoch that validation picks it is " in words

    def test_several(self) -> None:
        """Several flags are counted, and their configurations named."""
        given = {"calm": curves(100, 1), "wild": curves(100, 15), "wilder": curves(100, 40)}
        found = audit(given)
        assert found.answer == (
            "3 advantages exist only if each repeat is scored at the epoch that is best on the test rows: "
            "those of wild and wilder."
        )
        assert found.sentences == (found.answer, *found.flags["words"])


@pytest.mark.parametrize("given", [{}, {"a": curves(1, 1, repeats=0), "b": curves(1, 1, repeats=0)}])
def test_nothing_to_audit(given: dict[str, Curves]) -> None:
    """Without trajectories there is nothing to audit, and the line says so."""
    found = audit(given)
    assert found.outcome is AuditOutcome.NO_TRAJECTORIES
    assert found.answer == "There are no trajectories to audit."
