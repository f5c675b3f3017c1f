"""A grid file, parsed and checked once: from then on every field of every configuration is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scheduler.grid.axes import Axis, Excluded, points, read_axes
from scheduler.grid.fields import CONFIGURED, FIELDS, GridFile
from scheduler.grid.labels import labels, name_of_file
from scheduler.grid.messages import worded
from scheduler.grid.mistakes import Mistakes
from scheduler.grid.nodes import NO_LINE, Node
from scheduler.grid.other_tools.advice import for_value
from scheduler.grid.overrides import apply as apply_overrides
from scheduler.grid.overrides import read as read_overrides
from scheduler.grid.overrides import written
from scheduler.grid.points import Choices, Points
from scheduler.grid.series_choice import SeriesReader
from scheduler.grid.splits.fields import Splitting
from scheduler.grid.splits.labels import Cell, cells_of_points
from scheduler.grid.splits.scores import default_score, score_mistake
from scheduler.grid.suggestions import no_field
from scheduler.grid.yaml_reader import parse, read_text
from scheduler.grid.yaml_writer import as_yaml
from scheduler.series.frames import UNNAMED, table
from store.errors import GridError
from store.records import NewConfiguration, Series
from store.schema.configuration import Configuration
from store.schema.cost import seconds, stored_bytes
from store.schema.framing import frame
from store.schema.weights import count_weights

MOST_CONFIGURATIONS = 200_000
MOST_JOBS = 1_000_000


@dataclass(frozen=True, slots=True)
class Point:
    """One configuration of a grid."""

    #: made of the axes' values; `base` where there are no axes
    label: str
    #: dotted field -> value as the file has it, in the order of the axes
    axes: dict[str, Any]
    #: on each split; one where the grid has no windows and one series
    cells: tuple[Configuration, ...]

    @property
    def configuration(self) -> Configuration:
        """The configuration on the first split."""
        return self.cells[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A base experiment and the axes to cross, as configurations in a fixed order: the last axis varies fastest."""

    name: str
    description: str
    file: str
    #: as it was given
    text: str
    repeats: int
    seed: int
    queue: str
    #: repeats trained side by side at most; None leaves it to the size of the model
    pack: int | None
    max_attempts: int
    #: what repeats are judged by
    score: str
    points: tuple[Point, ...]
    #: whether results have the weights of their models
    keeps_weights: bool = False
    #: what was understood of the series' files and is worth a sentence: rows that were sorted, notes left out
    notes: tuple[str, ...] = ()
    #: the series that are trained together, by what configurations name them by; see `store.preparation.panels`
    panels: dict[str, str] = field(default_factory=dict)
    _series: tuple[Series, ...]
    _by_label: dict[str, Configuration]
    _observations: dict[str, int]

    def __len__(self) -> int:
        """Count the configurations."""
        return len(self.points)

    @property
    def jobs(self) -> int:
        """Count the repeats of all configurations on all splits."""
        return sum(len(point.cells) for point in self.points) * self.repeats

    def cells(self) -> Iterator[Cell]:
        """Yield every configuration on every split, in the order of the points and then of the splits."""
        yield from cells_of_points((point.label, point.cells) for point in self.points)

    def seconds(self, configuration: NewConfiguration) -> float:
        """Estimate how long one repeat of a configuration trains in a full pack, on one ordinary core."""
        return seconds(self._by_label[configuration.label], self._observations[configuration.series_hash])

    def stored_bytes(self, configuration: NewConfiguration) -> int:
        """Estimate how large one repeat of a configuration is in the store."""
        return stored_bytes(self._by_label[configuration.label], self._observations[configuration.series_hash])

    def weights(self, configuration: NewConfiguration) -> int:
        """Count the weights of a configuration's model."""
        own = self._by_label[configuration.label]
        return count_weights(own, frame(own, self._observations[configuration.series_hash]))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is accepted but looks wrong, at most ten lines, each with what to do."""
        from scheduler.grid.warnings import find_warnings

        series = {one.content_hash: one for one in self._series}
        last = ((point.label, one) for point in self.points for one in point.cells if not one.window.skip)
        return find_warnings(last, series)

    def series_data(self) -> tuple[Series, ...]:
        """Return the series that the configurations use, each once."""
        return self._series

    @classmethod
    def load(cls, path: Path, *, overrides: Sequence[str] = ()) -> Grid:
        """Read a grid from a file.

        Args:
            path: The file.
            overrides: Fields to set in place of the file's, each as `--set` takes it: `training.epochs=50`.

        Raises:
            GridError: The grid has mistakes; all that were found, each with its line or the override.
        """
        return cls.parse(read_text(path), file=str(path), overrides=overrides)

    @classmethod
    def parse(cls, text: str, *, file: str = "<grid>", overrides: Sequence[str] = ()) -> Grid:
        """Read a grid from text; `file` is how messages name it, and paths in it are relative to.

        Raises:
            GridError: The grid has mistakes; all that were found, each with its line or the override.
        """
        root = parse(text, file)
        changes = read_overrides(overrides)
        mistakes = Mistakes(file, [change.name for change in changes])
        if changes:
            root = apply_overrides(root, changes, mistakes)
            text = written(root, file, overrides)
        return cls._of(root, text, file, mistakes, SeriesReader(Path(file).parent, mistakes))

    @classmethod
    def of(cls, fields: Mapping[Any, Any], *, series: Any = None) -> Grid:
        """Read a grid from a mapping of the same shape as a file.

        Args:
            fields: What a file would hold; axes may be ranges, tuples and NumPy arrays.
            series: The values, in place of a bundled series or a file: see `scheduler.series.frames`.

        Raises:
            GridError: The grid has mistakes; all that were found.
            SeriesError: `series` cannot be used.
            UsageError: The mapping holds what YAML cannot.
        """
        given = None if series is None else table(series)
        text = as_yaml({"series": {"name": UNNAMED}, **fields} if given and "series" not in fields else fields)
        mistakes = Mistakes("")
        root = parse(text, "the grid").on(NO_LINE)
        return cls._of(root, text, "<grid>", mistakes, SeriesReader(Path(), mistakes, given))

    @classmethod
    def _of(cls, root: Node, text: str, file: str, mistakes: Mistakes, reader: SeriesReader) -> Grid:
        header = _header(root, file, mistakes)
        axes = read_axes(root.entries["grid"][1], mistakes, root.look) if "grid" in root.entries else ()
        excluded = Excluded(root.at(("exclude",)), axes, mistakes)
        builder = Points(root, axes, reader, mistakes, Splitting(header.windows, header.test_series, header.seed))
        chosen: list[Choices] = []
        configurations: list[tuple[Configuration, ...]] = []
        if _small_enough(axes, root, header, mistakes):
            chosen, configurations = builder.build(excluded)
            _check_whole(root, header, configurations, excluded, mistakes)
            score = _score(root, header, configurations, reader, mistakes)
        if mistakes:
            raise GridError(list(mistakes))
        made = tuple(_points(axes, chosen, configurations))
        return cls(
            name=header.name or name_of_file(file),
            description=header.description,
            file=file.encode(errors="replace").decode(),  # a name that is not UTF-8 fits no database
            text=text,
            repeats=header.repeats,
            seed=header.seed,
            queue=header.queue,
            pack=None if header.pack == "auto" else header.pack,
            max_attempts=header.max_attempts,
            keeps_weights=header.keep == "weights",
            score=score,
            points=made,
            panels=builder.panels.written,
            notes=tuple(reader.notes),
            _series=tuple(reader.series.values()),
            _by_label={
                one.label: one.configuration for one in cells_of_points((point.label, point.cells) for point in made)
            },
            _observations={key: len(series.values) for key, series in reader.series.items()},
        )


def _points(
    axes: tuple[Axis, ...], chosen: list[Choices], configurations: list[tuple[Configuration, ...]]
) -> Iterator[Point]:
    named = [[dict(zip(axis.names, option.values, strict=True)) for option in axis.options] for axis in axes]
    for label, choices, configuration in zip(labels(axes, chosen), chosen, configurations, strict=True):
        values: dict[str, Any] = {}
        for axis, option in enumerate(choices):
            values |= named[axis][option]
        yield Point(label, values, configuration)


def _header(root: Node, file: str, mistakes: Mistakes) -> GridFile:
    """Check the experiment's own fields; invalid ones are treated as absent."""
    for key, (line, _) in root.entries.items():
        if key not in GridFile.model_fields:
            mistakes(line, no_field((key,), (), root.value[key], root.value))
    if "series" not in root.entries and not _sets_series(root):
        mistakes(1, f"series is missing; allowed: {FIELDS['series'].about.allowed}, such as series: shampoo")
    own = {
        key: value
        for key, value in root.value.items()
        if key in GridFile.model_fields and key not in (*CONFIGURED, "grid", "exclude")
    }
    while True:
        try:
            return GridFile.model_validate(own | {"series": "shampoo"})
        except ValidationError as problem:
            for path, text in worded(problem, (), own):
                hint = for_value(str(path[0]), own.get(path[0]), in_axis=False, look=root.look)
                mistakes(root.line_of(path), text + hint)
                own.pop(path[0], None)


def _sets_series(root: Node) -> bool:
    axes = root.value.get("grid")
    names = (
        [name for key in axes for name in (key if isinstance(key, tuple) else (key,))] if isinstance(axes, dict) else []
    )
    return any(name == "series" or name.startswith("series.") for name in names)


def _small_enough(axes: tuple[Axis, ...], root: Node, header: GridFile, mistakes: Mistakes) -> bool:
    """Refuse a grid that is too large before its configurations are built."""
    count = points(axes)
    jobs = count * header.repeats
    if count <= MOST_CONFIGURATIONS and (jobs <= MOST_JOBS or "exclude" in root.entries):
        return True
    _too_many(root, count, header.repeats, mistakes)
    return False


def _too_many(root: Node, count: int, repeats: int, mistakes: Mistakes, *, splits: int = 1) -> None:
    apart = f" x {splits:,} splits" if splits > 1 else ""
    mistakes(
        root.line_of(("grid",)),
        f"the grid has {_large(count)} configurations{apart} x {repeats:,} repeats = "
        f"{_large(count * splits * repeats)} jobs; "
        f"allowed: {MOST_CONFIGURATIONS:,} configurations and {MOST_JOBS:,} jobs: "
        "use fewer values, or vary some fields together",
    )


def _large(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"more than 10^{len(str(number)) - 1 if number < 10**4000 else 4000}"


def _check_whole(
    root: Node, header: GridFile, cells: list[tuple[Configuration, ...]], excluded: Excluded, mistakes: Mistakes
) -> None:
    """Check what can only be checked on all points together."""
    if mistakes:
        return
    most = max(map(len, cells), default=1)
    if sum(map(len, cells)) * header.repeats > MOST_JOBS:
        _too_many(root, len(cells), header.repeats, mistakes, splits=most)
    excluded.check_used()
    if not cells:
        mistakes(root.line_of(("exclude",)), "exclude removes every point of the grid; keep at least one")


def _score(
    root: Node, header: GridFile, cells: list[tuple[Configuration, ...]], reader: SeriesReader, mistakes: Mistakes
) -> str:
    """Return what repeats are judged by, and check that it exists of every series and split."""
    score = header.score or default_score(cells)
    if not mistakes and (fault := score_mistake(score, [one for own in cells for one in own], reader.series)):
        mistakes(root.line_of(("score",)), fault)
    return score
