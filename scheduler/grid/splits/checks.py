"""Whether each split can be trained on: series that are too short are named as a pattern, and so are other mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from scheduler.grid.messages import Found, Path
from scheduler.grid.splits.cells import step_of
from scheduler.grid.splits.fields import Windows
from scheduler.text import many
from store.schema.configuration import Configuration
from store.schema.framing import frame, held_out, without_window
from store.schema.splits import Split, split_names

#: series that a message names
SHOWN = 3
#: the longest series that is needed by anything
_LONGEST = 10_000_000


def window_mistakes(configuration: Configuration, windows: Windows | None) -> Iterator[Found]:
    """Check what windows have to do with the rest of a configuration."""
    if windows is None:
        return
    if configuration.protocol.kind == "batch_transfer":
        yield (
            ("windows",),
            "windows has one test part after the other, and protocol batch_transfer forecasts the training rows; "
            "remove windows, or use another protocol.kind",
        )


def length_mistakes(
    cells: Sequence[Configuration], observations: Mapping[str, int], windows: Windows | None
) -> Iterator[Found]:
    """Report series that are too short for the windows.

    Args:
        cells: a configuration on each split.
        observations: of each series, by its content.
        windows: as the grid has them.
    """
    first: dict[str, Configuration] = {}  # the earliest window of each series
    for one in cells:
        first.setdefault(one.series.content_hash, one)
    needs: dict[object, int] = {}
    short: list[tuple[Configuration, int, int]] = []
    for content, cell in first.items():
        key = (cell.test, cell.series.columns, tuple(cell.series.seen), cell.series.made)
        if key not in needs:
            needs[key] = needed(cell)
        have, least = observations[content], needs[key] + cell.window.skip
        if have < least:
            short.append((cell, have, least))
    if short:
        yield _too_short(short, len(first), windows)


def needed(configuration: Configuration) -> int:
    """Return how many observations a window needs that ends with them."""
    bare = without_window(configuration, _LONGEST)
    bare = bare.model_copy(update={"series": bare.series.model_copy(update={"left_out": ()})})
    low, high = 1, 1 << 10
    while not frame(bare, high).train and high < _LONGEST:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if frame(bare, middle).train else (middle + 1, high)
    slides = configuration.window.train
    return low if slides is None else max(low, slides + held_out(configuration))


def _too_short(short: Sequence[tuple[Configuration, int, int]], total: int, windows: Windows | None) -> Found:
    named = [f"{cell.series.name} has {have:,} observations and needs {least:,}" for cell, have, least in short[:SHOWN]]
    rest = f", and {len(short) - SHOWN:,} more" if len(short) > SHOWN else ""
    what = "one series is" if len(short) == 1 else f"{len(short):,} of the {total:,} series are"
    if total == 1:
        what = "the series is"
    remedies = list(_remedies(short, total, windows))
    asked = f" for {many(windows.count, 'window')}" if windows is not None else ""
    return ("windows",) if windows is not None else ("series",), (
        f"{what} too short{asked}: {', '.join(named)}{rest}; {', or '.join(remedies)}"
    )


def _remedies(short: Sequence[tuple[Configuration, int, int]], total: int, windows: Windows | None) -> Iterator[str]:
    if windows is not None:
        counts = [(have - least + cell.window.skip) // step_of(cell, windows) + 1 for cell, have, least in short]
        if windows.count > 1 and min(counts) >= 1:
            yield f"write windows.count: {min(counts)}"
        elif windows.most is not None:
            yield "use a smaller windows.train.sliding"
    if total > len(short):
        yield "leave the short ones out (series.keep)"
    if windows is None or windows.count == 1 or min(counts) < 1:
        yield "use a smaller test or prepare.lags"


def mistakes_by_split(
    cells: Sequence[Configuration], check: Callable[[Configuration], Sequence[Found]]
) -> Iterator[Found]:
    """Check each split; of mistakes of the same field the first is reported, with how many more there are."""
    found: dict[Path, tuple[str, list[int]]] = {}
    for place, cell in enumerate(cells):
        for path, text in check(cell):
            found.setdefault(path, (text, []))[1].append(place)
    if not found:
        return
    names = list(split_names({str(place): Split.of(cell) for place, cell in enumerate(cells)}).values())
    for path, (text, places) in found.items():
        more = f", and in {len(places) - 1:,} more of the {len(cells):,} splits" if len(places) > 1 else ""
        yield path, f"{text} (in {names[places[0]]}{more})"
