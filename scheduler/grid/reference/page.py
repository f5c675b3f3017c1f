"""`docs/grid.md` from the schema: every field with its type, default, allowed values and an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.grid.fields import CONFIGURED, FIELDS, FieldOf
from scheduler.grid.reference.prose import INTRODUCTION
from scheduler.grid.yaml_values import shown
from store.schema.configuration import PROTOCOLS
from store.schema.keras_catalogue import (
    ACTIVATIONS,
    DEMANDED,
    INITIALIZERS,
    LOSSES,
    OLDER_ACTIVATIONS,
    OPTIMIZERS,
    OUR_LOSSES,
    OUR_LOSSES_SAY,
    SCHEDULES,
    Offered,
)
from store.schema.kinds import KINDS, kinds_with
from store.schema.spelling import listed


def reference() -> str:
    """Return the page."""
    return "\n".join([INTRODUCTION, *_sections(), *_names()]).rstrip() + "\n"


def _sections() -> Iterator[str]:
    top = [field for field in FIELDS.values() if "." not in field.name]
    yield from _table("## Fields of the experiment", top)
    for part in CONFIGURED:
        inside = [field for field in FIELDS.values() if field.name.startswith(f"{part}.")]
        if inside:
            yield from _table(f"## Fields of `{part}`", inside)
        if part == "model":
            yield from _kinds()


def _kinds() -> Iterator[str]:
    yield "### Kinds of models\n"
    yield "| kind | layers |"
    yield "|---|---|"
    yield from (f"| `{name}` | {kind.layers} |" for name, kind in KINDS.items())
    yield "\nEvery kind has, for each number of `model.dense`, one more `Dense` before the last one, which forecasts."
    yield "With `model.cell`, `GRU` or `SimpleRNN` layers take the place of `LSTM`."
    yield ""


def _table(title: str, fields: list[FieldOf]) -> Iterator[str]:
    yield f"{title}\n"
    yield "| field | default | type and allowed values | what it is | example |"
    yield "|---|---|---|---|---|"
    for field in fields:
        cells = (f"`{field.name}`", _default(field), field.about.allowed, _says(field), f"`{field.about.example}`")
        yield f"| {' | '.join(cells)} |"
    yield ""


def _default(field: FieldOf) -> str:
    if field.default is ...:
        return "needed"
    if field.name == "name":
        return "the file's name"
    return "" if field.below or field.default in ("", {}, ()) else f"`{shown(field.default)}`"


def _says(field: FieldOf) -> str:
    words = field.about.says
    part, _, name = field.name.partition(".")
    if part == "model" and kinds_with(name):
        has = kinds_with(name)
        lack = [kind for kind in KINDS if kind not in has]
        words += f" For {listed(has, 'and')}." if len(has) <= len(lack) else f" Not for {listed(lack, 'and')}."
    if part == "protocol" and name and name != "kind":
        words += f" For {listed([kind for kind, schema in PROTOCOLS.items() if name in schema.model_fields], 'and')}."
    return words


def _names() -> Iterator[str]:
    yield "## Names\n"
    yield "Names and arguments are Keras' own; an argument that is left out has Keras' default, in brackets.\n"
    for title, table in (
        ("Optimizers", OPTIMIZERS),
        ("Losses", LOSSES),
        ("Schedules", SCHEDULES),
        ("Initializers", INITIALIZERS),
    ):
        yield f"### {title}\n"
        yield from (f"- `{name}`{_arguments(offered, DEMANDED.get(name, ()))}" for name, offered in table.items())
        if table is LOSSES:
            yield ""
            yield from (f"And `{name}`{_arguments(one)}. {OUR_LOSSES_SAY[name]}" for name, one in OUR_LOSSES.items())
        yield ""
    yield "### Activations\n"
    yield listed([f"`{name}`" for name in ACTIVATIONS], "and") + "."
    yield ""
    yield from (f"And `{name}`: {says}." for name, says in OLDER_ACTIVATIONS.items())


def _arguments(offered: Offered, needed: Iterable[str] = ()) -> str:
    defaults = {name: "needed" if name in needed else shown(one.default) for name, one in offered.arguments.items()}
    words = [f"`{name}` ({default})" for name, default in defaults.items()]
    return f": {', '.join(words)}" if words else ""
