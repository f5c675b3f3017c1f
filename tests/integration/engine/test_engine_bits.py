"""A repeat has the same bits whatever else is trained, and however its run is cut."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.records import Result
from store.schema.configuration import Configuration
from tests.integration.engine.reference import configured, shampoo
from worker.engine import pacing, program_cache, template
from worker.engine.train import Lane, train

SHAMPOO = shampoo()


def trained(configurations: Sequence[Configuration], seeds: Sequence[int]) -> list[Result]:
    """Train one lane for each pair of configuration and seed."""
    lanes = [
        Lane(job_id=number, configuration=configuration, seed=seed)
        for number, (configuration, seed) in enumerate(zip(configurations, seeds, strict=True))
    ]
    return train(lanes, SHAMPOO, progress=lambda done, total: None)


def bits(result: Result) -> bytes:
    """Return all numbers of a result as bytes."""
    curves = b""
    if result.trajectory:
        curves = result.trajectory.train_rmse.tobytes() + result.trajectory.test_rmse.tobytes()
    assert result.forecasts
    return curves + result.forecasts.forecast.tobytes()


def one(epochs: int = 30, **parts: Any) -> Configuration:
    """Return a configuration with few epochs."""
    return configured(SHAMPOO, training={"epochs": epochs} | parts.pop("training", {}), **parts)


KINDS: list[dict[str, Any]] = [
    {"model": {"units": 3}},
    {
        "model": {"units": 2, "dropout": 0.2, "recurrent_dropout": 0.1, "dense": [3], "stateful": False},
        "training": {"shuffle": True},
    },
    {"model": {"kind": "conv_lstm", "filters": 2}, "prepare": {"lags": 4, "lags_as": "timesteps"}},
    {"model": {"units": 2}, "training": {"batch_size": 1}, "protocol": {"kind": "update", "update_epochs": 2}},
]


class TestPacks:
    """Packs of every size, and every lane of them."""

    @pytest.mark.parametrize("parts", KINDS, ids=["vanilla", "drawing", "conv_lstm", "update"])
    def test_pack_size_and_lane_change_no_bit(self, parts: dict[str, Any]) -> None:
        """Alone, and in packs of 2, 7, 30 and 64, first, last and in between."""
        configuration = one(**parts)
        alone = bits(trained([configuration], [7])[0])
        for size, place in [(2, 1), (7, 0), (30, 17), (64, 63)]:
            seeds = [100 + number for number in range(size)]
            seeds[place] = 7
            assert bits(trained([configuration] * size, seeds)[place]) == alone

    def test_numbers_of_other_lanes_change_no_bit(self) -> None:
        """Learning rates, penalties, rates and epochs of the lanes beside are their own affair."""

        def lane(rate: float, penalty: float, dropped: float, epochs: int) -> Configuration:
            model = {"units": 2, "dropout": dropped, "kernel_regularizer": {"l1": penalty, "l2": penalty}}
            optimizer = {"name": "adam", "learning_rate": rate}
            return one(epochs, model=model, training={"optimizer": optimizer})

        mine = lane(0.01, 0.001, 0.1, 20)
        alone = bits(trained([mine], [7])[0])
        others = [lane(0.5, 0.0, 0.3, 35), mine, lane(1e-4, 0.1, 0.05, 5), lane(0.01, 0.001, 0.1, 40)]
        assert bits(trained(others, [7, 7, 8, 7])[1]) == alone

    def test_a_diverging_lane_harms_no_other(self) -> None:
        """A repeat whose weights become infinite is a result; the others are what they were."""
        wild = one(training={"optimizer": {"name": "sgd", "learning_rate": 1e30}}, model={"activation": "linear"})
        tame = one(training={"optimizer": {"name": "sgd", "learning_rate": 0.01}}, model={"activation": "linear"})
        alone = trained([tame], [7])[0]
        lost, kept = trained([wild, tame], [7, 7])
        assert lost.diverged
        assert not kept.diverged
        assert bits(kept) == bits(alone)


@pytest.mark.parametrize("stops", [False, True], ids=["to the end", "stopping"])
def test_how_the_weights_of_a_wide_model_lie_changes_no_bit(stops: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """All as one vector, or the large ones by themselves."""
    early = {"early_stopping": {"patience": 2, "restore_best": True}} if stops else {}
    parts = {"training": early, "model": {"units": [20, 2]}, "protocol": {"validation": 4 if stops else 0}}
    configuration = one(8, **parts, prepare={"lags": 3, "lags_as": "timesteps", "trim": 1})
    found = set[bytes]()
    for few in (1024, 10**9):
        monkeypatch.setattr(template, "FEW", few)
        program_cache._cached.cache_clear()
        found.add(bits(trained([configuration] * 2, [6, 7])[1]))
    program_cache._cached.cache_clear()
    assert len(found) == 1


class TestRuns:
    """How a run is cut, and where it happens."""

    def test_calls_change_no_bit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A run in calls of a few epochs, some of which score nothing, is the run in one call."""
        configuration = one(40, protocol={"kind": "fixed", "evaluate_every": 7}, **KINDS[1])
        whole = trained([configuration], [7])[0]
        monkeypatch.setattr(pacing, "SECONDS", 0.0)
        cut = trained([configuration], [7])[0]
        assert bits(cut) == bits(whole)
        assert whole.trajectory
        assert len(whole.trajectory.test_rmse) == 6

    def test_fewer_epochs_are_a_beginning(self) -> None:
        """A repeat of 10 epochs is the beginning of that of 30, in one pack or apart."""
        short, long = trained([one(10), one(30)], [7, 7])
        assert short.trajectory
        assert long.trajectory
        np.testing.assert_array_equal(short.trajectory.test_rmse, long.trajectory.test_rmse[:10])
        assert bits(trained([one(10)], [7])[0]) == bits(short)

    def test_another_process_and_one_thread_change_no_bit(self, tmp_path: Path) -> None:
        """A fresh process with one thread for everything gives the same."""
        script = (
            "import hashlib, sys\n"
            "from tests.integration.engine.test_engine_bits import bits, one, trained\n"
            "from worker.engine.backend import tf\n"
            "tf.config.threading.set_intra_op_parallelism_threads(1)\n"
            "print(hashlib.sha256(bits(trained([one(model={'units': 5})], [7])[0])).hexdigest())\n"
        )
        import hashlib

        root = Path(__file__).parents[3]
        ran = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
        here = bits(trained([one(model={"units": 5})] * 3, [6, 7, 8])[1])
        assert ran.stdout.strip() == hashlib.sha256(here).hexdigest()
        assert ran.stderr == ""

    def test_flags_of_xla_that_may_change_a_bit_are_left_out(self) -> None:
        """And said; those that only write down what is compiled are kept."""
        given = "--xla_cpu_enable_fast_math=true --xla_dump_hlo_as_text /some/file"
        script = "import os; from worker.engine import backend; print(os.environ['XLA_FLAGS'])"
        command, root = [sys.executable, "-c", script], Path(__file__).parents[3]
        ours = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=True, env=os.environ | {"XLA_FLAGS": ""}
        )
        ran = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=True, env=os.environ | {"XLA_FLAGS": given}
        )
        assert ran.stdout == f"--xla_dump_hlo_as_text {ours.stdout}"
        assert ran.stderr.splitlines() == [
            "left out of XLA_FLAGS, since it may change the numbers of a repeat: "
            "--xla_cpu_enable_fast_math=true /some/file"
        ]
        assert ours.stderr == ""

    def test_progress_counts_epochs_of_all_lanes(self) -> None:
        """The last call says that everything is done, and an exception abandons the run."""
        told: list[tuple[int, int]] = []
        lanes = [Lane(job_id=number, configuration=one(10 + number), seed=number) for number in range(3)]
        train(lanes, SHAMPOO, progress=lambda done, total: told.append((done, total)))
        assert told[-1] == (33, 33)
        assert [done for done, _ in told] == sorted(done for done, _ in told)

        def abandon(done: int, total: int) -> None:
            raise InterruptedError

        with pytest.raises(InterruptedError):
            train(lanes, SHAMPOO, progress=abandon)
