"""What a user who is good at JAX writes instead: `scan` over time and batches, `vmap` over repeats, optax' Adam.

It runs in an environment of its own, which `benchmarks.peers` makes, and knows nothing of the project. It reads one
request a line from stdin, as JSON, and answers each with seconds per epoch and repeat.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from math import ceil
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

LONG, RUNS, ENOUGH = 0.3, 3, 5.0
REPEATS = 30
#: Loops over at most so many steps are unrolled.
UNROLLED = 6
OPTIMIZER = optax.adam(1e-3, eps=1e-7)
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}

Weights = dict[str, Any]


def initial(units: int, features: int, key: Any) -> Weights:
    """Draw weights as Keras does."""
    first, second, third = jax.random.split(key, 3)
    glorot, orthogonal = jax.nn.initializers.glorot_uniform(), jax.nn.initializers.orthogonal()
    return {
        "kernel": glorot(first, (features, 4 * units)),
        "recurrent": orthogonal(second, (units, 4 * units)),
        "bias": jnp.zeros(4 * units).at[units : 2 * units].set(1),
        "dense": glorot(third, (units, 1)),
        "dense_bias": jnp.zeros(1),
    }


def cell(weights: Weights, state: tuple[Any, Any], given: Any) -> tuple[Any, Any]:
    """Run one step of an LSTM."""
    output, memory = state
    read, kept, new, out = jnp.split(given + output @ weights["recurrent"], 4, -1)
    memory = jax.nn.sigmoid(kept) * memory + jax.nn.sigmoid(read) * jnp.tanh(new)
    return jax.nn.sigmoid(out) * jnp.tanh(memory), memory


def network(weights: Weights, inputs: Any, state: tuple[Any, Any]) -> tuple[Any, tuple[Any, Any]]:
    """Forecast a batch (rows, steps, features)."""
    given = jnp.swapaxes(inputs @ weights["kernel"] + weights["bias"], 0, 1)
    unroll = given.shape[0] if given.shape[0] <= UNROLLED else 1
    state, _ = jax.lax.scan(lambda state, one: (cell(weights, state, one), None), state, given, unroll=unroll)
    return (state[0] @ weights["dense"] + weights["dense_bias"])[:, 0], state


def trained(weights: Weights, memory: Any, rows: Any, state: Any, *, stateful: bool) -> tuple[Weights, Any]:
    """Train an epoch over batches of inputs and targets."""

    def batch(carry: Any, cut: Any) -> tuple[Any, None]:
        weights, memory, before = carry

        def loss(weights: Weights) -> tuple[Any, Any]:
            outputs, after = network(weights, cut[0], before)
            return jnp.mean((outputs - cut[1]) ** 2), after

        gradients, after = jax.grad(loss, has_aux=True)(weights)
        updates, memory = OPTIMIZER.update(gradients, memory)
        return (optax.apply_updates(weights, updates), memory, after if stateful else before), None

    (weights, memory, _), _ = jax.lax.scan(batch, (weights, memory, state), rows)
    return weights, memory


def rmse(weights: Weights, rows: Any, state: Any) -> Any:
    """Score batches, the state running through them."""

    def batch(state: Any, cut: Any) -> tuple[Any, Any]:
        outputs, state = network(weights, cut[0], state)
        return state, jnp.sum((outputs - cut[1]) ** 2)

    _, squares = jax.lax.scan(batch, state, rows)
    return jnp.sqrt(jnp.sum(squares) / rows[1].size)


def random_rows(count: int, batch: int, steps: int, features: int) -> Any:
    """Make batches of inputs and targets."""
    rng = np.random.default_rng(1)
    shape = (count // batch, batch)
    inputs, targets = rng.uniform(-1, 1, (*shape, steps, features)), rng.uniform(-1, 1, shape)
    return jnp.array(inputs, jnp.float32), jnp.array(targets, jnp.float32)


def training(*, units: int, rows: int, timesteps: int, features: int, batch: int) -> Callable[..., Any]:
    """Make what trains one repeat so many epochs."""
    given = random_rows(rows, batch, timesteps, features)
    zeros = (jnp.zeros((batch, units)),) * 2

    def run(weights: Weights, epochs: int) -> Any:
        one = partial(trained, rows=given, state=zeros, stateful=False)
        start = (weights, OPTIMIZER.init(weights))
        return jax.lax.fori_loop(0, epochs, lambda _, carry: one(*carry), start)

    return run


def diagnostics(*, units: int, **_: int) -> Callable[..., Any]:
    """Make what trains one repeat on 20 rows and scores these and 12 more after every epoch."""
    train, test = random_rows(20, 4, 1, 1), random_rows(12, 4, 1, 1)
    zeros = (jnp.zeros((4, units)),) * 2

    def run(weights: Weights, epochs: int) -> Any:
        def epoch(number: int, carry: Any) -> Any:
            weights, memory, curves = carry
            weights, memory = trained(weights, memory, train, zeros, stateful=True)
            points = jnp.stack([rmse(weights, train, zeros), rmse(weights, test, zeros)])
            return weights, memory, curves.at[number % 512].set(points)

        return jax.lax.fori_loop(0, epochs, epoch, (weights, OPTIMIZER.init(weights), jnp.zeros((512, 2))))

    return run


def seconds(run: Callable[..., Any], weights: Weights, clock: Callable[[], float]) -> float:
    """Measure an epoch of all lanes: the least of some runs that take long enough."""
    compiled = jax.jit(jax.vmap(run, (0, None)))

    def timed(epochs: int) -> float:
        started = clock()
        jax.block_until_ready(compiled(weights, epochs))
        return clock() - started

    timed(1)
    count, taken = 1, timed(1)
    while taken < LONG:
        count = max(2 * count, int(count * LONG / max(taken, 1e-6)))
        taken = timed(count)
    return min([taken, *(timed(count) for _ in range(RUNS - 1 if taken < ENOUGH else 0))]) / count


def main() -> None:
    """Answer requests until stdin ends."""
    for line in sys.stdin:
        request = json.loads(line)
        kind, lanes, clock = request.pop("kind"), request.pop("lanes"), CLOCKS[request.pop("clock")]
        run = {"training": training, "diagnostics": diagnostics}[kind](**request)
        draw = partial(initial, request["units"], request["features"])
        weights = jax.vmap(draw)(jax.random.split(jax.random.PRNGKey(0), lanes))
        print(seconds(run, weights, clock) * ceil(REPEATS / lanes) / REPEATS, flush=True)


if __name__ == "__main__":
    main()
