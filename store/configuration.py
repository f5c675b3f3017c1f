"""A configuration: every field that decides a repeat's numbers, its type, default and allowed values.

This is the one schema. The grid is checked against it, the store keeps it as canonical JSON, the worker reads it back,
and `docs/grid.md` documents it. It reads no file, and knows no SQL and no TensorFlow.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

#: Raised whenever the same configuration and seed would give other numbers than before.
NUMERICS = 1

Positive = Annotated[int, Field(ge=1)]
Fraction = Annotated[float, Field(ge=0, lt=1)]


class Part(BaseModel):
    """What all parts of a configuration share: frozen, strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SeriesChoice(Part):
    """Which series, which columns are forecast and which are seen."""

    #: a bundled name, or the file's stem
    name: str
    #: SHA-256 of the content, filled in when the series has been read
    content_hash: str = ""
    #: columns that are forecast
    targets: tuple[str, ...] = ()
    #: columns whose previous values the model sees
    inputs: tuple[str, ...] = ()


class Prepare(Part):
    """From the series to rows (PROTOCOLS 1)."""

    difference: Annotated[int, Field(ge=0)] = 1
    lags: Positive = 1
    lags_as: Literal["features", "timesteps"] = "features"
    horizon: Positive = 1
    target_at: Literal["next", "last"] = "next"
    scale: tuple[float, float] | None = (-1.0, 1.0)
    trim: Annotated[int, Field(ge=0)] | Literal["auto"] = "auto"
    pad: bool = False


class Regularizer(Part):
    """Keras' `L1L2`: `l1 * sum(|w|) + l2 * sum(w ** 2)`."""

    l1: Annotated[float, Field(ge=0)] = 0.0
    l2: Annotated[float, Field(ge=0)] = 0.0


class Model(Part):
    """Which Keras model."""

    kind: Literal["vanilla", "stacked"] = "vanilla"
    units: Positive | tuple[Positive, ...] = 1
    stateful: bool = True
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    dropout: Fraction = 0.0
    recurrent_dropout: Fraction = 0.0
    kernel_regularizer: Regularizer | None = None
    recurrent_regularizer: Regularizer | None = None
    bias_regularizer: Regularizer | None = None


class Training(Part):
    """How the model is fit."""

    epochs: Positive = 1000
    batch_size: Positive = 4
    #: a Keras optimizer: `adam`, or `{name: sgd, learning_rate: 0.01, momentum: 0.9}`
    optimizer: dict[str, Any] = Field(default_factory=lambda: {"name": "adam"})
    loss: dict[str, Any] = Field(default_factory=lambda: {"name": "mse"})


class Fixed(Part):
    """Train once, then forecast the test part (PROTOCOLS 3 to 5)."""

    kind: Literal["fixed"] = "fixed"
    warm_up: bool = False
    #: epochs between two points of the trajectory; the last epoch is always one
    evaluate_every: Positive = 1


class Configuration(Part):
    """One point of a grid."""

    series: SeriesChoice
    test: Positive = 12
    prepare: Prepare = Prepare()
    model: Model = Model()
    training: Training = Training()
    protocol: Annotated[Fixed, Field(discriminator="kind")] = Fixed()

    def canonical(self) -> str:
        """JSON that is the same for equal configurations, and leaves out what is at its default."""
        return json.dumps(self.model_dump(mode="json", exclude_defaults=True), sort_keys=True, separators=(",", ":"))

    def key(self, seed: int) -> str:
        """Identity of a repeat: SHA-256 over all that decides its numbers."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        content["series"].pop("name", None)  # the same values under another name give the same numbers
        decided = json.dumps([NUMERICS, seed, content], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(decided.encode()).hexdigest()
