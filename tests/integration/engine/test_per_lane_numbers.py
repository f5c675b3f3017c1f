"""One mark makes a number per lane: its place in the program, in the pack and in the optimizer follow from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.schema.configuration import Configuration
from store.schema.keras_catalogue import OPTIMIZERS
from tests.integration.engine.reference import KerasRepeat, configured, differences, shampoo
from worker.engine import program_cache
from worker.engine.train import Lane, train

SMALL, LARGE = 1e-7, 0.01


def with_epsilon(epsilon: float) -> Configuration:
    """Return a configuration whose Adam has this epsilon."""
    optimizer = {"name": "adam", "learning_rate": 0.01, "epsilon": epsilon}
    return configured(shampoo(), training={"epochs": 50, "optimizer": optimizer})


def test_unmarked_numbers_decide_the_program() -> None:
    """As released, two epsilons are two programs."""
    assert with_epsilon(SMALL).program() != with_epsilon(LARGE).program()


def test_one_mark_makes_a_number_per_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `lane=True` on Adam's epsilon, lanes with two epsilons share a program and each trains as Keras does."""
    arguments = OPTIMIZERS["adam"].arguments
    monkeypatch.setitem(arguments, "epsilon", replace(arguments["epsilon"], lane=True))
    configurations = [with_epsilon(SMALL), with_epsilon(LARGE)]
    assert len({configuration.program() for configuration in configurations}) == 1
    assert len({configuration.key(7) for configuration in configurations}) == 2
    before = program_cache._cached.cache_info().misses
    lanes = [Lane(job_id=number, configuration=one, seed=7) for number, one in enumerate(configurations)]
    results = train(lanes, shampoo(), progress=lambda done, total: None)
    assert program_cache._cached.cache_info().misses - before <= 1
    for configuration, result in zip(configurations, results, strict=True):
        reference = KerasRepeat(configuration, shampoo(), 7).run(50)
        assert max(differences(reference, result).values()) <= 1e-4
