"""The fields of a grid file about its splits: `windows` and `panel`."""

from __future__ import annotations

from typing import Annotated, Literal

from store.schema.fields import About, Part, Positive


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
    Literal["apart"],
    About(
        "How several series are trained: `apart`, a model of its own for each.",
        allowed="apart",
        example="apart",
    ),
]
