"""From a configuration to its cells: the same on each split, which is a series and a window of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.grid.splits.fields import Windows
from store.schema.configuration import Configuration, Prepare, SeriesChoice, Window
from store.schema.framing import held_out

#: a series of a panel, with the number of its test rows and how it is prepared
Chosen = tuple[SeriesChoice, int, Prepare]


def cells_of(
    configuration: Configuration, panel: Sequence[Chosen], windows: Windows | None
) -> tuple[Configuration, ...]:
    """Return a configuration on each series and window, the earliest window of a series first.

    Args:
        configuration: on the first series, with no window.
        panel: all series.
        windows: those that the grid asks for.
    """
    several = len(panel) > 1 or (windows is not None and windows.count > 1)
    found = []
    for series, test, prepare in panel:
        own = configuration
        if series is not own.series or test != own.test:
            own = own.model_copy(update={"series": series, "test": test, "prepare": prepare})
        found += [_within(own, window) for window in _windows(own, windows, apart=several)]
    return tuple(found)


def _within(configuration: Configuration, window: Window) -> Configuration:
    return configuration if window == Window() else configuration.model_copy(update={"window": window})


def _windows(configuration: Configuration, windows: Windows | None, *, apart: bool) -> Iterator[Window]:
    """Yield the windows of a series, the earliest first."""
    if windows is None:
        yield Window(apart=apart)
        return
    step = step_of(configuration, windows)
    for place in reversed(range(windows.count)):
        yield Window(skip=place * step, train=windows.most, apart=apart)


def step_of(configuration: Configuration, windows: Windows) -> int:
    """Return how many observations lie between the ends of two windows."""
    return windows.step or held_out(configuration)


def observations_forecast(test: int, horizon: int, windows: Windows | None) -> int:
    """Return how many observations at the end are in the test part of any window."""
    once = test + horizon - 1
    return once if windows is None else once + (windows.count - 1) * (windows.step or once)
