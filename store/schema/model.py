"""The part of the schema that says which Keras model; its names are Keras' own."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, model_validator

from store.schema.fields import About, Fraction, Part, PerLane, Positive, Switch, Weight, canonical
from store.schema.keras_objects import Activation, Initializer
from store.schema.kinds import KINDS
from store.schema.own_kinds import OWN
from store.schema.spelling import listed

#: cells of recurrent layers -> how many matrices their weights are
GATES: Final = {"lstm": 4, "gru": 3, "simple_rnn": 1}


def _known(kind: str, info: ValidationInfo) -> str:
    """Check that there is a kind of this name, unless a store has it from a package that is not installed here."""
    if kind not in KINDS and not info.data.get("package"):
        raise ValueError("there is no such kind")
    return kind


def _one_or_more(units: Any) -> Any:
    """Read one number as a list of one."""
    return (units,) if isinstance(units, int) and not isinstance(units, bool) else units


def _weight(says: str) -> About:
    return About(says, allowed="a number from 0", example="0.01", lane=PerLane.VALUE)


class Regularizer(Part):
    """Keras' `L1L2`: `l1 * sum(|w|) + l2 * sum(w ** 2)`."""

    l1: Annotated[Weight, _weight("The weight of the absolute values.")] = 0.0
    l2: Annotated[Weight, _weight("The weight of the squares.")] = 0.0


class Encoder(Part):
    """What reads the steps in an `encoder_decoder`."""

    units: Annotated[
        tuple[Positive, ...],
        BeforeValidator(_one_or_more),
        About(
            "Units of each recurrent layer of the encoder; `model.units` is then the decoder's alone. Without them the "
            "encoder is one layer, whose units `model.units` has.",
            allowed="a list of whole numbers from 1, or one such number",
            example="[8, 4]",
        ),
    ] = ()
    bidirectional: Annotated[
        Switch,
        About(
            "Whether every layer of the encoder is a `Bidirectional` one, with so many units each way.",
            allowed="true or false",
            example="true",
        ),
    ] = False


def _initializer(weights: str, example: str) -> About:
    return About(
        f"How the {weights} are initialized.",
        allowed="a Keras initializer: a name, or {name: ..., its arguments}",
        example=example,
    )


def _regularizer(what: str, layer: str = "recurrent") -> About:
    return About(
        f"Keras' L1L2 on the {what} of every {layer} layer; null for none.",
        allowed="{l1: ..., l2: ...} or null",
        example="{l1: 0.01, l2: 0.01}",
    )


def _dropout(says: str) -> About:
    return About(says, allowed="a number from 0 to below 1", example="0.2", lane=PerLane.SWITCHED)


#: The widest layer of a narrow model.
_NARROW = 12


class Model(Part):
    """Which Keras model; the fields are arguments of Keras' recurrent layers."""

    #: the package that has the kind, and its version; empty for the built-in kinds. No field of a grid.
    package: str = ""
    kind: Annotated[
        str,
        AfterValidator(_known),
        About(
            "The layers; see the kinds of models below.", allowed=listed(KINDS), example="stacked", choices=tuple(KINDS)
        ),
    ] = "vanilla"
    units: Annotated[
        Positive | tuple[Positive, ...],
        About(
            "Units of the recurrent layer, or a list with one number per layer. `vanilla` has one layer; `stacked` "
            "with one number has two such layers; `encoder_decoder` has one number, or two: encoder and decoder.",
            allowed="a whole number from 1, or a list of them",
            example="[50, 50]",
        ),
    ] = 1
    cell: Annotated[
        Literal["lstm", "gru", "simple_rnn"],
        About(
            "The recurrent layers: Keras' `LSTM`, `GRU` or `SimpleRNN`, in the place of every `LSTM` of the kind.",
            allowed="lstm, gru or simple_rnn",
            example="gru",
        ),
    ] = "lstm"
    stateful: Annotated[
        Switch,
        About(
            "Whether the state is carried from batch to batch until the epoch ends.",
            allowed="true or false",
            example="false",
        ),
    ] = True
    activation: Annotated[
        Activation,
        About(
            "The activation of the recurrent layers, and of the convolution of `cnn_lstm` and `cnn`.",
            allowed="a Keras activation",
            example="relu",
        ),
    ] = "tanh"
    recurrent_activation: Annotated[
        Activation, About("The activation of the gates.", allowed="a Keras activation", example="hard_sigmoid")
    ] = "sigmoid"
    use_bias: Annotated[
        Switch, About("Whether the recurrent layers have a bias.", allowed="true or false", example="false")
    ] = True
    unit_forget_bias: Annotated[
        Switch,
        About("Whether the forget gate's bias starts at 1.", allowed="true or false", example="false"),
    ] = True
    kernel_initializer: Annotated[Initializer, _initializer("input weights", "glorot_normal")] = Initializer(
        name="glorot_uniform"
    )
    recurrent_initializer: Annotated[
        Initializer, _initializer("recurrent weights", "{name: orthogonal, gain: 1.1}")
    ] = Initializer(name="orthogonal")
    bias_initializer: Annotated[Initializer, _initializer("biases", "ones")] = Initializer(name="zeros")
    gates: Annotated[
        Literal["together", "apart"],
        About(
            "Whether the weights of the gates are initialized as one matrix, as Keras does, or gate "
            "by gate, as Keras did before version 2; those are larger, since initializers depend on a "
            "matrix's shape.",
            allowed="together or apart",
            example="apart",
        ),
    ] = "together"
    dropout: Annotated[
        Fraction,
        _dropout("The fraction of the inputs dropped during training."),
    ] = 0.0
    recurrent_dropout: Annotated[
        Fraction,
        _dropout("The fraction of the state dropped during training."),
    ] = 0.0
    kernel_regularizer: Annotated[Regularizer | None, _regularizer("input weights")] = None
    recurrent_regularizer: Annotated[Regularizer | None, _regularizer("recurrent weights")] = None
    bias_regularizer: Annotated[Regularizer | None, _regularizer("bias")] = None
    activity_regularizer: Annotated[Regularizer | None, _regularizer("output")] = None
    dense: Annotated[
        tuple[Positive, ...],
        BeforeValidator(_one_or_more),
        About(
            "Units of each dense layer between the other layers and the forecast.",
            allowed="a list of whole numbers from 1, or one such number",
            example="[16]",
        ),
    ] = ()
    dense_activation: Annotated[
        Activation,
        About("The activation of the layers of `dense`.", allowed="a Keras activation", example="tanh"),
    ] = "relu"
    dense_dropout: Annotated[
        Fraction, _dropout("The fraction of the outputs of each layer of `dense` dropped during training.")
    ] = 0.0
    dense_kernel_regularizer: Annotated[Regularizer | None, _regularizer("weights", "`dense`")] = None
    dense_bias_regularizer: Annotated[Regularizer | None, _regularizer("bias", "`dense`")] = None
    dense_activity_regularizer: Annotated[Regularizer | None, _regularizer("output", "`dense`")] = None
    encoder: Annotated[
        Encoder,
        About("What reads the steps.", allowed="a mapping", example="{bidirectional: true}"),
    ] = Encoder()
    attention: Annotated[
        Switch,
        About(
            "Whether each step of the forecast also sees the encoder's steps, through Keras' `Attention`; encoder and "
            "decoder must then give as many numbers a step.",
            allowed="true or false",
            example="true",
        ),
    ] = False
    subsequences: Annotated[
        Positive,
        About(
            "Number of parts into which the time steps are cut; it must divide their number.",
            allowed="a whole number from 1",
            example="2",
        ),
    ] = 2
    filters: Annotated[
        Positive,
        About("Filters of the convolution.", allowed="a whole number from 1", example="64"),
    ] = 64
    kernel_size: Annotated[
        Positive,
        About(
            "Width of the convolution, in time steps.",
            allowed="a whole number from 1",
            example="2",
        ),
    ] = 1
    pool_size: Annotated[
        Positive,
        About(
            "Width of the max pooling after the convolution, in time steps.",
            allowed="a whole number from 1",
            example="2",
        ),
    ] = 2

    @model_validator(mode="before")
    @classmethod
    def _of_package(cls, given: Any) -> Any:
        """Fill in the package of a kind that an installed one has."""
        own = OWN.get(given["kind"]) if isinstance(given, dict) and isinstance(given.get("kind"), str) else None
        return {"package": own.package} | given if own and given["kind"] in KINDS else given

    @property
    def layers(self) -> tuple[int, ...]:
        """Units of each recurrent layer; of the encoder's and the decoder; none for a kind without units."""
        kind = KINDS[self.kind]
        if "units" not in kind.fields:
            return ()
        if self.encoder.units:
            return (*self.encoder.units, self.units[-1] if isinstance(self.units, tuple) else self.units)
        if isinstance(self.units, tuple):
            alike = len(self.units) == 1 and kind.default_layers == kind.most_layers
            return self.units * kind.default_layers if alike else self.units
        return (self.units,) * kind.default_layers

    @property
    def widths(self) -> tuple[int, ...]:
        """How many numbers each layer with weights passes on, roughly.

        Estimates of the work are made of it, and the engine's order of axes: another width is another numerics version.
        """
        convolved = (self.filters * self.kernel_size,) if "filters" in KINDS[self.kind].fields else ()
        return (*(self.layers or convolved), *self.dense)

    @property
    def narrow(self) -> bool:
        """Whether no layer is wide: a processor's vectors then hold numbers of several repeats, not of several units.

        The engine's order of axes and numbers of lanes depend on it, as on `widths`.
        """
        return max(self.widths, default=0) <= _NARROW

    def has(self, field: str) -> bool:
        """Return whether a field applies to the kind, the cell and the layers that are there."""
        of_gates = field in ("recurrent_activation", "gates") and self.cell == "simple_rnn"
        of_lstm = field == "unit_forget_bias" and self.cell != "lstm"
        of_dense = field.startswith("dense_") and not self.dense
        return KINDS[self.kind].has(field) and not (of_gates or of_lstm or of_dense)

    @property
    def carries_state(self) -> bool:
        """Whether a state is carried from batch to batch."""
        return self.stateful and KINDS[self.kind].recurrent

    @cached_property
    def identity(self) -> str:
        """JSON of what decides the numbers, with the units layer by layer."""
        decided = self.decided | {"units": list(self.layers)}
        if not KINDS[self.kind].recurrent:
            decided.pop("stateful", None)
        if self.encoder.units:  # which are among the units
            encoder = {name: value for name, value in decided.pop("encoder").items() if name != "units"}
            decided |= {"encoder": encoder} if encoder else {}
        return canonical(decided)
