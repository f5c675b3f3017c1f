"""One model on several series: what a loop with pandas and Keras gives, whichever results a pack asks for."""

from __future__ import annotations

import numpy as np
import pytest

from tests.integration.engine.reference import CLOSE
from tests.integration.engine.test_engine_bits import bits
from tests.integration.panels.plain import LENGTHS, SEED, TEST, Plain, panel, shop, source_in, trained
from worker.engine.batches import together as together_rows
from worker.engine.protocols.joined import Joined
from worker.lane import Together


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Write the shops to a file."""
    return source_in(tmp_path_factory.mktemp("shops"))


def test_a_panel_is_what_pandas_and_keras_make_of_it(source: dict[str, str]) -> None:
    """Curves, forecasts and scores of all series."""
    cells, together = panel(source)
    plain = Plain({name: [] for name in LENGTHS}, list(LENGTHS))
    plain.fit(cells[0])
    for name, result in zip(LENGTHS, trained(cells, together), strict=True):
        assert result.forecasts
        assert result.forecasts.observed[:, 0, 0].tolist() == shop(name)[-TEST:].tolist()
        assert plain.furthest(name, result) < CLOSE
        assert result.test_rmse == pytest.approx(plain.curves[name][-1], rel=1e-4)


def test_rows_of_a_series_that_is_not_trained_on(source: dict[str, str]) -> None:
    """They are scaled by its own training rows and forecast alone; its inputs for the other series are 0."""
    cells, together = panel(source, series_input="one_hot", test_series=["west"])
    assert [cell.series.name for cell in cells] == ["west"]
    plain = Plain({"north": [1.0, 0.0], "south": [0.0, 1.0], "west": [0.0, 0.0]}, ["north", "south"])
    joined = Joined.of(cells[0], together)
    assert np.allclose(joined.train.inputs, plain.inputs, atol=1e-6)
    assert np.allclose(joined.train.targets[:, 0], plain.targets, atol=1e-6)
    (asked, _, _, _) = plain.rows["west"]
    assert np.allclose(together_rows(joined.parts).inputs, asked, atol=1e-6)


def test_no_bit_depends_on_the_results_that_a_pack_asks_for(source: dict[str, str]) -> None:
    """One result alone, with another seed, or with all others: its bits are the same."""
    cells, together = panel(source, windows={"count": 1})
    whole = trained(cells, together, (SEED, 8, 9))
    assert bits(trained(cells[1:2], together)[0]) == bits(whole[3])
    assert bits(whole[3]) != bits(whole[4])
    short = cells[2].model_copy(update={"training": cells[2].training.model_copy(update={"epochs": 2})})
    alone, beside = trained([short], together)[0], trained([cells[2], short], together)[1]
    assert bits(alone) == bits(beside)


def test_nothing_after_the_test_part_of_a_window_is_seen(source: dict[str, str]) -> None:
    """Other values after the windows of all series change no bit of what is trained on them."""
    cells, together = panel(source, windows={"count": 2})
    first = [cell for cell in cells if cell.window.skip]
    assert len(first) == len(LENGTHS)
    series = []
    for one in together.series:
        values = one.values.copy()
        values[-TEST:] += 1000
        series.append(type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"values": values}))
    changed = Together(members=together.members, series=tuple(series))
    found, again = Joined.of(first[0], together), Joined.of(first[0], changed)
    for name in ("inputs", "targets"):
        assert np.array_equal(getattr(found.train, name), getattr(again.train, name))
        assert np.array_equal(*(getattr(together_rows(one.parts), name) for one in (found, again)))
