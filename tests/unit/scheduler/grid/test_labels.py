"""Labels of configurations are readable and unique."""

from __future__ import annotations

import pytest

from tests.grids import grid


class TestLabels:
    """Labels are short and never alike."""

    @pytest.mark.parametrize(
        ("axes", "labels"),
        [
            ("model.bias_regularizer: [{l1: 0, l2: 0.01}, null]", ["l1=0, l2=0.01", "bias_regularizer=null"]),
            (
                "model.bias_regularizer: [{l1: 1}]\n  model.kernel_regularizer: [{l1: 2}]",
                ["bias_regularizer(l1=1), kernel_regularizer(l1=2)"],
            ),
            (
                "model.bias_regularizer.l1: [1]\n  model.kernel_regularizer.l1: [2]",
                ["bias_regularizer.l1=1, kernel_regularizer.l1=2"],
            ),
            (
                "training.optimizer: [adam, {name: sgd, momentum: 0.9}]",
                ["optimizer=adam", "optimizer=sgd(momentum=0.9)"],
            ),
            ("model.kind: [stacked]\n  model.units: [[1, 2]]", ["kind=stacked, units=[1, 2]"]),
            ("prepare.scale: [null, [0, 1]]", ["scale=null", "scale=[0, 1]"]),
        ],
    )
    def test_values_are_written_readably(self, axes: str, labels: list[str]) -> None:
        """Names, mappings and lists each in their own way."""
        assert [point.label for point in grid(f"grid:\n  {axes}").points] == labels

    def test_series_of_one_file_differ_by_their_columns(self) -> None:
        """Others are called as their files are."""
        tens = "{name: tens_and_fives, targets: [tens]}, {name: tens_and_fives, targets: [fives]}"
        text = f"test: 2\nprepare: {{pad: true}}\nmodel: {{stateful: false}}\ngrid: {{series: [{tens}, shampoo]}}"
        labels = [point.label for point in grid(text).points]
        assert labels == [
            "series=tens_and_fives(targets=[tens])",
            "series=tens_and_fives(targets=[fives])",
            "series=shampoo",
        ]

    def test_long_labels_stay_unique(self) -> None:
        """Labels that are cut off are made distinct by a number."""
        values = ", ".join(f"[{', '.join(['11'] * 99 + [str(last)])}]" for last in (1, 2))
        labels = [point.label for point in grid(f"model: {{kind: stacked}}\ngrid: {{model.units: [{values}]}}").points]
        assert len(set(labels)) == 2
        assert all(len(label) <= 170 for label in labels)
