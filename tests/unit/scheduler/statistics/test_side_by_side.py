"""Two experiments as one family."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from scheduler.statistics.conclusions import compare_experiments
from scheduler.statistics.side_by_side import Side, combined
from store import UsageError
from store.schema.configuration import Configuration
from tests.scores import experiment


def side(
    name: str, labels: list[str], *, content: str = "5e", topped_up: bool = False, series: str = "s", **fields: object
) -> Side:
    """Return an experiment with three repeats of each configuration."""
    given = {"name": series, "content_hash": content, "targets": ["x"]}
    configuration = Configuration.model_validate({"series": given} | fields).canonical()
    results: pd.DataFrame = experiment({label: [1.0, 2.0, 3.0 + place] for place, label in enumerate(labels)})
    return Side(name=name, results=results, parameters=dict.fromkeys(labels, configuration), topped_up=topped_up)


def test_labels_of_one_experiment_stay_as_they_are() -> None:
    """Only those that both have are told which experiment they are of."""
    found = compare_experiments(side("one", ["a", "b"]), side("two", ["b", "c"], training={"epochs": 7}))
    assert set(found.ranking["configuration"]) == {"a", "one: b", "two: b", "c"}
    assert found.notes == ()


def test_a_configuration_with_the_same_repeats_is_there_once() -> None:
    """With the repeats of the experiment that has more of them."""
    one, two = side("one", ["a", "b"]), side("two", ["a", "c"])
    more = replace(two, results=pd.concat([two.results, two.results[:1].assign(repeat=9, seed=9)], ignore_index=True))
    found = combined(one, more)
    assert found["configuration"].value_counts().to_dict() == {"a": 4, "b": 3, "c": 3}
    assert combined(more, one)["configuration"].value_counts().to_dict() == {"a": 4, "c": 3, "b": 3}


def test_earlier_looks_are_mentioned() -> None:
    """The p-values do not allow for them."""
    found = compare_experiments(side("one", ["a"], topped_up=True), side("two", ["b"]))
    assert found.notes == (
        "one was topped up until its own pairs were decided; the p-values here do not allow for those looks.",
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"content": "other"}, "series (both are called s, and their values differ)"),
        ({"test": 3}, "test (12 and 3)"),
        ({"prepare": {"target_at": "last"}}, "prepare.target_at (next and last)"),
    ],
)
def test_other_questions_are_refused(other: dict[str, object], said: str) -> None:
    """The message names what differs."""
    with pytest.raises(UsageError) as refused:
        compare_experiments(side("one", ["a"]), side("two", ["b"], **other))
    assert str(refused.value).startswith(f"one and two differ in {said}: only scores on the same test rows ")


def test_of_several_splits_those_of_both_are_compared() -> None:
    """Within each; what only one of them has is named, and a series may have another name there."""
    one, other = side("one", ["a"]), side("one", ["b"], test=3)
    mixed = Side(
        name="one",
        results=pd.concat([one.results, other.results]),
        parameters={**one.parameters, **other.parameters},
        topped_up=False,
    )
    found = compare_experiments(mixed, side("two", ["c"], series="sales"))
    assert set(found.ranking["configuration"]) == {"a", "c"}
    assert found.notes == ("Only splits that both experiments have are compared; one also has s, last 3 rows.",)
    with pytest.raises(UsageError, match="no split in common: one has s, last 12 rows and s, last 3 rows, two"):
        compare_experiments(mixed, side("two", ["c"], test=5))
