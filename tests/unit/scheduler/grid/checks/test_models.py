"""Checks of a model by itself and its rows: encoders, and attention over their steps."""

from __future__ import annotations

import pytest

from scheduler.grid.grid import Grid
from tests.grids import refused

STEPS = "training: {batch_size: 1}\nprepare: {lags: 3, lags_as: timesteps}\n"


@pytest.mark.parametrize(
    ("model", "mistake"),
    [
        (
            "{attention: true}",
            "model.attention does not apply to kind vanilla; it is for encoder_decoder; remove it",
        ),
        (
            "{kind: encoder_decoder, encoder: {bidirectional: 1}}",
            "model.encoder.bidirectional is 1; allowed: true or false",
        ),
        (
            "{kind: encoder_decoder, encoder: {units: 0}}",
            "model.encoder.units is 0; allowed: a list of whole numbers from 1, or one such number",
        ),
        (
            "{kind: encoder_decoder, encoder: {unit: 3}}",
            "model.encoder.unit is not a field; did you mean model.encoder.units?",
        ),
        (
            "{kind: encoder_decoder, encoder: null}",
            "model.encoder is null; allowed: a mapping of units and bidirectional",
        ),
        (
            "{kind: encoder_decoder, units: [3, 2], encoder: {units: [4]}}",
            "model.units is [3, 2], and model.encoder.units already names the encoder's layers; allowed: one number, "
            "the decoder's, such as 2; to vary it, write it under grid, as model.units: [3, 2]",
        ),
    ],
)
def test_an_encoder_is_refused_in_one_line(model: str, mistake: str) -> None:
    """What it is of, what was given and what is allowed."""
    refused(f"{STEPS}model: {model}", f"4: {mistake}")


def test_attention_of_another_kind_is_refused_once() -> None:
    """Time steps would not help a kind that has no attention."""
    refused(
        "model: {attention: true}",
        "2: model.attention does not apply to kind vanilla; it is for encoder_decoder; remove it",
    )


@pytest.mark.parametrize(
    ("model", "needed", "units"),
    [
        ("units: [3, 2]", "3, and it has 2", "[3, 3]"),
        ("units: 3, encoder: {bidirectional: true}", "6 (3 each way), and it has 3", "[3, 6]"),
        ("units: 3, encoder: {units: [5, 4], bidirectional: true}", "8 (4 each way), and it has 3", "8"),
    ],
)
def test_attention_compares_steps_of_one_width(model: str, needed: str, units: str) -> None:
    """And the number of units that the message names is one with which the grid is right."""
    kind = "kind: encoder_decoder, attention: true"
    refused(
        f"{STEPS}model: {{{kind}, {model}}}",
        "4: model.attention needs a decoder with as many units as the encoder gives a step, "
        f"{needed}; use model.units: {units}",
    )
    model = f"units: {units}{model[model.find(', encoder') :] if ', encoder' in model else ''}"
    assert len(Grid.parse(f"series: shampoo\n{STEPS}model: {{{kind}, {model}}}")) == 1


def test_attention_needs_steps_to_weigh() -> None:
    """One step is all that it could look at."""
    refused(
        "model: {kind: encoder_decoder, attention: true}\ntraining: {batch_size: 1}",
        "2: model.attention weighs the time steps of a row, and a row has 1; use prepare.lags_as: timesteps with more "
        "prepare.lags, or model.attention: false",
    )
