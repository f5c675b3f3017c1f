"""Weights that are not there: one line that says why, and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.lifecycle.kept import kept_weights
from store import NotFound, open_store
from tests.examples import experiment, submit


def test_why_there_are_no_weights(tmp_path: Path) -> None:
    """No such configuration or repeat, none kept, or none yet."""
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        plain = submit(store).experiment
        keeping = submit(store, replace(experiment("kept"), keeps_weights=True)).experiment
        for given, label, repeat, says in (
            (plain, "unit=1", 0, "tune has no configuration 'unit=1'; did you mean units=1?"),
            (plain, "units=1", 3, "units=1 of tune has no repeat 3; its repeats are 0 to 2"),
            (plain, "units=1", 0, "tune keeps no weights; add keep: weights to its grid and run it again"),
            (keeping, "units=1", 0, "repeat 0 of units=1 has no result; Study.status() shows how far its training is"),
        ):
            with pytest.raises(NotFound) as raised:
                kept_weights(store, given, label, repeat)
            assert str(raised.value) == says
