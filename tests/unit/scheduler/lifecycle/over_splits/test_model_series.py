"""How the files of the series of a model were read."""

from __future__ import annotations

from scheduler.lifecycle.over_splits.model_series import _frequency


def test_the_frequency_of_times() -> None:
    """Offsets that change with the clock are no failure; a script counts such rows on."""
    clock = ["2025-10-26T01:00:00+02:00", "2025-10-26T02:00:00+02:00", "2025-10-26T02:00:00+01:00"]
    assert _frequency(clock) is None
    assert _frequency(["2025-10-26 01:00", "2025-10-26 02:00", "2025-10-26 03:00"]) == "h"
    assert _frequency(["2025-01", "2025-02", "2025-03"]) == "MS"
    assert _frequency(["1", "b", "3"]) is None
    assert _frequency([]) is None
