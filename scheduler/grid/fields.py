"""The fields of a grid file: the experiment's own here, those of a configuration from the one schema in `store`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticUndefined

from scheduler.grid.annotations import alternatives, is_mapping, part_in, words
from scheduler.grid.splits import fields as of_splits
from scheduler.grid.splits.fields import OF_PANEL, Sliding, Windows
from scheduler.series.fields import SeriesSource, Text
from store.records import EXPERIMENT_NAME, EXPERIMENT_NAME_RULE
from store.schema.configuration import PROTOCOLS, EarlyStopping, Model, Prepare, Regularizer, Training
from store.schema.fields import About, NonNegative, Part, Positive
from store.schema.keras_objects import Named
from store.schema.model import Encoder

Name = Annotated[str, StringConstraints(pattern=EXPERIMENT_NAME)]


def _not_a_number(name: str) -> str:
    if name.isdecimal():
        raise ValueError("digits are the ids of experiments")
    return name


class GridFile(Part):
    """The top of a grid file."""

    name: Annotated[
        Annotated[Name, AfterValidator(_not_a_number)] | None,
        About(
            "The experiment's name; by default that of the file.",
            allowed=f"{EXPERIMENT_NAME_RULE}, and not digits alone",
            example="tune-units",
        ),
    ] = None
    description: Annotated[
        Text,
        About(
            "A sentence for the reports.",
            allowed="text, with no control characters but newlines and tabs",
            example="How many units are enough?",
        ),
    ] = ""
    series: Annotated[
        str | SeriesSource | tuple[str | SeriesSource, ...],
        About(
            "The series: a bundled name, or a mapping of the fields below; or a list of these; see `panel`.",
            allowed="a bundled name, {name: ..., targets: [...], inputs: [...]}, {path: ..., time: ..., value: ...} or "
            "a list of these",
            example="{path: sales.csv, time: Month, value: Sales}",
        ),
    ]
    test: Annotated[
        NonNegative | float | dict[str, Any],
        About(
            "Number of rows at the end that are forecast; 0 only with `protocol.kind: batch_transfer`. Or the share of "
            "the observations, or the time from which on they are forecast: both become a number of rows.",
            allowed="a whole number from 0, a share between 0 and 1, or {from: a time}",
            example="0.33",
        ),
    ] = 12
    windows: of_splits.WindowsField = None
    panel: of_splits.PanelField = "apart"
    series_input: of_splits.SeriesInputField = "none"
    series_embedding: of_splits.SeriesEmbeddingField = None
    test_series: of_splits.TestSeriesField = None
    prepare: Annotated[Prepare, About("How the series becomes rows.", allowed="a mapping", example="{lags: 3}")] = (
        Prepare()
    )
    model: Annotated[Model, About("Which Keras model.", allowed="a mapping", example="{units: 3}")] = Model()
    training: Annotated[Training, About("How the model is fit.", allowed="a mapping", example="{epochs: 500}")] = (
        Training()
    )
    protocol: Annotated[
        dict[str, Any], About("How it is trained and evaluated.", allowed="a mapping", example="{warm_up: true}")
    ] = Field(default_factory=dict)
    repeats: Annotated[
        Positive,
        About(
            "Number of times each configuration is trained, each time with its own seed.",
            allowed="a whole number from 1",
            example="30",
        ),
    ] = 30
    seed: Annotated[
        int,
        Field(strict=True, ge=0, lt=2**63),
        About(
            "The number from which all seeds derive; repeat r has the same seed in every configuration.",
            allowed="a whole number from 0 to below 2^63",
            example="7",
        ),
    ] = 0
    grid: Annotated[
        dict[Any, Any],
        About(
            "The axes, which are crossed: a dotted field with a list of values, or several fields that vary together "
            "with a list of lists.",
            allowed="a mapping of dotted fields to lists of values",
            example="{model.units: [1, 2], [training.batch_size, prepare.trim]: [[1, 0], [4, 2]]}",
        ),
    ] = Field(default_factory=dict)
    exclude: Annotated[
        tuple[dict[str, Any], ...],
        About(
            "Points to leave out: each mapping excludes the points that match all its values.",
            allowed="a list of mappings of axes to values",
            example="[{model.units: 5, training.epochs: 500}]",
        ),
    ] = ()
    score: Annotated[
        Literal["rmse", "mae", "mape", "smape", "mase", "rmsse"] | None,
        About(
            "What repeats are judged by: summaries, verdicts, ranking, `top-up` and the comparison with baselines. All "
            "six are stored, so another score trains nothing again. By default `rmse`, and `mase` with several series.",
            allowed="rmse, mae, mape, smape, mase or rmsse",
            example="mase",
        ),
    ] = None
    queue: Annotated[
        Name,
        About(
            "The queue whose workers train the experiment.",
            allowed=EXPERIMENT_NAME_RULE,
            example="gpu",
        ),
    ] = "default"
    pack: Annotated[
        Positive | Literal["auto"],
        About(
            "The most repeats to train side by side; `auto` depends on the size of the model.",
            allowed="a whole number from 1, or auto",
            example="1",
        ),
    ] = "auto"
    keep: Annotated[
        Literal["weights"] | None,
        About(
            "What each repeat's result also keeps: `weights`, those of the model that made its last forecast. They are "
            "read with `Study.weights`; `plan` shows how large they are. Repeats that were trained without are trained "
            "again, to the same numbers.",
            allowed="weights, or null",
            example="weights",
        ),
    ] = None
    max_attempts: Annotated[
        int,
        Field(strict=True, ge=1, le=100),
        About(
            "Number of attempts that end with an error before a repeat counts as failed; three times as many may lose "
            "their worker.",
            allowed="a whole number from 1 to 100",
            example="3",
        ),
    ] = 3


#: fields of the file that make up a configuration, and may be axes
CONFIGURED = ("series", "test", *OF_PANEL, "prepare", "model", "training", "protocol")

PARTS: dict[str, type[Part]] = {
    "series": SeriesSource,
    "windows": Windows,
    "prepare": Prepare,
    "model": Model,
    "training": Training,
}

#: parts of a part whose fields have names of their own
_NESTED = (Regularizer, Encoder, EarlyStopping, Sliding)

#: fields of the schema's parts that follow from others
_FILLED_IN = ("package", "as_is")


@dataclass(frozen=True, slots=True)
class FieldOf:
    """One field of the grid file."""

    #: dotted
    name: str
    about: About
    #: the default as the file would have it; `...` where there is none
    default: Any
    #: names that may follow it after a dot: its fields
    below: tuple[str, ...] = ()
    #: the words that are allowed, of which a wrong one may be a misspelling
    choices: tuple[str, ...] = ()


def fields() -> Iterator[FieldOf]:
    """Yield all fields of the grid file, parts before their own fields."""
    for name, about, default in _fields(GridFile):
        parts = list(PROTOCOLS.values()) if name == "protocol" else [PARTS[name]] if name in PARTS else []
        names = [(part, field) for part in parts for field in part.model_fields if field not in _FILLED_IN]
        below = dict.fromkeys(spelt(part, field) for part, field in names)
        yield FieldOf(name, about, default, tuple(below), tuple(words(GridFile.model_fields[name].annotation)))
        if name == "test":
            yield FieldOf("test.from", TEST_FROM, ...)
        if name == "protocol":
            yield FieldOf("protocol.kind", PROTOCOL_KIND, "fixed", (), tuple(PROTOCOLS))
        for part in parts:
            yield from _below(name, part)


TEST_FROM = About(
    "The time of the first value that is forecast in the test part, in the place of a number of rows.",
    allowed="a time of the series, in the form that it has or as ISO 8601",
    example="2009-01-01",
)
PROTOCOL_KIND = About("Which protocol.", allowed="fixed, update, refit or batch_transfer", example="update")


def spelt(part: type[Part], name: str) -> str:
    """Return what a field is called in a file, which may be a word that Python keeps for itself."""
    return part.model_fields[name].alias or name


def _below(prefix: str, part: type[Part]) -> Iterator[FieldOf]:
    for field, about, default in _fields(part):
        name, annotation = spelt(part, field), part.model_fields[field].annotation
        inner = part_in(annotation)
        below = tuple(inner.model_fields) if inner in _NESTED else ()
        yield FieldOf(
            f"{prefix}.{name}",
            about,
            default,
            below,
            about.choices or tuple(words(annotation)),
        )
        if inner in _NESTED:
            for own, about_own, default_own in _fields(inner):
                yield FieldOf(f"{prefix}.{name}.{own}", about_own, default_own)


def _fields(part: type[Part]) -> Iterator[tuple[str, About, Any]]:
    for name, info in part.model_fields.items():
        about = next((one for one in info.metadata if isinstance(one, About)), None)
        if about is not None:
            default = info.get_default(call_default_factory=True, validated_data={})
            yield name, about, ... if default is PydanticUndefined else _plain(default)


def _plain(default: Any) -> Any:
    """Return a default as it is written in a file."""
    if isinstance(default, Named) and not default.arguments:
        return default.name
    return default.model_dump(mode="json", exclude_defaults=True) if isinstance(default, Part) else default


def _takes_keys(name: str) -> bool:
    part, _, field = name.partition(".")
    info = PARTS[part].model_fields.get(field)
    return info is not None and any(is_mapping(one) for one in alternatives(info.annotation))


#: dotted name -> field
FIELDS: dict[str, FieldOf] = {field.name: field for field in fields()}
#: fields that take any text, where a number may be one that lacks quotes
TEXTS = (
    *("name", "description", "queue"),
    *(f"series.{name}" for name in ("path", "time", "format", "value", "targets", "inputs", "id", "delimiter")),
)
#: fields that take any key below them: columns, or the arguments of what is named
OPEN = tuple(name for name in FIELDS if name.partition(".")[0] in PARTS and _takes_keys(name))
#: those of them that take a name alone, too, as `{name: ...}`
NAMED = tuple(name for name in OPEN if not name.startswith("prepare."))


def known(dotted: str) -> bool:
    """Return whether a dotted name is a field, or a key that an open field may have."""
    return dotted in FIELDS or any(dotted.startswith(f"{name}.") for name in OPEN)


def field_at(path: tuple[Any, ...]) -> FieldOf | None:
    """Return the field at a path, or the nearest one above it."""
    for length in range(len(path), 0, -1):
        name = ".".join(str(step) for step in path[:length])
        if name in FIELDS:
            return FIELDS[name]
    return None


def axis_names() -> list[str]:
    """List the names that an axis may have."""
    return [name for name in FIELDS if name.split(".")[0] in CONFIGURED]
