"""What an older Keras did, as options: weights drawn gate by gate, and its hard sigmoid."""

from __future__ import annotations

import numpy as np
import pytest

from store.schema.configuration import Configuration
from store.schema.keras_catalogue import OLDER_ACTIVATIONS
from tests.integration.engine.reference import KerasRepeat, configured, differences, shampoo
from worker.engine import models
from worker.engine.backend import keras
from worker.engine.template import Template
from worker.engine.train import Lane, train

SHAMPOO = shampoo()
UNITS = 3
SHAPE = models.Shape(batch=4, timesteps=4, features=2, horizon=1, targets=1)
OLD = {
    "units": UNITS,
    "gates": "apart",
    "recurrent_initializer": {"name": "orthogonal", "gain": 1.1},
    "recurrent_activation": "keras2_hard_sigmoid",
}


def weights(seed: int = 5, **model: object) -> list[np.ndarray]:
    """Return the initial weights of a repeat."""
    configuration = configured(SHAMPOO, model={"units": UNITS} | model)
    return Template.of(configuration, SHAPE).initial_weights(seed)


class TestGatesApart:
    """The weights of each gate are a matrix of their own."""

    def test_recurrent_weights_are_orthogonal_gate_by_gate(self) -> None:
        """Each (units, units) block is orthogonal with its gain; drawn together they are so as a whole."""
        together = weights()[1]
        np.testing.assert_allclose(together @ together.T, np.eye(UNITS), atol=1e-5)
        apart = weights(gates="apart", recurrent_initializer={"name": "orthogonal", "gain": 1.1})[1]
        for gate in np.split(apart, 4, axis=1):
            np.testing.assert_allclose(gate @ gate.T, 1.21 * np.eye(UNITS), atol=1e-5)

    def test_input_weights_have_the_limit_of_one_gate(self) -> None:
        """Glorot's limit is sqrt(6 / (inputs + units)), not sqrt(6 / (inputs + 4 units))."""
        drawn = np.concatenate([weights(seed, gates="apart")[0].ravel() for seed in range(100)])
        limit = np.sqrt(6 / (SHAPE.features + UNITS))
        assert 0.98 * limit < np.abs(drawn).max() <= limit

    def test_gates_and_seeds_differ_and_repeats_do_not(self) -> None:
        """No gate starts as another; the same seed gives the same bits."""
        one, again, other = (weights(seed, gates="apart") for seed in (5, 5, 6))
        for kernel in one[:2]:
            gates = np.split(kernel, 4, axis=1)
            assert all(not np.array_equal(gates[0], gate) for gate in gates[1:])
        assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
        assert not np.array_equal(one[0], other[0])

    def test_biases_and_the_dense_layer_are_as_ever(self) -> None:
        """They have no gates, or start at constants."""
        assert all(np.array_equal(*pair) for pair in zip(weights(gates="apart")[2:], weights()[2:], strict=True))

    @pytest.mark.parametrize("kind", ["stacked", "bidirectional", "cnn_lstm", "conv_lstm", "encoder_decoder"])
    def test_every_kind_has_it(self, kind: str) -> None:
        """All draw other weights than without."""
        hard = {"recurrent_activation": "keras2_hard_sigmoid"}
        apart, together = weights(kind=kind, gates="apart", **hard), weights(kind=kind)
        assert [a.shape for a in apart] == [b.shape for b in together]
        assert any(not np.array_equal(*pair) for pair in zip(apart, together, strict=True))


@pytest.mark.parametrize("name", OLDER_ACTIVATIONS)
def test_activations_of_an_older_keras_keep_the_shape(name: str) -> None:
    """Each is made by the worker."""
    taken = keras.ops.convert_to_tensor([[-1.0, 0.0, 2.0]])
    assert models.activation(name)(taken).shape == taken.shape


def test_the_hard_sigmoid_has_a_slope_of_a_fifth() -> None:
    """It ends at 2.5 on either side; today's ends at 3."""
    taken = keras.ops.convert_to_tensor([-3.0, -2.5, -1.0, 0.0, 1.0, 2.5, 3.0])
    given = keras.ops.convert_to_numpy(models.activation("keras2_hard_sigmoid")(taken))
    np.testing.assert_allclose(given, [0, 0, 0.3, 0.5, 0.7, 1, 1], atol=1e-7)


def test_a_packed_repeat_is_keras_own() -> None:
    """With both options, 50 epochs stay within 1e-4 RMSE units."""
    configuration: Configuration = configured(
        SHAMPOO, model=OLD, training={"epochs": 50}, protocol={"kind": "fixed", "warm_up": True}
    )
    lanes = [Lane(job_id=seed, configuration=configuration, seed=seed) for seed in (50, 51)]
    result = train(lanes, SHAMPOO, progress=lambda done, total: None)[1]
    reference = KerasRepeat(configuration, SHAMPOO, 51).run(50, warm_up=True)
    assert max(differences(reference, result).values()) <= 1e-4
