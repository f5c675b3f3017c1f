"""Python's search for unreachable objects, held back."""

from __future__ import annotations

import gc

import pytest

from store.collection import uncollected


def test_it_goes_on_afterwards_whatever_happens() -> None:
    """Also after an error, and not where it was off before."""
    with pytest.raises(ValueError, match="off: True"), uncollected():
        _fail()
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def _fail() -> None:
    raise ValueError(f"off: {not gc.isenabled()}")
