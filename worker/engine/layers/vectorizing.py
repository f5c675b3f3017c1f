"""Loops over time and the steps that they read and write, in forms that run well over lanes.

TensorFlow's own ways to read or replace one step become XLA's gather and scatter, which are loops of their own; XLA has
operations that copy the step alone. And a loop whose condition might differ from lane to lane is vectorized with lists
of the lanes that are done; those here end for all lanes at once. `pfor`, which vectorizes, learns both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.engine.backend import pfor, tf, xla

Tensor = Any


def take(values: Tensor, place: Tensor) -> Tensor:
    """Read values[place]."""
    sizes = tf.constant([1, *values.shape[1:]])
    found = xla.xla_dynamic_slice(values, _corner(place, len(values.shape)), sizes)
    return tf.reshape(found, values.shape[1:])


def put(values: Tensor, place: Tensor, value: Tensor) -> Tensor:
    """Replace values[place]."""
    return xla.xla_dynamic_update_slice(values, value[None], _corner(place, len(values.shape)))


def _corner(place: Tensor, rank: int) -> Tensor:
    return tf.stack([place, *[tf.constant(0)] * (rank - 1)])


def _in_all_lanes(place: Tensor) -> Tensor:
    return tf.concat([tf.zeros((1,), place.dtype), place], 0)


@pfor.RegisterPFor("XlaDynamicSlice")  # type: ignore[untyped-decorator]
def _take_in_all_lanes(given: Any) -> Any:
    values = given.stacked_input(0)
    sizes = tf.concat([tf.shape(values)[:1], given.unstacked_input(2)], 0)
    return pfor.wrap(xla.xla_dynamic_slice(values, _in_all_lanes(given.unstacked_input(1)), sizes), True)


@pfor.RegisterPFor("XlaDynamicUpdateSlice")  # type: ignore[untyped-decorator]
def _put_in_all_lanes(given: Any) -> Any:
    given.stack_inputs(stack_indices=[0, 1])
    corner = _in_all_lanes(given.unstacked_input(2))
    return pfor.wrap(xla.xla_dynamic_update_slice(given.stacked_input(0), given.stacked_input(1), corner), True)


def _loop_in_all_lanes(given: Any) -> Any:
    """Vectorize the body of a loop that counts in whole numbers; its real numbers differ from lane to lane."""
    condition, body = (_graph(given, name) for name in ("cond", "body"))
    changes = [before is not after for before, after in zip(body.inputs, body.outputs, strict=True)]
    real = [index for index, one in enumerate(body.inputs) if one.dtype.is_floating and changes[index]]
    given.stack_inputs(stack_indices=real)
    apart = [one.is_stacked for one in given.inputs]

    def goes_on(*values: Tensor) -> Tensor:
        (answer,) = _converted(given, condition, values, apart)
        assert not answer.is_stacked
        return answer.t

    def once(*values: Tensor) -> list[Tensor]:
        results = _converted(given, body, values, apart)
        return [_like(*each, given) for each in zip(values, results, apart, strict=True)]

    results = tf.while_loop(goes_on, once, [one.t for one in given.inputs])
    return [pfor.wrap(result, stacked) for result, stacked in zip(results, apart, strict=True)]


def _graph(given: Any, name: str) -> Any:
    return given.op.graph._get_function(given.get_attr(name).name.encode()).graph


def _converted(given: Any, graph: Any, values: Sequence[Tensor], apart: Sequence[bool]) -> list[Any]:
    """Copy a function into this graph, vectorized where what it is given differs from lane to lane."""
    outer = given.pfor
    converter = pfor.PFor(
        loop_var=outer.loop_var,
        loop_len=outer.loop_len_vector[0],
        pfor_ops=graph.get_operations(),
        fallback_to_while_loop=False,
        all_indices=outer.all_indices,
        all_indices_partitioned=outer.all_indices_partitioned,
        pfor_config=outer.pfor_config,
    )
    for inside, value, stacked in zip(graph.inputs, values, apart, strict=True):
        converter._add_conversion(inside, pfor.wrap(value, stacked))
    return [converter._convert_helper(output) for output in graph.outputs]


def _like(before: Tensor, result: Any, stacked: bool, given: Any) -> Tensor:
    """Give what is carried on the form of what was carried in."""
    assert stacked or not result.is_stacked
    value = result.t if result.is_stacked == stacked else pfor._stack(result.t, given.pfor.loop_len_vector).t
    value.set_shape(before.shape)
    return value


for _operation in ("While", "StatelessWhile"):
    pfor._pfor_converter_registry[_operation] = _loop_in_all_lanes
