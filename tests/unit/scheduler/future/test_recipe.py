"""The same recipe on all rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scheduler.future.recipe import how_far, median_epochs, notes_of, on_all_rows, rounded, stopped_at
from store import TrajectorySet
from store.schema.configuration import Configuration
from store.schema.framing import frame

OBSERVATIONS = 60


def configuration(**parts: Any) -> Configuration:
    """Return a configuration of one series."""
    series = {"name": "sales", "targets": ["sales"], "inputs": ["sales"]}
    return Configuration.model_validate({"series": series, **parts})


@pytest.mark.parametrize(
    ("parts", "train"),
    [
        ({"prepare": {"lags": 2}}, range(1, 57)),
        ({"prepare": {"lags": 2, "horizon": 3}}, range(3, 55)),
        ({"prepare": {"lags": 2, "trim": 4}}, range(5, 57)),
        ({"prepare": {"lags": 2, "pad": True}}, range(57)),
        ({"prepare": {"lags": 2, "horizon": 3, "strategy": "recursive"}}, range(1, 57)),
        ({"prepare": {"lags": 2}, "protocol": {"kind": "update"}}, range(1, 57)),
        ({"prepare": {"lags": 2, "gap": 5}, "test": 20}, range(1, 57)),
    ],
)
def test_all_rows_are_trained_on(parts: dict[str, Any], train: range) -> None:
    """But the oldest that would fill no batch; the last one is forecast from the end."""
    chosen = on_all_rows(configuration(**parts), steps=3)
    cut = frame(chosen, OBSERVATIONS)
    assert cut.train == train
    assert list(cut.target_times(cut.test[0])) == [60, 61, 62]
    assert len(cut.test) == 1


def test_keys_of_a_grid_stay() -> None:
    """Nothing is written of a future where there is none."""
    assert "future" not in configuration().canonical()
    assert Configuration.model_validate_json(configuration().canonical()) == configuration()


def test_forecasts_of_several_protocols_are_the_same_jobs() -> None:
    """They end with one fit on all rows."""
    found = {
        on_all_rows(configuration(protocol={"kind": kind}, test=test), steps=3).key(1)
        for kind, test in (("fixed", 12), ("update", 6), ("refit", 12))
    }
    assert len(found) == 1


def test_errors_are_of_the_rows_before_the_test_part() -> None:
    """Of which each is forecast as far."""
    own = configuration(prepare={"lags": 2, "horizon": 2}, test=5)
    study, cut = frame(own, OBSERVATIONS), frame(on_all_rows(own, steps=4, origins=5), OBSERVATIONS)
    assert cut.train == study.train
    assert [cut.target_times(row).start for row in cut.test] == [study.target_times(row).start for row in study.test]
    assert cut.horizon == 4


def test_steps_are_those_of_whole_forecasts() -> None:
    """Three at once reach nine."""
    assert rounded(configuration(prepare={"horizon": 3}), 7) == 9


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (1, "1 step, direct"),
        (3, "3 steps, direct: all at once"),
        (4, "steps 1 to 3 are direct, step 4 is recursive: made of the forecasts before"),
        (9, "steps 1 to 3 are direct, steps 4 to 9 are recursive: made of the forecasts before"),
    ],
)
def test_it_is_said_what_is_recursive(steps: int, words: str) -> None:
    """And what is direct."""
    assert how_far(configuration(prepare={"horizon": 3}), steps) == words


STOPPING = {
    "protocol": {"validation": 6},
    "training": {"epochs": 50, "early_stopping": {"patience": 2}, "batch_size": 1},
}


def curves(*rows: list[float]) -> TrajectorySet:
    """Return curves that are the same of all parts."""
    values = np.array(rows, np.float32)
    epochs = np.arange(1, values.shape[1] + 1)
    return TrajectorySet(repeats=np.arange(len(rows)), epochs=epochs, train=values, test=values, validation=values)


def test_repeats_that_stopped_train_the_median_of_their_epochs() -> None:
    """Best weights are those of the first point that the curve ends with; a repeat that diverged does not count."""
    own = configuration(**STOPPING)
    found = stopped_at(curves([5, 4, 4.5, 4.6, 4, 4], [5, 4, 3, 3, 3, 3], [5, np.nan, *[np.nan] * 4]), own)
    assert found == [2, 3]
    chosen = on_all_rows(own, steps=1, epochs=median_epochs(found))
    assert (chosen.training.epochs, chosen.training.early_stopping, chosen.protocol.validation) == (3, None, 0)
    said = notes_of(own, chosen, OBSERVATIONS, steps=1, epochs=found)
    assert any(
        line.startswith("3 epochs, the median of those at which 2 repeats of the study stopped") for line in said
    )


def test_without_the_best_weights_the_last_epoch_counts() -> None:
    """Although the curve was there before."""
    training = STOPPING["training"] | {"early_stopping": {"patience": 2, "restore_best": False}}
    assert stopped_at(curves([5, 4, 3, 4, 4, 4]), configuration(**STOPPING | {"training": training})) == [4]


def test_unknown_epochs_keep_the_validation_rows() -> None:
    """Refits store no curves."""
    own = configuration(**STOPPING | {"protocol": {"kind": "refit", "validation": 6}})
    chosen = on_all_rows(own, steps=1)
    cut = frame(chosen, OBSERVATIONS)
    assert (len(cut.validation), chosen.training.early_stopping is not None) == (6, True)
    assert "the last 6 rows stay held out, since training stops by their loss" in notes_of(
        own, chosen, OBSERVATIONS, steps=1
    )
