"""The command that trains an experiment again."""

from __future__ import annotations

import pytest

from scheduler.grid.nodes import Node
from scheduler.grid.overrides import written
from store.experiments.advice import overrides_of


@pytest.mark.parametrize(
    "overrides",
    [["repeats=5"], ["grid.model.units=[1, 2]", "description=it's"], ['description="a\\b"', "name=x --set y"]],
)
def test_overrides_are_read_as_they_are_written(overrides: list[str]) -> None:
    """Quotes, spaces and what looks like another option included."""
    assert overrides_of(written(Node(1, {}), "grids/quick.yaml", overrides)) == overrides


@pytest.mark.parametrize("text", ["name: quick\n", "", "# 'quick.yaml' of the pilot\nname: quick\n"])
def test_a_grid_as_it_was_written_has_none(text: str) -> None:
    """Its first line may be a comment of its own."""
    assert overrides_of(text) == []


def test_a_comment_of_the_user_is_no_override() -> None:
    """Only the line that was written for a grid with overrides is read."""
    assert overrides_of("# train with --set 'training.epochs=5' for a try\nseries: shampoo\n") == []
