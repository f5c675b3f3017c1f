"""A configuration: every field that decides a repeat's numbers, its type, default and allowed values.

This is the one schema. The grid is checked against it, the store keeps it as canonical JSON, the worker reads it back,
and `docs/grid.md` is written from it. It reads no file, and knows no SQL and no TensorFlow. What fields say of each
other (that a batch size divides the rows) is checked by the grid, once, and relied upon from there on.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, model_validator

from store.schema.fields import NonNegative, Part, canonical
from store.schema.keras_objects import Initializer, Loss, Named, Optimizer
from store.schema.model import Model, Regularizer
from store.schema.prepare import InputColumn, Panel, Prepare, Window
from store.schema.training import BatchTransfer, EarlyStopping, Fixed, Future, Refit, Training, Update

__all__ = [
    "NUMERICS",
    "PROTOCOLS",
    "BatchTransfer",
    "Configuration",
    "EarlyStopping",
    "Fixed",
    "Future",
    "Initializer",
    "Loss",
    "Model",
    "Named",
    "Optimizer",
    "Panel",
    "Part",
    "Prepare",
    "Refit",
    "Regularizer",
    "SeriesChoice",
    "Training",
    "Update",
    "Window",
]

#: Raised whenever the same configuration and seed would give other numbers than before.
NUMERICS = 7


_LAGS: int = Prepare.model_fields["lags"].default
#: fields of a series on which no number of a repeat depends
_UNDECIDING = frozenset({"name", "target_hash", "season", "row_times", "made"})


class SeriesChoice(Part):
    """Which series, which columns are forecast and which are seen."""

    #: a bundled name, or the file's stem
    name: str
    #: SHA-256 of the content, filled in when the series has been read
    content_hash: str = ""
    #: SHA-256 of the columns that are forecast; empty where they are all that there is
    target_hash: str = ""
    #: columns that are forecast
    targets: tuple[str, ...] = ()
    #: columns whose previous values the model sees
    inputs: tuple[str, ...] = ()
    #: what a row sees of columns for which the grid says it; of others the last `prepare.lags`
    seen: dict[str, InputColumn] = Field(default_factory=dict)
    #: inputs that were made of others: of categories, or of the times
    made: tuple[str, ...] = ()
    #: ranges of observations that were missing, from start to before stop: no training row has them
    left_out: tuple[tuple[int, int], ...] = ()
    #: its seasons in rows, the shortest first, where they cannot be found from the times that are stored; (1,) for none
    season: tuple[int, ...] = ()
    #: a column of times that the grid does not name, and two of them that follow each other and do not rise
    row_times: tuple[str, str, str] | tuple[()] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns that are used, each once."""
        return tuple(dict.fromkeys((*self.targets, *self.inputs)))

    def origin(self, column: str) -> str:
        """Return what a column was made of: a column of text, or an entry of the calendar; of others their name."""
        if column not in self.made:
            return column
        name, equals, _ = column.partition("=")
        return name if equals else name.removesuffix("_sin").removesuffix("_cos")

    @cached_property
    def identity(self) -> str:
        """JSON of what decides the numbers: neither the name, the season nor the times."""
        return canonical({name: value for name, value in self.decided.items() if name not in _UNDECIDING})

    @cached_property
    def _spelt(self) -> dict[int, tuple[str, int]]:
        """What `with_lags` has found, since configurations share their series."""
        return {}

    def with_lags(self, lags: int) -> tuple[str, int]:
        """Return the identity where columns without lags of their own have these, and the lags beside it.

        Lags that all columns have are beside it; others are within.
        """
        if not self.seen:
            return self.identity, lags
        if lags not in self._spelt:
            own = {name: self.seen.get(name, InputColumn()) for name in self.inputs}
            seen = {
                name: one.model_copy(update={"lags": lags}) if one.lags is None else one for name, one in own.items()
            }
            first = next(iter(seen.values())).lags
            alike = isinstance(first, int) and all(one == InputColumn(lags=first) for one in seen.values())
            changed = self.model_copy(update={"seen": {} if alike else seen})
            self._spelt[lags] = changed.identity, first if alike and isinstance(first, int) else _LAGS
        return self._spelt[lags]


PROTOCOLS: dict[str, type[Part]] = {
    "fixed": Fixed,
    "update": Update,
    "refit": Refit,
    "batch_transfer": BatchTransfer,
}


_TEST = 12
_NOTHING = "{}"


class Configuration(Part):
    """One point of a grid."""

    series: SeriesChoice
    test: NonNegative = _TEST
    prepare: Prepare = Prepare()
    model: Model = Model()
    training: Training = Training()
    protocol: Annotated[Fixed | Update | Refit | BatchTransfer, Field(discriminator="kind")] = Fixed()
    #: None for configurations of a grid, which forecast their test rows
    future: Future | None = None
    window: Window = Window()
    #: the series of its training, where that is one of several series together
    panel: Panel | None = None

    @model_validator(mode="before")
    @classmethod
    def _fixed_unless_said(cls, given: Any) -> Any:
        """Read a protocol without a kind as `fixed`."""
        protocol = given.get("protocol") if isinstance(given, dict) else None
        if isinstance(protocol, dict) and "kind" not in protocol:
            return given | {"protocol": {"kind": "fixed"} | protocol}
        return given

    @cached_property
    def written(self) -> str:
        """The canonical JSON, put together from the parts', which many configurations of a grid have in common."""
        panel = _NOTHING if self.panel is None else self.panel.written
        parts = [("model", self.model.written), ("panel", panel), ("prepare", self.prepare.written)]
        parts += [("protocol", self.protocol.written), ("series", self.series.written)]
        parts += [("test", _NOTHING if self.test == _TEST else str(self.test))]
        parts += [("training", self.training.written), ("window", self.window.written)]
        parts = parts if self.future is None else [("future", self.future.written), *parts]
        return "{" + ",".join([f'"{name}":{part}' for name, part in parts if part != _NOTHING]) + "}"

    def canonical(self) -> str:
        """JSON that is the same for equal configurations, and leaves out what is at its default."""
        return self.written

    @cached_property
    def identity(self) -> str:
        """SHA-256 of all that decides the numbers but the seed."""
        series, prepare = self._in_one_spelling
        model, training, protocol = self.model.identity, self.training.identity, self.protocol.identity
        decided = f"{NUMERICS} {self.test} {series} {prepare.identity} {model} {training} {protocol}"
        window = "" if self.window.written == _NOTHING else f" {self.window.written}"
        return _hashed(decided + self._ahead + window + self._together)

    @property
    def _together(self) -> str:
        """The part of the panel in identities, which others have not."""
        return "" if self.panel is None else f" together {self.panel.written}"

    @property
    def _ahead(self) -> str:
        """The part of the future in identities, which others have not."""
        return "" if self.future is None else f" future {self.future.written}"

    @property
    def _in_one_spelling(self) -> tuple[str, Prepare]:
        """The identity of the series and the preparation, with the lags of all columns or of each."""
        prepare = self._own_prepare
        series, lags = self.series.with_lags(prepare.lags)
        return series, prepare if lags == prepare.lags else prepare.model_copy(update={"lags": lags})

    @cached_property
    def _own_prepare(self) -> Prepare:
        """The preparation in one spelling, without lags that no column has."""
        prepare, series = self.prepare.of_columns(self.series.columns), self.series
        if all(one in series.seen and series.seen[one].lags is not None for one in series.inputs) and series.inputs:
            return prepare.model_copy(update={"lags": _LAGS})
        return prepare

    @property
    def _columns_apart(self) -> str:
        """The columns of one of several splits; the only target has no name, as series may be columns of a file."""
        series, prepare = self.series, self._own_prepare
        named = isinstance(prepare.difference, dict) or isinstance(prepare.scale, dict)
        names: dict[str, Any] = {"content_hash": "", "left_out": ()}
        if len(series.targets) == 1 and not (named or isinstance(prepare.transform, dict)):
            (own,) = series.targets
            if own not in series.seen:
                names |= {"targets": ("",), "inputs": tuple("" if one == own else one for one in series.inputs)}
        return series.model_copy(update=names).identity

    def key(self, seed: int) -> str:
        """Identity of a repeat: SHA-256 over all that decides its numbers."""
        return _hashed(f"{self.identity}:{seed}")

    def program(self, sizes: str = "") -> str:
        """Identity of what is compiled: SHA-256 over all but the numbers that are marked as a lane's own.

        Args:
            sizes: of the rows of one of several splits, whose lanes have rows of their own: see `sizes_apart`.
        """
        model, training, protocol = self.model.shared, self.training.shared, self.protocol.shared
        if self.panel is not None:  # all series of which have one program, whatever their columns are called
            window, prepare = self.window.written, self.prepare.model_copy(update={"as_is": ()}).shared
            panel = f" together {self.panel.of_twin(0).written}"
            return _hashed(f"{NUMERICS} {panel} {window} {prepare} {model} {training} {protocol}{self._ahead}")
        prepare = self._own_prepare.shared
        if self.window.apart:
            return _hashed(
                f"apart {NUMERICS} {sizes} {self._columns_apart} {prepare} {model} {training} {protocol}{self._ahead}"
            )
        decided = f"program {NUMERICS} {self.test} {self.series.shared} {prepare} {model} {training} {protocol}"
        return _hashed(decided + self._ahead)


def _hashed(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
