"""The part of the schema that says how a model is fit, by Keras' own names, and when: the protocols."""

from __future__ import annotations

from typing import Annotated, Literal

from store.schema.fields import About, NonNegative, Part, PerLane, Positive, Switch, Weight
from store.schema.keras_catalogue import PLATEAU
from store.schema.keras_objects import Loss, Optimizer, Schedule


class EarlyStopping(Part):
    """Ends a training by its validation rows, as Keras' callback of that name does."""

    patience: Annotated[
        NonNegative,
        About(
            "Epochs without improvement after which a repeat stops.",
            allowed="a whole number from 0",
            example="20",
            lane=PerLane.VALUE,
        ),
    ] = 10
    min_delta: Annotated[
        Weight,
        About(
            "By how much the loss must fall to have improved.",
            allowed="a number from 0",
            example="0.0001",
            lane=PerLane.VALUE,
        ),
    ] = 0.0
    restore_best: Annotated[
        Switch,
        About(
            "Whether a repeat ends with the weights of the epoch with the least loss, be it stopped or not; its score "
            "is that of these weights (Keras' `restore_best_weights`).",
            allowed="true or false",
            example="false",
        ),
    ] = True


class Training(Part):
    """How the model is fit."""

    epochs: Annotated[
        Positive,
        About("Passes over the training rows.", allowed="a whole number from 1", example="500", lane=PerLane.LENGTH),
    ] = 1000
    batch_size: Annotated[
        Positive,
        About(
            "Rows per update; it must divide the numbers of training and test rows, unless `prepare.pad` is set.",
            allowed="a whole number from 1",
            example="1",
        ),
    ] = 4
    shuffle: Annotated[
        Switch,
        About(
            "Whether each epoch trains on the rows in an order of its own, drawn from the repeat's seed; not for a "
            "stateful model.",
            allowed="true or false",
            example="true",
        ),
    ] = False
    optimizer: Annotated[
        Optimizer,
        About(
            "The optimizer.",
            allowed="a Keras optimizer: a name, or {name: ..., its arguments}",
            example="{name: sgd, learning_rate: 0.01, momentum: 0.9}",
        ),
    ] = Optimizer(name="adam")
    schedule: Annotated[
        Schedule | None,
        About(
            "How the learning rate changes from epoch to epoch; `decay_steps` and `warmup_steps` count epochs. null "
            "keeps it constant.",
            allowed="a Keras schedule, {name: ..., its arguments}, or null",
            example="{name: cosine_decay, decay_steps: 500}",
        ),
    ] = None
    early_stopping: Annotated[
        EarlyStopping | None,
        About(
            "When a repeat stops before its last epoch, by the loss of the validation rows (`protocol.validation`), "
            "which is computed after each epoch without penalties and from a reset state; null for never. Once a "
            "repeat has stopped, its curves stay at what it ends with.",
            allowed="{patience: ..., min_delta: ..., restore_best: ...} or null",
            example="{patience: 20}",
        ),
    ] = None
    loss: Annotated[
        Loss,
        About(
            "The loss.",
            allowed="a Keras loss, or quantile: a name, or {name: ..., its arguments}",
            example="{name: huber, delta: 0.5}",
        ),
    ] = Loss(name="mse")

    @property
    def plateau(self) -> Schedule | None:
        """The schedule that depends on the loss of the validation rows."""
        return self.schedule if self.schedule is not None and self.schedule.name == PLATEAU else None

    @property
    def paces(self) -> Schedule | None:
        """The schedule that depends on the epoch alone."""
        return None if self.plateau is not None else self.schedule

    @property
    def watches(self) -> bool:
        """Whether training depends on the loss of the validation rows."""
        return self.early_stopping is not None or self.plateau is not None


HeldOut = Annotated[
    NonNegative,
    About(
        "Number of training rows at the end that are held out: no model is ever fit to them. `fixed` scores them as a "
        "third curve; training may stop by them.",
        allowed="a whole number from 0",
        example="4",
    ),
]


class Fixed(Part):
    """Train once, then forecast the test rows."""

    kind: Literal["fixed"] = "fixed"
    warm_up: Annotated[
        Switch,
        About(
            "Forecast the training rows first, so that a stateful model reaches the test rows with a warm state.",
            allowed="true or false",
            example="true",
        ),
    ] = False
    evaluate_every: Annotated[
        Positive,
        About(
            "Epochs between two points of the trajectory; the last epoch is always a point.",
            allowed="a whole number from 1",
            example="10",
        ),
    ] = 1
    forecast_batch_size: Annotated[
        Positive | None,
        About(
            "Rows forecast at once by a stateful model, with copied weights; null for the training batch size.",
            allowed="a whole number from 1, or null",
            example="1",
        ),
    ] = None
    validation: HeldOut = 0


class Update(Part):
    """Train once, then train on before each forecast but the first, on all rows seen so far."""

    kind: Literal["update"]
    update_epochs: Annotated[
        NonNegative,
        About(
            "Epochs trained before each forecast after the first.",
            allowed="a whole number from 0",
            example="5",
            lane=PerLane.LENGTH,
        ),
    ] = 0
    last: Annotated[
        Positive | None,
        About(
            "Update only on this many of the latest rows; null for all rows seen so far.",
            allowed="a whole number from 1, or null",
            example="12",
        ),
    ] = None
    validation: HeldOut = 0


class Refit(Part):
    """Fit a completely new model before each forecast, on all rows seen so far."""

    kind: Literal["refit"]
    validation: HeldOut = 0


class Future(Part):
    """Train on all rows, and forecast what follows the last observation; `scheduler forecast` fills it in.

    With `origins`, train on the rows before so many at the end, and forecast from each of those as far: their errors
    are what intervals of the future rest on.
    """

    #: how many steps; a multiple of those that the model forecasts at once
    steps: Positive
    #: rows at the end of the observations that are forecast from; 0 for the end itself
    origins: NonNegative = 0
    #: observations at the end of the series that are ahead: of columns that are known beforehand alone
    given: NonNegative = 0


class BatchTransfer(Part):
    """Train at one batch size, forecast the training rows themselves at another by copying the weights."""

    kind: Literal["batch_transfer"]
    forecast_batch_size: Annotated[
        Positive,
        About(
            "Rows forecast at once; it must divide the number of training rows. With the training batch "
            "size, no weights are copied.",
            allowed="a whole number from 1",
            example="1",
        ),
    ] = 1
    validation: HeldOut = 0
