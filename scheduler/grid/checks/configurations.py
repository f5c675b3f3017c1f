"""Checks across parts, for parts that are valid by themselves; pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import Any

from scheduler.grid.checks.inputs import by_columns, lag_mistakes, leak_mistakes, longest_lag, recursion_mistakes
from scheduler.grid.messages import Found
from scheduler.text import many
from store.schema.configuration import BatchTransfer, Configuration, Fixed, Model, Prepare, Refit, Update
from store.schema.framing import Frame, frame
from store.schema.keras_catalogue import PLATEAU
from store.schema.kinds import KINDS
from store.schema.spelling import listed


def mistakes(configuration: Configuration, observations: int) -> list[Found]:
    """Check a configuration against its series of so many observations."""
    if differing := list(lag_mistakes(configuration)):
        return differing
    return [
        *_made_mistakes(configuration),
        *leak_mistakes(configuration),
        *recursion_mistakes(configuration),
        *_protocol_mistakes(configuration),
        *_row_mistakes(configuration, observations),
    ]


def shape(configuration: Configuration) -> tuple[Any, ...]:
    """Return everything on which `mistakes` depends, so that configurations that share it are checked once."""
    model = configuration.model
    return (
        configuration.series.written,
        configuration.test,
        configuration.window.written,
        configuration.prepare.written,
        configuration.protocol.written,
        (configuration.training.batch_size, configuration.training.shuffle, configuration.training.watches),
        (model.kind, model.carries_state, model.subsequences, model.kernel_size, model.pool_size, model.attention),
    )


def _made_mistakes(configuration: Configuration) -> Iterator[Found]:
    """Report columns of categories and of the calendar that are to be changed."""
    made = configuration.series.made
    for name, column in by_columns(configuration.prepare):
        if column in made or any(one.startswith(f"{column}=") for one in made):
            yield (
                ("prepare", name, column),
                f"prepare.{name} names {column}, which is a category or of the calendar and stays as it is; remove it",
            )


def _watch_mistakes(configuration: Configuration) -> Iterator[Found]:
    """Report that training depends on validation rows that are not held out."""
    training = configuration.training
    if not training.watches or configuration.protocol.validation:
        return
    stops = training.early_stopping is not None
    field, kept = ("early_stopping", "null") if stops else ("schedule", "null, or another schedule")
    what = "training.early_stopping" if stops else f"training.schedule {PLATEAU}"
    yield (
        ("training", field),
        f"{what} watches validation rows, and protocol.validation is 0; write protocol.validation: 12, or as many rows "
        f"as are to be held out, or training.{field}: {kept}",
    )


def _protocol_mistakes(configuration: Configuration) -> Iterator[Found]:
    protocol, training = configuration.protocol, configuration.training
    if isinstance(protocol, Fixed) and protocol.warm_up and not configuration.model.carries_state:
        yield (
            ("protocol", "warm_up"),
            "protocol.warm_up is true and model.stateful is false; a model without state has nothing to warm up: "
            "change one of them",
        )
    yield from _watch_mistakes(configuration)
    if training.shuffle and configuration.model.carries_state:
        yield (
            ("training", "shuffle"),
            "training.shuffle is true and model.stateful is true; a state runs on from row to row in their order in "
            "time: set model.stateful: false, or training.shuffle: false",
        )
    if isinstance(protocol, Fixed) and protocol.forecast_batch_size and not configuration.model.carries_state:
        yield (
            ("protocol", "forecast_batch_size"),
            "protocol.forecast_batch_size does not apply to a model without state, which forecasts the same in batches "
            "of any size; remove it",
        )
    last = protocol.last if isinstance(protocol, Update) else None
    if last is not None and last < training.batch_size and not configuration.prepare.pad:
        yield (
            ("protocol", "last"),
            f"protocol.last is {last}, and training.batch_size is {training.batch_size}: an update would have no whole "
            f"batch; allowed: a whole number from {training.batch_size}, or prepare.pad: true",
        )
    if isinstance(protocol, BatchTransfer) and configuration.test:
        yield (
            ("test",),
            f"test is {configuration.test}; protocol batch_transfer forecasts the training rows themselves; allowed: 0",
        )
    if not isinstance(protocol, BatchTransfer) and not configuration.test:
        yield ("test",), f"test is 0; protocol {protocol.kind} forecasts the last rows; allowed: a whole number from 1"


def _row_mistakes(configuration: Configuration, observations: int) -> Iterator[Found]:
    cut = frame(configuration, observations)
    yield from _time_step_mistakes(configuration.model, cut)
    if not cut.rows:
        own = [name for name, seen in configuration.series.seen.items() if seen.lags]
        lags, name = longest_lag(configuration, " is"), configuration.series.name
        needed = cut.first + max(0, cut.offset + cut.horizon - 1) + 1
        yield (
            ("series", "inputs", own[0]) if own else ("prepare", "lags"),
            f"{lags} and prepare.horizon {cut.horizon}{_differences(configuration)}, which leave no row of the "
            f"{observations:,} observations of {name} (one needs {needed:,}); use smaller values, or a longer series",
        )
    elif configuration.test >= cut.rows:
        several = f"{cut.rows:,} rows; allowed: a whole number from 1 to {cut.rows - 1}"
        yield (
            ("test",),
            f"test is {configuration.test}, and {configuration.series.name} has {observations:,} observations, which "
            f"make {several if cut.rows > 1 else '1 row; use a longer series'}",
        )
    elif not cut.train:
        yield from _nothing_left(configuration, cut)
    else:
        yield from _batch_mistakes(configuration, cut)


def _differences(configuration: Configuration) -> str:
    """Describe the differences that take more than the first observation."""
    lags = [configuration.prepare.differences_of(column) for column in configuration.series.columns]
    most = max(lags, key=sum, default=())
    return f" (with differences at {listed(most, 'and')})" if sum(most) > 1 else ""


def _nothing_left(configuration: Configuration, cut: Frame) -> Iterator[Found]:
    """Report that no training row is left, and name the field that took the last one."""
    rows = f"of the {cut.rows:,} rows, {configuration.test:,} are test rows"
    if cut.available:
        batch = configuration.training.batch_size
        there = f"there {'is' if cut.available == 1 else 'are'} {many(cut.available, 'training row')}"
        if configuration.prepare.trim == "auto":
            yield (
                ("training", "batch_size"),
                f"training.batch_size is {batch}, and {there}; allowed: {_up_to(cut.available)}, or prepare.pad: true",
            )
        else:
            less = f"0 to {cut.available - 1}" if cut.available > 1 else "0"
            yield (
                ("prepare", "trim"),
                f"prepare.trim is {configuration.prepare.trim}, and {there}; allowed: {less}, or auto",
            )
        return
    held = configuration.protocol.validation
    field = "protocol.validation" if held else "test" if configuration.prepare.gap == "auto" else "prepare.gap"
    also = f", {held} are held out" if held else ""
    yield tuple(field.split(".")), f"{field} leaves no training row: {rows}{also}, and gaps take the rest; use less"


def _batch_mistakes(configuration: Configuration, cut: Frame) -> Iterator[Found]:
    prepare = configuration.prepare
    for field, size, counts in _divided(configuration, cut):
        if any(count % size for count in counts.values()):
            wrong = listed([f"the {count:,} {what}" for what, count in counts.items() if count % size], "and")
            wrong += f" (after the trim of {cut.trim})" if counts["training rows"] % size and cut.trim else ""
            wrong += ", which protocol.warm_up needs whole" if prepare.pad else ""
            ways = "; or ".join(_ways(field, size, counts, cut, prepare))
            yield tuple(field.split(".")), f"{field} is {size}, which does not divide {wrong}; allowed: {ways}"


def _divided(configuration: Configuration, cut: Frame) -> Iterator[tuple[str, int, dict[str, int]]]:
    """Yield the batch sizes with the rows that each must divide."""
    prepare, protocol = configuration.prepare, configuration.protocol
    trained = ("training.batch_size", configuration.training.batch_size)
    if isinstance(protocol, Update | Refit):  # rows at the start that fill no batch are left out of each training
        yield *trained, {"training rows": len(cut.train)} if len(cut.train) < trained[1] and not prepare.pad else {}
        return
    warm = isinstance(protocol, Fixed) and protocol.warm_up
    # without a state, any number of rows may be forecast at once
    fixed = configuration.model.carries_state and not prepare.pad
    parts = [("training rows", len(cut.train), not prepare.pad or warm)]
    parts += [("validation rows", len(cut.validation), fixed), ("test rows", len(cut.test), fixed)]
    counts = {what: count for what, count, whole in parts if whole and count}
    size = protocol.forecast_batch_size if isinstance(protocol, Fixed | BatchTransfer) else None
    apart = isinstance(protocol, Fixed) and size is not None
    yield *trained, {what: count for what, count in counts.items() if what == "training rows" or not apart}
    if size is not None:
        yield "protocol.forecast_batch_size", size, counts


def _ways(field: str, size: int, counts: dict[str, int], cut: Frame, prepare: Prepare) -> Iterator[str]:
    """Describe the batch sizes that would be allowed, and the alternatives."""
    others = [count for what, count in counts.items() if what != "training rows"]
    trims_itself = prepare.trim == "auto" and not prepare.pad and field == "training.batch_size"
    whole = gcd(*(others if trims_itself and others else counts.values()))
    sizes = [one for one in _divisors(whole) if one <= cut.available]
    yield f"a batch size that divides all rows: {_some(sizes)}"
    trims = range(cut.available % size, cut.available, size)
    if trims and not any(count % size for count in others):
        yield f"prepare.trim: {_some(list(trims)[:4])} with this batch size"
    if not prepare.pad:
        yield "prepare.pad: true"


def _divisors(number: int) -> list[int]:
    return [size for size in range(1, min(number, 10_000) + 1) if number % size == 0]


def _some(numbers: list[int]) -> str:
    return listed(numbers[:12]) + (", ..." if len(numbers) > 12 else "")


def _time_step_mistakes(model: Model, cut: Frame) -> Iterator[Found]:
    fields = KINDS[model.kind].fields
    if model.attention and "attention" in fields and cut.timesteps == 1:
        yield (
            ("model", "attention"),
            "model.attention weighs the time steps of a row, and a row has 1; use prepare.lags_as: timesteps with more "
            "prepare.lags, or model.attention: false",
        )
    if "kernel_size" not in fields:
        return
    parts = model.subsequences if "subsequences" in fields else 1
    if cut.timesteps % parts:
        ways = _some(_divisors(cut.timesteps))
        more = "" if cut.timesteps > 1 else "; or prepare.lags_as: timesteps with more prepare.lags"
        yield (
            ("model", "subsequences"),
            f"model.subsequences is {model.subsequences}, which does not divide the {_steps(cut.timesteps)}; "
            f"allowed: {ways}{more}",
        )
        return
    what = "subsequence" if "subsequences" in fields else "row"
    more = "; or more prepare.lags with prepare.lags_as: timesteps" if cut.timesteps == 1 and parts == 1 else ""
    steps_each = cut.timesteps // parts
    if model.kernel_size > steps_each:
        yield (
            ("model", "kernel_size"),
            f"model.kernel_size is {model.kernel_size}, and a {what} has {_steps(steps_each)}; "
            f"allowed: {_up_to(steps_each)}{more}",
        )
    elif "pool_size" in fields and model.pool_size > steps_each - model.kernel_size + 1:
        left = steps_each - model.kernel_size + 1
        yield (
            ("model", "pool_size"),
            f"model.pool_size is {model.pool_size}, and the convolution leaves {_steps(left)} of a {what}; "
            f"allowed: {_up_to(left)}{more}",
        )


def _steps(count: int) -> str:
    return f"{count} time step{'' if count == 1 else 's'}"


def _up_to(most: int) -> str:
    return f"1 to {most}" if most > 1 else "1"
