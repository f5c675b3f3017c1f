"""How a configuration of a study is trained on all rows, and forecasts what follows the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.text import many
from store.schema.configuration import Configuration, Fixed, Future, Window
from store.schema.framing import frame

if TYPE_CHECKING:
    from store import TrajectorySet


def at_once(configuration: Configuration) -> int:
    """Return how many steps the model of a configuration forecasts directly."""
    return configuration.prepare.steps_at_once


def rounded(configuration: Configuration, steps: int) -> int:
    """Return how many steps are forecast so that there are at least so many: a multiple of those at once."""
    size = at_once(configuration)
    return -(-steps // size) * size


def on_all_rows(
    configuration: Configuration,
    *,
    steps: int,
    given: int = 0,
    origins: int = 0,
    epochs: int | None = None,
    apart: bool = False,
) -> Configuration:
    """Return the configuration that trains on all rows.

    Protocols differ in what they do between forecasts of the test rows: at the end all of them are one fit on all rows.

    Args:
        configuration: of the study.
        steps: how many steps beyond the end.
        given: observations at the end of the series that are ahead.
        origins: rows at the end to forecast from instead; all rows before them are trained on.
        epochs: how many, where the study's repeats stopped early and that is known. Otherwise the validation rows stay
            held out, and training stops by them.
        apart: whether it is trained beside other series.
    """
    training, prepare = configuration.training, configuration.prepare
    watching = training.plateau is not None or (training.early_stopping is not None and epochs is None)
    changes: dict[str, Any] = {} if watching else {"early_stopping": None}
    changes |= {} if watching or epochs is None else {"epochs": epochs}
    held_out = configuration.protocol.validation if watching else 0
    test = Configuration.model_fields["test"].default if configuration.panel is None else configuration.test
    one_step = {"horizon": 1, "strategy": "direct"} if prepare.strategy == "recursive" else {}
    return configuration.model_copy(
        update={
            "test": test,
            "prepare": prepare.model_copy(update={"gap": "auto", **one_step}),
            "training": training.model_copy(update=changes),
            "protocol": Fixed(validation=held_out),
            "window": Window(apart=apart),
            "future": Future(steps=rounded(configuration, steps), given=given, origins=origins),
        }
    )


def notes_of(
    study: Configuration,
    chosen: Configuration,
    observations: int,
    *,
    steps: int,
    epochs: Sequence[int] = (),
    held_out: bool = False,
) -> tuple[str, ...]:
    """Return how the rows were trained on and how the steps are forecast, in sentences.

    Args:
        study: the configuration of the study.
        chosen: the same on all rows.
        observations: of the series, without those that are ahead.
        steps: that are shown.
        epochs: at which the study's repeats stopped, where they stopped early.
        held_out: whether a model of several series is not trained on this one.
    """
    assert chosen.future is not None
    cut = frame(chosen, observations + chosen.future.given)
    found = [f"trained on all {many(len(cut.train), 'row')} of {many(observations, 'observation')}"]
    if cut.trim and study.prepare.trim == "auto":
        left = f"the oldest {cut.trim} of {cut.available} rows are" if cut.trim > 1 else "the oldest row is"
        found[0] += f"; {left} left out, so that batches of {chosen.training.batch_size} divide the others"
    elif cut.trim:
        found[0] += f"; the oldest {many(cut.trim, 'row')} of {cut.available} left out, by `trim` and the batch size"
    if chosen.panel is not None:
        own = ", not on this one, which is held out; it is" if held_out else ", each"
        found = [f"one model, trained on all rows of {chosen.panel.trained:,} series{own} scaled by its own rows"]
    if study.window.train is not None:
        found.append(f"all of them, not the last {study.window.train:,} observations alone that a window has")
    if cut.validation:
        found.append(
            f"the last {many(len(cut.validation), 'row')} stay held out, since "
            f"{'the learning rate falls' if chosen.training.plateau else 'training stops'} by their loss"
        )
    if epochs and study.training.early_stopping and not chosen.training.early_stopping:
        found.append(
            f"{many(chosen.training.epochs, 'epoch')}, the median of those at which {many(len(epochs), 'repeat')} of "
            "the study stopped, without validation rows"
        )
    if study.protocol.kind in ("update", "refit"):
        found.append(f"protocol {study.protocol.kind}: one fit on all rows, which the next forecast would begin with")
    if chosen.model.carries_state:
        found.append("stateful: the weights are copied to batches of one row, and the state is warmed over all rows")
    return (*found, how_far(chosen, steps))


def how_far(chosen: Configuration, steps: int) -> str:
    """Return which steps are direct forecasts, and which are made of forecasts."""
    size = at_once(chosen)
    if steps <= size:
        return "1 step, direct" if steps == 1 else f"{steps} steps, direct: all at once"
    direct = "step 1 is direct" if size == 1 else f"steps 1 to {size} are direct"
    later = f"step {size + 1} is" if steps == size + 1 else f"steps {size + 1} to {steps} are"
    return f"{direct}, {later} recursive: made of the forecasts before"


def stopped_at(curves: TrajectorySet, configuration: Configuration) -> list[int]:
    """Return how many epochs each repeat that did not diverge trained for the weights that it ended with.

    From there on its curves stay at what they end with. Where not every epoch is a point, the number is that of the
    next point, less the epochs that were waited for an improvement if the best weights were restored.
    """
    stopping = configuration.training.early_stopping
    assert stopping is not None
    parts = [np.asarray(one) for one in (curves.train, curves.test, curves.validation) if one is not None]
    finite = np.isfinite(parts[1][:, -1])
    same = np.all([one == one[:, -1:] for one in parts], axis=0)
    first = np.argmax(np.logical_and.accumulate(same[:, ::-1], axis=1)[:, ::-1], axis=1)
    if stopping.restore_best:
        first = np.argmax(same, axis=1)
    epochs = np.asarray(curves.epochs)
    back = 0 if len(epochs) == epochs[-1] or not stopping.restore_best else stopping.patience
    return [max(1, int(epochs[place]) - back) for place, whole in zip(first, finite, strict=True) if whole]


def median_epochs(epochs: Sequence[int]) -> int:
    """Return the median number of epochs, a whole number."""
    return max(1, int(np.median(np.asarray(epochs)) + 0.5))
