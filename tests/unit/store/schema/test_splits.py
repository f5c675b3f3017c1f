"""The names of splits: what people read, and enough to tell the splits of one experiment apart."""

from __future__ import annotations

from dataclasses import replace

from store.schema.configuration import Configuration
from store.schema.splits import Split, split_names

SHAMPOO = Split(series="shampoo", content="4a" * 32, columns=("Sales",), test=12, horizon=1, target_at="next")


def named(*splits: Split) -> list[str]:
    """Return the names of the splits of one experiment."""
    return list(split_names(dict(zip("abcdef", splits, strict=False))).values())


def test_one_split_is_named_by_its_series_and_rows():
    """The usual split needs no more."""
    assert named(SHAMPOO, SHAMPOO) == ["shampoo, last 12 rows"] * 2


def test_what_is_not_usual_is_named():
    """Several steps ahead, targets that are not next, and forecasts of the training rows are in the name."""
    assert named(replace(SHAMPOO, horizon=3, test=1)) == ["shampoo, last 1 row, 3 steps ahead"]
    assert named(replace(SHAMPOO, target_at="last")) == ["shampoo, last 12 rows, target_at last"]
    assert named(replace(SHAMPOO, training_rows=True)) == ["shampoo, training rows"]


def test_names_tell_all_splits_of_an_experiment_apart():
    """Whatever differs is in the name, also the content of two series of one name."""
    other = replace(SHAMPOO, content="5b" * 32)
    different = [SHAMPOO, other, *(replace(SHAMPOO, columns=("Sales", "Price")[:n]) for n in (0, 2))]
    different += [replace(SHAMPOO, test=24), replace(SHAMPOO, horizon=2)]
    assert len(set(named(*different))) == len(different)
    assert named(SHAMPOO, other) == ["shampoo (4a4a4a), last 12 rows", "shampoo (5b5b5b), last 12 rows"]


def test_columns_of_one_file_are_named() -> None:
    """Each is a series of its own; digits of its content would tell nobody which shop it is."""
    north, south = (replace(SHAMPOO, columns=(name,), content=name) for name in ("north", "south"))
    assert named(north, south) == ["shampoo, north, last 12 rows", "shampoo, south, last 12 rows"]


def test_a_stored_configuration_has_the_same_split():
    """Canonical JSON leaves defaults out; the split has them."""
    series = {"name": "s", "content_hash": "c", "targets": ["y"], "inputs": ["y"]}
    for more in ({}, {"test": 24, "prepare": {"horizon": 2, "lags": 2}}):
        configuration = Configuration.model_validate({"series": series, **more})
        assert Split.stored(configuration.canonical()) == Split.of(configuration)


def test_what_a_model_sees_makes_no_other_split():
    """Two series with the same targets, of which one has another column."""
    alone, more = (
        Configuration.model_validate({"series": {"name": "s", "targets": ["y"], "inputs": inputs, **hashes}})
        for inputs, hashes in (
            (["y"], {"content_hash": "c"}),
            (["x", "y"], {"content_hash": "d", "target_hash": "c"}),
        )
    )
    assert Split.of(alone) == Split.of(more) == Split.stored(more.canonical())
    assert alone.identity != more.identity
