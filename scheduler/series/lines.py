"""Lines of a file, and how many things there are, in words."""

from __future__ import annotations

from collections.abc import Sequence

from store.schema.spelling import listed


def are(count: int) -> str:
    """Return the verb for so many things."""
    return "is" if count == 1 else "are"


def on_lines(lines: Sequence[int]) -> str:
    """Return `line 3` or `lines 3 to 5 and 9`."""
    once = list(dict.fromkeys(lines))
    return f"line {once[0]:,}" if len(once) == 1 else f"lines {ranges(once)}"


def ranges(numbers: Sequence[int], most: int = 6) -> str:
    """Write line numbers as ranges, `2 to 5, 9`; of many, the first ones and how many more."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{start:,}" if start == end else f"{start:,} to {end:,}" for start, end in runs[:most]]
    if len(runs) > most:
        return f"{', '.join(shown)} and {sum(end - start + 1 for start, end in runs[most:]):,} more"
    return listed(shown, "and")
