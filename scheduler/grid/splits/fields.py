"""The fields of a grid file about its splits: `windows`, and those of several series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from store.schema.fields import About, Part, Positive

#: fields of a configuration that say how several series are trained, each a word or a number
OF_PANEL = ("panel", "series_input", "series_embedding")


class Sliding(Part):
    """A training part of a fixed length before each window's test part."""

    sliding: Annotated[
        Positive,
        About(
            "Number of observations before each test part that are trained on.",
            allowed="a whole number from 1",
            example="60",
        ),
    ]


class Windows(Part):
    """Several places of one series where its past ends: a rolling origin."""

    count: Annotated[
        Positive,
        About(
            "Number of windows. The last one ends with the series, each earlier one `step` observations before.",
            allowed="a whole number from 1",
            example="6",
        ),
    ]
    step: Annotated[
        Positive | None,
        About(
            "Number of observations from the end of one window to the end of the next. By default as many as `test` "
            "forecasts, so that no observation is forecast twice.",
            allowed="a whole number from 1",
            example="12",
        ),
    ] = None
    train: Annotated[
        Literal["expanding"] | Sliding,
        About(
            "What is trained on before each test part: `expanding`, all observations from the start of the series on, "
            "or with `sliding` as many as it says.",
            allowed="{sliding: a whole number from 1}, or expanding",
            example="{sliding: 60}",
        ),
    ] = "expanding"

    @property
    def most(self) -> int | None:
        """Observations that are trained on at most; None for all."""
        return self.train.sliding if isinstance(self.train, Sliding) else None


WindowsField = Annotated[
    Windows | None,
    About(
        "Several windows of each series, for verdicts that do not hang on one test part: each configuration is trained "
        "and scored on every one of them, and a repeat's score is over all.",
        allowed="{count: ..., step: ..., train: ...}",
        example="{count: 2, step: 12}",
    ),
]
PanelField = Annotated[
    Literal["apart", "together"],
    About(
        "How several series are trained: `apart`, a model of its own for each, or `together`, one model on the "
        "training rows of all, each series scaled by its own; it forecasts each of them.",
        allowed="apart or together",
        example="together",
    ),
]
SeriesInputField = Annotated[
    Literal["none", "one_hot", "embedding"],
    About(
        "How a model of `panel: together` sees which series a row is of: not at all; by an input for each series that "
        "is trained on, 1 in its own rows and 0 in others; or by a vector that it learns for each series.",
        allowed="none, one_hot or embedding",
        example="embedding",
    ),
]
SeriesEmbeddingField = Annotated[
    Positive | None,
    About(
        "How many numbers the vector of a series has with `series_input: embedding`. By default the fourth root of the "
        "number of series that are trained on, rounded up: 2 for up to 16 series, 6 for 1,000.",
        allowed="a whole number from 1",
        example="4",
    ),
]
TestSeriesField = Annotated[
    Annotated[tuple[str, ...], Field(min_length=1)] | Annotated[float, Field(strict=True, gt=0, lt=1)] | None,
    About(
        "The series that `panel: together` forecasts without having been trained on them, by their names, or which "
        "share of all, drawn by `seed`. They alone are judged. By default all series are trained on, and judged.",
        allowed="a list of names of series, or a share between 0 and 1",
        example="[north]",
    ),
]


@dataclass(frozen=True, slots=True)
class Splitting:
    """What a grid file says of its splits as a whole."""

    windows: Windows | None = None
    #: names of series, or a share of them
    test_series: tuple[str, ...] | float | None = None
    #: from which a share is drawn
    seed: int = 0
