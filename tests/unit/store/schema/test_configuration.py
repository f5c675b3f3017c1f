"""Configurations: equal choices have equal keys, and what is compiled once is one program."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler.series.input_columns import read_inputs
from store.schema.configuration import Configuration, Optimizer, Prepare, SeriesChoice

SERIES = SeriesChoice(name="s", content_hash="abc", targets=("a",), inputs=("a", "b"))


def made(**fields: Any) -> Configuration:
    """Return a configuration of a small series."""
    return Configuration.model_validate({"series": SERIES} | fields)


SAMPLES: list[dict[str, Any]] = [
    {},
    {"test": 3},
    {"prepare": {"difference": {"a": 0}, "scale": {"b": None}, "trim": 2}},
    {"model": {"gates": "apart", "recurrent_activation": "keras2_hard_sigmoid"}},
    {"model": {"kind": "stacked", "units": [3, 2], "kernel_initializer": {"name": "orthogonal", "gain": 1.1}}},
    {"training": {"optimizer": {"name": "sgd", "momentum": 0.9, "clipnorm": 1}, "loss": {"name": "huber", "delta": 2}}},
    {"protocol": {"kind": "update", "update_epochs": 5, "last": 3}},
    {"protocol": {"kind": "refit"}},
    {"protocol": {"kind": "batch_transfer", "forecast_batch_size": 3}, "test": 0},
    {"protocol": {"warm_up": True}},
]


class TestCanonical:
    """The JSON that the store keeps."""

    @pytest.mark.parametrize("fields", SAMPLES)
    def test_it_is_read_back(self, fields: dict[str, Any]) -> None:
        """A worker gets the configuration that was stored."""
        configuration = made(**fields)
        assert Configuration.model_validate_json(configuration.canonical()) == configuration

    @pytest.mark.parametrize("fields", SAMPLES)
    def test_it_is_canonical(self, fields: dict[str, Any]) -> None:
        """Keys are sorted, and there is no white space."""
        text = made(**fields).canonical()
        assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) == text

    def test_defaults_are_left_out(self) -> None:
        """A field that is set to its default equals one that is left out."""
        spelt = made(
            test=12, model={"units": 1, "kind": "vanilla"}, training={"optimizer": {"name": "Adam", "beta_1": 0.9}}
        )
        assert spelt.canonical() == made().canonical()


class TestKey:
    """The identity of a repeat."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"model": {"dropout": 0}}, {"model": {"dropout": 0.0}}),
            ({"model": {"kernel_regularizer": {"l1": 1}}}, {"model": {"kernel_regularizer": {"l1": 1.0, "l2": 0}}}),
            ({"model": {"kind": "stacked", "units": 2}}, {"model": {"kind": "stacked", "units": [2, 2]}}),
            ({"model": {"units": [3]}}, {"model": {"units": 3}}),
            ({"training": {"optimizer": "SGD"}}, {"training": {"optimizer": {"name": "sgd", "learning_rate": 0.01}}}),
            ({"training": {"loss": "mean_squared_error"}}, {"training": {"loss": {"name": "mse"}}}),
            (
                {"training": {"optimizer": {"name": "sgd", "momentum": 0.5, "nesterov": True}}},
                {"training": {"optimizer": {"nesterov": True, "momentum": 0.5, "name": "sgd"}}},
            ),
            ({"model": {"activation": "swish"}}, {"model": {"activation": "silu"}}),
            ({"model": {"gates": "together"}}, {}),
            ({"prepare": {"difference": {"a": 1}}}, {}),
            ({"prepare": {"difference": {"a": 0, "b": 0}}}, {"prepare": {"difference": 0}}),
            ({"prepare": {"scale": {"a": [0, 1]}}}, {"prepare": {"scale": {"b": [-1, 1], "a": [0.0, 1.0]}}}),
            ({"protocol": {}}, {"protocol": {"kind": "fixed"}}),
        ],
    )
    def test_what_means_the_same_has_the_same(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        """Spelling decides no number."""
        assert made(**one).key(1) == made(**other).key(1)

    @pytest.mark.parametrize("fields", SAMPLES[1:])
    def test_what_differs_has_another(self, fields: dict[str, Any]) -> None:
        """Everything that decides the numbers counts."""
        assert made(**fields).key(1) != made().key(1)

    def test_no_regularizer_is_not_one_of_nought(self) -> None:
        """They are different programs, whose bits may differ."""
        assert made(model={"bias_regularizer": {}}).key(1) != made().key(1)

    def test_the_seed_counts(self) -> None:
        """Each repeat has its own key."""
        assert made().key(1) != made().key(2)

    def test_the_name_of_the_series_does_not_count(self) -> None:
        """The same values under another name give the same numbers."""
        renamed = made(series=SERIES.model_copy(update={"name": "other"}))
        assert renamed.key(1) == made().key(1)
        assert made(series=SERIES.model_copy(update={"content_hash": "x"})).key(1) != made().key(1)

    def test_a_changed_copy_has_its_own(self) -> None:
        """What was worked out before a copy is not carried over."""
        first = made()
        key = first.key(1)
        assert first.model_copy(update={"test": 3}).key(1) != key
        prepare = first.prepare.model_copy(update={"lags": 3})
        assert first.model_copy(update={"prepare": prepare}).key(1) != key


class TestProgram:
    """What is compiled once."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"training": {"epochs": 5}}, {"training": {"epochs": 7}}),
            ({"training": {"optimizer": {"name": "adam", "learning_rate": 1}}}, {}),
            ({"model": {"dropout": 0.1}}, {"model": {"dropout": 0.2}}),
            ({"model": {"bias_regularizer": {"l1": 1}}}, {"model": {"bias_regularizer": {}}}),
            ({"protocol": {"kind": "update", "update_epochs": 5}}, {"protocol": {"kind": "update"}}),
        ],
    )
    def test_numbers_of_the_lanes_do_not_count(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        """Configurations that differ only in them share a program."""
        assert made(**one).program() == made(**other).program()

    @pytest.mark.parametrize(
        "fields",
        [
            *SAMPLES[1:],
            {"model": {"dropout": 0.1}},
            {"model": {"bias_regularizer": {}}},
            {"training": {"batch_size": 2}},
        ],
    )
    def test_shapes_and_what_is_there_count(self, fields: dict[str, Any]) -> None:
        """Dropout at all, a regularizer at all, and everything that is no lane's own number."""
        assert made(**fields).program() != made().program()


class TestStrictness:
    """Values of the wrong type are refused, not bent."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"test": "3"},
            {"test": True},
            {"test": -1},
            {"model": {"units": 2.0}},
            {"model": {"stateful": 1}},
            {"model": {"dropout": "0.1"}},
            {"training": {"epochs": 2**31}},
            {"prepare": {"scale": [0, float("inf")]}},
            {"training": {"optimizer": {"name": "sgd", "learning_rate": float("nan")}}},
            {"training": {"optimizer": {"name": "sgd", "learning_rate": 0}}},
            {"unknown": 1},
        ],
    )
    def test_wrong_values(self, fields: dict[str, Any]) -> None:
        """A configuration that was made is right."""
        with pytest.raises(ValidationError):
            made(**fields)

    def test_it_is_frozen(self) -> None:
        """A configuration is never changed."""
        with pytest.raises(ValidationError, match="frozen"):
            made().test = 3


def test_the_learning_rate_is_keras_default_unless_given() -> None:
    """SGD has another default than Adam."""
    assert [Optimizer(name=name).learning_rate for name in ("adam", "sgd")] == [0.001, 0.01]


def test_columns_that_a_mapping_leaves_out_have_the_default() -> None:
    """A mapping need not name all columns."""
    prepare = Prepare(transform={"a": "log"}, difference={"a": 0}, scale={"b": None})
    assert [prepare.transform_of(column) for column in "ab"] == ["log", "none"]
    assert [prepare.differences_of(column) for column in "ab"] == [(), (1,)]
    assert [prepare.scale_of(column) for column in "ab"] == [(-1.0, 1.0), None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"difference": [12, 1]}, {"difference": [1, 12]}),
        ({"difference": [1]}, {"difference": 1}),
        ({"difference": {"a": [2]}}, {"difference": {"a": 2}}),
        ({"transform": {"a": "log"}}, {"transform": "log"}),
        ({"transform": {}}, {}),
        ({"scale": {"a": "standard"}}, {"scale": "standard"}),
    ],
)
def test_equal_choices_have_one_identity(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The order of differences decides nothing, nor does how one number or one column is written."""
    assert Prepare(**one).of_columns(("a",)).identity == Prepare(**other).of_columns(("a",)).identity


def seen(prepare: dict[str, Any], **columns: dict[str, Any]) -> str:
    """Return the identity where the grid says what is seen of columns."""
    return made(series=SERIES.model_copy(update={"seen": read_inputs(columns)}), prepare=prepare).identity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (seen({}, a={"lags": 3}, b={"lags": [1, 2, 3]}), made(prepare={"lags": 3}).identity),
        (seen({"lags": 3}, a={"lags": 3}), made(prepare={"lags": 3}).identity),
        (seen({"lags": 3}, a={"lags": 2}), seen({"lags": 5}, a={"lags": 2}, b={"lags": 3})),
        (seen({"lags": 3}, a={"lags": [1, 3]}), seen({}, a={"lags": [3, 1]}, b={"lags": 3})),
    ],
)
def test_equal_lags_have_one_identity(one: str, other: str) -> None:
    """Whether they are those of a column or of all, so that no repeat is trained twice for it."""
    assert one == other


def test_other_lags_have_another_identity() -> None:
    """And so have columns that are known ahead."""
    ways = [seen({}, b={"lags": 2}), seen({}, b={"lags": 2, "known": True}), seen({"lags": 2}, b={"lags": 1})]
    ways += [made(prepare={"lags": 2}).identity, made().identity, seen({"lags": 2}, b={"lags": 2, "known": True})]
    assert len(set(ways)) == len(ways)


def test_columns_that_stay_as_they_are_have_no_part_in_the_identity_of_mappings() -> None:
    """A mapping of all others is one value."""
    both = {"difference": {"a": 0}, "transform": {"a": "log"}, "as_is": ("b",)}
    one = {"difference": 0, "transform": "log", "as_is": ("b",)}
    assert made(prepare=both).identity == made(prepare=one).identity
