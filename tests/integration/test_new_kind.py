"""A kind of model is one function: the one that the docs show works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from store.schema.configuration import Model
from tests.integration.engine_reference import KerasRepeat, configured, differences, shampoo
from worker.engine import models, program_cache
from worker.engine.train import Lane, train


def test_kinds_are_those_that_grids_may_name() -> None:
    """What the scheduler allows is what the worker builds, in the same order."""
    assert get_args(Model.model_fields["kind"].annotation) == tuple(models.KINDS)


def test_the_kind_of_the_docs_trains_as_keras_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function that `docs/models.md` shows, in place of a kind: packed training equals Keras."""
    (code,) = re.findall(r"```python\n(.*?)```", Path("docs/models.md").read_text(), re.DOTALL)
    namespace = vars(models).copy()
    exec(compile(code, "docs/models.md", "exec"), namespace)
    monkeypatch.setitem(models.KINDS, "vanilla", namespace["_read_out"])
    configuration = configured(shampoo(), model={"units": 2}, training={"epochs": 50})
    program_cache._cached.cache_clear()
    try:
        lanes = [Lane(job_id=seed, configuration=configuration, seed=seed) for seed in (50, 51)]
        result = train(lanes, shampoo(), progress=lambda done, total: None)[1]
    finally:
        program_cache._cached.cache_clear()
    reference = KerasRepeat(configuration, shampoo(), 51).run(50)
    assert (
        len(
            models.network(
                configuration.model, models.Shape(batch=4, timesteps=1, features=1, horizon=1, targets=1)
            ).layers
        )
        == 3
    )
    assert max(differences(reference, result).values()) <= 1e-4
