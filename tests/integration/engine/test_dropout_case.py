"""A grid with dropout over more time steps than XLA can loop over with Keras' own masks, trained as users do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.in_process import scheduler, train_in_process
from tests.remembered import remember_baselines
from worker.engine.train import train

GRID = """
series: shampoo
test: 12
prepare: {lags_as: timesteps, lags: 7, pad: true}
model: {kind: vanilla, units: 2, stateful: false, dropout: 0.2, recurrent_dropout: 0.2}
training: {epochs: 2, batch_size: 32}
repeats: 2
max_attempts: 1
"""


def test_dropout_over_many_time_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every repeat has a score, and repeats differ."""
    train_in_process(monkeypatch, train)
    remember_baselines(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dropout.yaml").write_text(GRID)
    url = f"sqlite:///{tmp_path}/results.db"
    done = scheduler("run", "dropout.yaml", "--store", url)
    assert done.returncode == 0, done.stderr
    report = json.loads(scheduler("report", "dropout", "--format", "json", "--store", url).stdout)
    (summary,) = report["summaries"]
    assert summary["count"] == report["jobs"]["done"] == 2
    assert summary["std"] > 0
