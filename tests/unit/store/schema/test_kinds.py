"""The table of model kinds, and what a model makes of its row."""

from __future__ import annotations

import pytest

from store.schema.cost import most_lanes
from store.schema.kinds import KINDS, kinds_with
from store.schema.model import Model
from tests.unit.store.schema.test_configuration import made


@pytest.mark.parametrize(
    ("kind", "units", "layers"),
    [
        ("vanilla", 3, (3,)),
        ("stacked", 3, (3, 3)),
        ("stacked", [3], (3,)),
        ("bidirectional", [3, 2], (3, 2)),
        ("encoder_decoder", 3, (3, 3)),
        ("encoder_decoder", [3], (3, 3)),
        ("encoder_decoder", [3, 2], (3, 2)),
    ],
)
def test_one_number_of_units_makes_the_layers_of_the_kind(kind: str, units: object, layers: tuple[int, ...]) -> None:
    assert Model.model_validate({"kind": kind, "units": units}).layers == layers


def test_an_encoder_of_its_own_leaves_the_decoder_to_units() -> None:
    model = Model.model_validate({"kind": "encoder_decoder", "units": [3], "encoder": {"units": [8, 4]}})
    assert model.layers == (8, 4, 3)


def test_an_encoder_of_one_layer_is_the_same_model_however_it_is_written() -> None:
    named = Model.model_validate({"kind": "encoder_decoder", "units": 2, "encoder": {"units": 4}})
    assert named.identity == Model.model_validate({"kind": "encoder_decoder", "units": [4, 2]}).identity
    both = {"encoder": {"units": 4, "bidirectional": True}}
    assert Model.model_validate({"kind": "encoder_decoder", "units": 2, **both}).identity != named.identity


def test_a_kind_without_units_has_no_recurrent_layers() -> None:
    assert Model(kind="conv_lstm").layers == ()


def test_fields_of_some_kinds_are_listed_with_them() -> None:
    assert kinds_with("pool_size") == ("cnn_lstm", "cnn")
    assert kinds_with("filters") == ("cnn_lstm", "conv_lstm", "cnn")


def test_fields_of_every_kind_are_listed_with_none() -> None:
    assert kinds_with("dense") == ()


def test_fields_of_recurrent_layers_are_of_the_kinds_that_have_some() -> None:
    assert not {"cnn", "mlp"} & set(kinds_with("dropout"))
    assert [kind for kind in kinds_with("activation") if not KINDS[kind].recurrent] == ["cnn"]


def test_a_kind_without_recurrence_carries_no_state_and_is_the_same_model_whatever_the_grid_has() -> None:
    default, without = Model(kind="mlp", dense=(3,)), Model(kind="mlp", dense=(3,), stateful=False)
    assert not default.carries_state
    assert default.identity == without.identity


def test_a_number_of_dense_is_a_list_of_one() -> None:
    assert Model.model_validate({"dense": 16}) == Model(dense=(16,))


def test_a_convolution_over_time_is_trained_alone() -> None:
    lanes = {kind: most_lanes(made(model={"kind": kind})) for kind in KINDS}
    assert [kind for kind, most in lanes.items() if most == 1] == ["conv_lstm"]


def test_packs_of_narrow_models_fill_the_lanes_of_a_program_whatever_their_batches() -> None:
    packs = [most_lanes(made(model={"units": units}, training={"batch_size": 512})) for units in (12, 13)]
    assert packs == [16, 2]


def test_every_field_of_a_kind_is_a_field_of_the_model() -> None:
    assert {field for kind in KINDS.values() for field in kind.fields} <= set(Model.model_fields)


def test_no_two_kinds_share_another_name() -> None:
    names = [*KINDS, *(name for kind in KINDS.values() for name in kind.also)]
    assert len(names) == len(set(names))


def test_an_encoder_of_its_own_has_another_program_with_a_regularizer() -> None:
    """Whose weights are the lanes' own numbers, so that what the program knows of it is that it is there."""
    plain = {"kind": "encoder_decoder", "encoder": {"units": [4, 2]}}
    penalized = Model.model_validate(plain | {"kernel_regularizer": {"l2": 0.1}})
    assert penalized.shared != Model.model_validate(plain).shared
