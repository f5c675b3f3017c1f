"""How large the training of a configuration is: how many repeats to train side by side, and about how long one takes.

Both are rules of thumb, from measurements of small and large models on one core; no number depends on them.
"""

from __future__ import annotations

from store.schema.configuration import Configuration, Fixed, Refit, Update
from store.schema.framing import Frame, frame
from store.schema.kinds import KINDS
from store.schema.model import GATES, Model

MOST_LANES = 64
#: trainings of a panel side by side, and the most results of one pack of them
TOGETHER_LANES = 16
_TOGETHER_RESULTS = 16_384
#: values of state in a batch, over all lanes, from which on packing gains nothing
_FULL = 16_384
#: lanes that programs of narrow models have at least; a smaller pack would leave some of them without work
_NARROW_LANES = 16
#: seconds for one unit in one time step of one row; gates are computed value by value
_UNIT = 8e-9
#: bytes of a repeat's job, scores and links, with their indexes
_ROWS = 900
#: floating-point operations a second in products of matrices
_SPEED = 5e10


def most_lanes(configuration: Configuration) -> int:
    """Return how many repeats are worth training side by side."""
    if not KINDS[configuration.model.kind].packed:
        return 1
    state = configuration.training.batch_size * max(configuration.model.widths, default=1)
    return max(_NARROW_LANES if configuration.model.narrow else 2, min(MOST_LANES, _FULL // state))


def trainings_together(configuration: Configuration, pack: int | None = None) -> int:
    """Return how many trainings of a panel one pack has, each with a result for every series that is forecast.

    Args:
        configuration: on one of the series.
        pack: the most, if the grid says it.
    """
    assert configuration.panel is not None
    most = min(pack or TOGETHER_LANES, TOGETHER_LANES, most_lanes(configuration))
    return max(1, min(most, _TOGETHER_RESULTS // configuration.panel.forecast))


def sizes_apart(configuration: Configuration, observations: int) -> str:
    """Return the sizes of a split's rows that decide, with the configuration, in which program its repeats train.

    They are rounded up to powers of two, as the program's are, so that splits of like length train side by side. Empty
    for the only split of an experiment.
    """
    if not configuration.window.apart:
        return ""
    cut, batch = frame(configuration, observations), configuration.training.batch_size
    scored = len(cut.train) + len(cut.validation) + len(cut.test)
    numbers = (_rung(-(-len(cut.train) // batch)), _rung(scored), _rung(len(cut.test)), _rung(len(cut.validation)))
    return " ".join(map(str, numbers))


def _rung(number: int) -> int:
    return 1 << max(0, number - 1).bit_length() if number else 0


def stored_bytes(configuration: Configuration, observations: int) -> int:
    """Estimate how large one repeat is in the store: its rows and indexes, its curves and its forecasts."""
    cut, epochs = frame(configuration, observations), configuration.training.epochs
    curves = 0
    if isinstance(configuration.protocol, Fixed):
        points = -(-epochs // configuration.protocol.evaluate_every)
        curves = 4 * points * (3 if configuration.protocol.validation else 2)
    values = len(cut.test or cut.train) * cut.horizon * len(configuration.series.targets)
    return _ROWS + curves + 16 * values


def seconds(configuration: Configuration, observations: int) -> float:
    """Estimate how long one repeat takes in a full pack, without compiling."""
    cut = frame(configuration, observations)
    return _row(configuration, cut) * _passes(configuration, cut)


def _row(configuration: Configuration, cut: Frame) -> float:
    """Seconds for one row forward."""
    model = configuration.model
    if not KINDS[model.kind].recurrent:
        return _without_recurrence(model, cut)
    if not model.layers:
        return cut.timesteps * model.filters * (4 * _UNIT + 16 * model.filters * model.kernel_size / _SPEED)
    seen, total = cut.features, _dense(model.dense, model.layers[-1])
    for number, units in enumerate(model.layers, start=1):
        ways = 2 if model.encoder.bidirectional and number < len(model.layers) else 1
        total += ways * cut.timesteps * units * (_UNIT + 8 * (units + seen + 1) / _SPEED)
        seen = ways * units
    return total * KINDS[model.kind].passes * GATES[model.cell] / GATES["lstm"]


def _without_recurrence(model: Model, cut: Frame) -> float:
    if "filters" not in KINDS[model.kind].fields:
        return _dense(model.dense, cut.timesteps * cut.features)
    places = cut.timesteps - model.kernel_size + 1
    convolution = places * model.filters * (_UNIT + 2 * model.kernel_size * cut.features / _SPEED)
    return convolution + _dense(model.dense, places // model.pool_size * model.filters)


def _dense(layers: tuple[int, ...], seen: int) -> float:
    pairs = zip(layers, (seen, *layers), strict=False)
    return sum(units * (_UNIT / 4 + 2 * before / _SPEED) for units, before in pairs)


def _passes(configuration: Configuration, cut: Frame) -> float:
    """Rows that go through the model, a row of an update counting three times."""
    protocol, epochs = configuration.protocol, configuration.training.epochs
    train, test = len(cut.train), len(cut.test)
    passes = 3.0 * train * epochs
    if isinstance(protocol, Fixed):
        fed = cut.horizon if configuration.prepare.strategy == "recursive" else 1
        return passes + (train + test + len(cut.validation)) * fed * epochs / protocol.evaluate_every
    if isinstance(protocol, Update):
        return passes + 3.0 * (protocol.last or train + test / 2) * protocol.update_epochs * test
    return passes * test if isinstance(protocol, Refit) else passes
