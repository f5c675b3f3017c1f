"""Which lanes of a pack are trained side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from store.schema.configuration import Configuration
from worker.engine.batches import Asked, Batches, batches, count
from worker.engine.lane_rows import LaneRows
from worker.engine.layouts import Layout, layout, rung
from worker.engine.prepare import Prepared
from worker.engine.program import Program
from worker.engine.program_cache import program, structure

#: chooses the layout of a lane by itself
LayOut = Callable[[Configuration, Prepared], Layout]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lanes that are trained side by side."""

    program: Program
    #: where the lanes are among those of the pack
    positions: list[int]
    #: what they are prepared with
    rows: LaneRows


def blocks(
    configurations: Sequence[Configuration],
    rows: LaneRows,
    lay_out: LayOut,
    length: Callable[[Configuration], tuple[int, ...]] = lambda configuration: (),
) -> Iterator[Block]:
    """Yield blocks of lanes that have the same program, and train equally long.

    Lanes are in their order, those with fewer rows first: a block trains as many batches as its longest lane has.

    Args:
        configurations: Those of the lanes.
        rows: What the lanes are prepared with.
        lay_out: Chooses the layout of a lane by itself.
        length: How long a lane trains.
    """
    for (_, laid_out, *_), places in _by_program(configurations, rows, lay_out).items():
        compiled = program(configurations[places[0]], laid_out)
        ordered = sorted(places, key=lambda place: (length(configurations[place]), len(rows.of(place).train)))
        for _, group in groupby(ordered, key=lambda place: length(configurations[place])):
            alike = list(group)
            for first in range(0, len(alike), laid_out.lanes):
                mine = alike[first : first + laid_out.lanes]
                yield Block(program=compiled, positions=mine, rows=rows.of_block(mine, laid_out.lanes))


def laid_out_by(questions: Callable[[Configuration, Prepared], Asked], *, apart: bool) -> LayOut:
    """Return what lays out programs that fit once, on all training rows, and forecast what is asked.

    Args:
        questions: The rows that are forecast.
        apart: Whether each lane has its own rows.
    """

    def lay_out(configuration: Configuration, prepared: Prepared) -> Layout:
        asked = questions(configuration, prepared)
        watched = watched_batches(configuration, prepared, asked, apart=apart)
        train = len(prepared.train)
        return layout(configuration, prepared, train=train, asked=asked, apart=apart, watched=watched)

    return lay_out


def watched_batches(configuration: Configuration, prepared: Prepared, questions: Asked, *, apart: bool) -> int:
    """Return how many batches of validation rows training depends on."""
    if not configuration.training.watches:
        return 0
    needed = count(len(prepared.validation), questions.parts.shape[-1])
    return rung(needed) if apart else needed


def watched(rows: LaneRows, layout: Layout) -> list[Batches]:
    """Cut the validation rows by which training stops or slows down; none where it does neither."""
    if not layout.watched:
        return []
    return [rows.batches(lambda prepared: batches(prepared.validation, layout.asked[0], layout.watched))]


def _by_program(
    configurations: Sequence[Configuration], rows: LaneRows, lay_out: LayOut
) -> dict[tuple[str, Layout, str], list[int]]:
    """Find the lanes of each program; lanes that share their rows have one."""
    if not rows.apart:
        return {_key(configurations[0], rows.of(0), lay_out): [*range(len(configurations))]}
    known: dict[tuple[int, int], tuple[str, Layout, str]] = {}
    found: dict[tuple[str, Layout, str], list[int]] = {}
    for position, configuration in enumerate(configurations):
        prepared = rows.of(position)
        same = (id(configuration), id(prepared))  # as the repeats of a configuration on a series have
        if same not in known:
            known[same] = _key(configuration, prepared, lay_out)
        found.setdefault(known[same], []).append(position)
    return found


def _key(configuration: Configuration, prepared: Prepared, lay_out: LayOut) -> tuple[str, Layout, str]:
    """Return what lanes have in common that are trained side by side: the program, and how they are evaluated."""
    evaluated = f"{configuration.protocol.shared} {configuration.prepare.shared}"
    return structure(configuration), lay_out(configuration, prepared), evaluated
