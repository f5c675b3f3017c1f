"""Mistakes in the axes of a grid and in what is excluded."""

from __future__ import annotations

import pytest

from tests.grids import AXIS, VARY, refused

REPEATS = "all configurations have as many: write repeats: 1 at the top of the file"
ONE = "a list of at least one value; write model.units: [3]"


class TestMistakes:
    """One mistake, one line."""

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            ("grid: [1]", "2: grid is [1]; allowed: a mapping of dotted fields to lists of values"),
            (
                "grid:\n  model.unit: [1]",
                "3: model.unit is not a field that can be an axis; did you mean model.units?",
            ),
            (
                "grid:\n  epochs: [1]",
                "3: epochs is not a field that can be an axis; write training.epochs: [1]",
            ),
            ("grid:\n  qwerty: [1]", f"3: qwerty is not a field that can be an axis; allowed: {VARY}"),
            ("grid:\n  repeats: [1]", f"3: repeats applies to the whole grid and cannot be an axis; {REPEATS}"),
            ("grid:\n  pack: [1]", f"3: pack applies to the whole grid and cannot be an axis; allowed: {VARY}"),
            ("grid:\n  model.units: 3", f"3: model.units is 3; allowed: {ONE}"),
            ("grid:\n  model.units: []", f"3: model.units is []; allowed: {AXIS}"),
            ("grid:\n  model.units: [1, 2, 1]", "3: model.units has 1 twice, first on line 3; keep one of them"),
            (
                "grid:\n  training.optimizer:\n    - adam\n    - {name: Adam, learning_rate: 0.001}",
                "5: training.optimizer: {name: Adam, learning_rate: 0.001} is the same configuration as "
                "training.optimizer: adam on line 4; keep one of them",
            ),
            (
                "grid:\n  model.units:\n    - 1\n    - two",
                "5: model.units is two; allowed: a whole number from 1, or a list of them",
            ),
            (
                "grid:\n  [model.units, training.epochs]:\n    - [1, 2]\n    - [1]",
                "5: [1] is not a value for [model.units, training.epochs]; allowed: a list of 2 values",
            ),
            (
                "grid:\n  [model.units, training.epochs]: [[1, 2]]\n  model.units: [3]",
                "4: model.units is an axis twice, first on line 3; keep one of them",
            ),
            (
                "grid:\n  training.batch_size:\n    - 4\n    - 7",
                "5: training.batch_size is 7, which does not divide the 12 test rows; "
                "allowed: a batch size that divides all rows: 1, 2, 3, 4, 6 or 12; or prepare.pad: true",
            ),
            (
                "grid:\n  protocol.kind: [fixed, refits]",
                "3: protocol.kind is refits; allowed: fixed, update, refit or batch_transfer; did you mean refit?",
            ),
            ("exclude: 3", "2: exclude is 3; allowed: a list of mappings of axes to values"),
            ("exclude: [{model.units: 1}]", "2: model.units is not an axis of this grid; there are none"),
            (
                "grid: {model.units: [1, 2]}\nexclude: [{model.unit: 1}]",
                "3: model.unit is not an axis of this grid; the axes are model.units; did you mean model.units?",
            ),
            (
                "grid: {model.units: [1, 2]}\nexclude: [{model.units: 3}]",
                "3: model.units is never 3 in this grid; its values are 1 and 2",
            ),
            (
                "grid: {model.units: [1, 2]}\nexclude:\n  - {model.units: 1}\n  - {model.units: 2}",
                "3: exclude removes every point of the grid; keep at least one",
            ),
            (
                "grid: {[model.units, training.epochs]: [[1, 2], [3, 4]]}\nexclude: [{model.units: 1, "
                "training.epochs: 4}]",
                "3: this excludes no further point; correct it or remove it",
            ),
        ],
    )
    def test_of_an_axis(self, text: str, mistake: str) -> None:
        """The line is that of the value."""
        refused(text, mistake)

    def test_every_duplicate_is_named_once(self) -> None:
        """Both values are written out, whatever else varies and however many there are on a line."""
        alike = "training.optimizer: adam on line 3; keep one of them"
        refused(
            "grid:\n  training.optimizer: [adam, ADAM, Adam, sgd]\n  model.units: [1, [1], 2]",
            f"3: training.optimizer: ADAM is the same configuration as {alike}",
            f"3: training.optimizer: Adam is the same configuration as {alike}",
            "4: model.units: [1] is the same configuration as model.units: 1 on line 4; keep one of them",
        )

    def test_a_duplicate_in_several_axes(self) -> None:
        """All values that differ are named."""
        refused(
            "grid:\n  training.optimizer: [adam, Adam]\n  model.units: [1, [1]]\n"
            "exclude: [{training.optimizer: adam, model.units: [1]}, {training.optimizer: Adam, model.units: 1}]",
            "3: training.optimizer: Adam and model.units: [1] is the same configuration as training.optimizer: adam "
            "and model.units: 1 on line 3; keep one of them",
        )
