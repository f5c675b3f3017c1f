"""`docs/grid.md`: it has every field, is what the schema says, and its examples are right."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from scheduler.grid.fields import _FILLED_IN, FIELDS, GridFile, spelt
from scheduler.grid.grid import Grid
from scheduler.grid.reference import reference
from scheduler.series.fields import SeriesSource
from store.schema import configuration
from store.schema.keras_catalogue import ACTIVATIONS, INITIALIZERS, LOSSES, OLDER_ACTIVATIONS, OPTIMIZERS
from store.schema.model import Encoder

PAGE = Path(__file__).parents[5] / "docs" / "grid.md"

ONE_AT_A_TIME = {"training.batch_size": "1"}
SHOPS, STATELESS_MODEL = ("north", "south"), {"model": "{stateful: false}"}
STATELESS = {"model.stateful": "false"}
CONVOLUTION = ONE_AT_A_TIME | {"model.kind": "cnn_lstm", "prepare.lags": "8", "prepare.lags_as": "timesteps"}
DECODED = {"model.kind": "encoder_decoder"} | ONE_AT_A_TIME | {"prepare.lags": "2", "prepare.lags_as": "timesteps"}
#: what the example of a field needs beside it
BESIDE: dict[str, dict[str, str]] = {
    "model.units": {"model.kind": "stacked"},
    "training.shuffle": STATELESS,
    **{name: ONE_AT_A_TIME | {"protocol.validation": "4"} for name in FIELDS if name.startswith("training.early")},
    **{name: {"model.dense": "[4]"} for name in FIELDS if name.startswith("model.dense_")},
    "model.encoder": DECODED,
    "model.encoder.units": DECODED,
    "model.encoder.bidirectional": DECODED,
    "model.attention": DECODED,
    "protocol.kind": ONE_AT_A_TIME,
    "protocol.update_epochs": ONE_AT_A_TIME | {"protocol.kind": "update"},
    "protocol.last": ONE_AT_A_TIME | {"protocol.kind": "update"},
    "protocol.forecast_batch_size": {"protocol.kind": "batch_transfer", "test": "0"},
    **dict.fromkeys(
        ("prepare.lags", "prepare.difference", "prepare.horizon", "prepare.gap", "prepare.target_at"), ONE_AT_A_TIME
    ),
    **dict.fromkeys((f"model.{name}" for name in ("subsequences", "filters", "kernel_size", "pool_size")), CONVOLUTION),
}


def test_the_page_is_what_the_schema_says() -> None:
    """Run `python -m scheduler.grid.reference > docs/grid.md` after a change of the schema."""
    assert PAGE.read_text() == reference()


def test_every_field_is_there() -> None:
    """Walks the schema by itself: each field of each part has a row with type, default and example."""
    parts: dict[str, list[type[BaseModel]]] = {
        "": [GridFile],
        "series.": [SeriesSource],
        "prepare.": [configuration.Prepare],
        "model.": [configuration.Model],
        "training.": [configuration.Training],
        "protocol.": list(configuration.PROTOCOLS.values()),
        "model.bias_regularizer.": [configuration.Regularizer],
        "model.encoder.": [Encoder],
    }
    page = PAGE.read_text()
    for prefix, schemas in parts.items():
        names = [(schema, name) for schema in schemas for name in schema.model_fields if name not in _FILLED_IN]
        for name in (spelt(*one) for one in names):
            row = re.search(rf"^\| `{re.escape(prefix + name)}` \|(.*)\|$", page, re.MULTILINE)
            assert row, prefix + name
            assert len(row[1].split(" | ")) == 4
            assert all(FIELDS[prefix + name].about.__getattribute__(part) for part in ("says", "allowed", "example"))


def test_every_name_is_there() -> None:
    """Optimizers with their arguments, losses, initializers and activations."""
    page = PAGE.read_text()
    for table in (OPTIMIZERS, LOSSES, INITIALIZERS):
        for name, offered in table.items():
            assert f"- `{name}`" in page
            assert all(f"`{argument}`" in page for argument in offered.arguments)
    assert all(f"`{name}`" in page for name in (*ACTIVATIONS, *OLDER_ACTIVATIONS))


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL))
def test_the_examples_are_right(block: str, tmp_path: Path) -> None:
    """Each block of YAML is a grid."""
    months = [f"01.{month:02d}.{year}" for year in (2021, 2022, 2023) for month in range(1, 13)]
    hours = [f"2024-01-{1 + hour // 24:02d}T{hour % 24:02d}" for hour in range(300)]
    sales = [f"{month},{row}" for row, month in enumerate(months)]
    energy = [f"{hour},{row},{row % 5},{row % 7}" for row, hour in enumerate(hours)]
    (tmp_path / "sales.csv").write_text("\n".join(["Month,Sales", *sales]))
    stores = [
        f"{store},{2015 + row // 12}-{1 + row % 12:02d},{row % (17 if store == 'a' else 13)}"
        for store in "ab"
        for row in range(72)
    ]
    (tmp_path / "stores.csv").write_text("\n".join(["store,month,sales", *stores]))
    (tmp_path / "energy.csv").write_text("\n".join(["hour,load,temperature,price", *energy]))
    assert len(Grid.parse(block, file=str(tmp_path / "g.yaml"))) >= 1


@pytest.mark.parametrize(
    "name", [name for name in FIELDS if name.startswith(("prepare.", "model.", "training.", "protocol."))]
)
def test_the_example_of_a_field_is_allowed(name: str) -> None:
    """The example may be given, as the value of an axis."""
    example = re.sub(r"{sales: (.*), price: .*}", r"{Sales: \1}", FIELDS[name].about.example)
    beside = {other: value for other, value in BESIDE.get(name, {}).items() if other != name}
    axes = "".join(f"\n  {field}: [{value}]" for field, value in ({name: example} | beside).items())
    assert len(Grid.parse(f"series: shampoo\ngrid:{axes}")) == 1


def test_the_examples_of_a_bundled_series() -> None:
    """Name, targets and inputs go together."""
    name, targets, inputs = (FIELDS[f"series.{field}"].about.example for field in ("name", "targets", "inputs"))
    grid = Grid.parse(
        f"series: {{name: {name}, targets: {targets}, inputs: {inputs}}}\ntest: 2\ntraining: {{batch_size: 1}}"
    )
    assert grid.points[0].configuration.series.inputs == ("tens", "fives")


@pytest.mark.parametrize("name", [name for name in FIELDS if "." not in name and name not in ("series", "exclude")])
def test_the_example_of_an_experiments_field_is_allowed(name: str, tmp_path: Path) -> None:
    """The example may be given as it is."""
    given = {"training": "{batch_size: 1}", name: FIELDS[name].about.example}
    if name in ("panel", "series_input", "series_embedding", "test_series"):
        (tmp_path / "shops.csv").write_text(
            "shop,sales\n" + "\n".join(f"{n},{r}" for n in SHOPS for r in range(40 + (n == "south")))
        )
        given = {"series": "{path: shops.csv, value: sales, id: shop}", "panel": "together", **STATELESS_MODEL} | given
        given |= {"series_input": "embedding"} if name == "series_embedding" else {}
    text = "\n".join(f"{field}: {value}" for field, value in ({"series": "shampoo"} | given).items())
    assert len(Grid.parse(text, file=str(tmp_path / "g.yaml"))) >= 1
