"""What a row sees against what it forecasts, in grids."""

from __future__ import annotations

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError
from store.schema.prepare import InputColumn

BASE = "test: 40\nmodel: {stateful: false}\ntraining: {batch_size: 1}\n"


def series(inputs: str) -> str:
    """Return a grid that forecasts the gross domestic product from these inputs."""
    return f"series: {{name: us_economy, targets: [gdp], inputs: {inputs}}}\n{BASE}"


@pytest.mark.parametrize(
    ("inputs", "more", "expected"),
    [
        (
            "{gdp: {lags: 8}, investment: {lags: [1, 4]}}",
            "prepare: {lags_as: timesteps}",
            "prepare.lags_as is timesteps, and the lags of columns differ (gdp 1 to 8, investment 1 and 4), which are "
            "features of one time step: write prepare.lags_as: features, or the same lags for all of series.inputs",
        ),
        (
            "{gdp: {lags: [1, 400]}, investment: }",
            "",
            "the largest lag of series.inputs is 400 (of gdp) and prepare.horizon 1, which leave no row of the 203 "
            "observations of us_economy (one needs 402); use smaller values",
        ),
        (
            "{gdp: {lags: [1, 8]}, investment: }",
            "prepare: {target_at: last}",
            "series.inputs has the target gdp: with the largest lag of series.inputs 8 (of gdp) and prepare.horizon 1 "
            "the model would see the values that it forecasts",
        ),
    ],
)
def test_mistakes(inputs: str, more: str, expected: str) -> None:
    """Each names the columns and the way out."""
    with pytest.raises(GridError) as raised:
        Grid.parse(series(inputs) + more)
    assert expected in str(raised.value)


RECURSIVE = "prepare: {strategy: recursive, horizon: 4}"


def test_recursion_over_what_is_not_known() -> None:
    """The column is named, and each way out is one; lags from the horizon and targets need none."""
    with pytest.raises(GridError) as raised:
        Grid.parse(series("{gdp: , investment: , consumption: {lags: [4, 8]}}") + RECURSIVE)
    (mistake,) = raised.value.mistakes
    assert "prepare.strategy is recursive, and investment is seen at lags below prepare.horizon 4, but is" in mistake
    assert "or write prepare.strategy: direct" in mistake
    for inputs in (
        "{gdp: , investment: {known: true}, consumption: {lags: [4, 8]}}",
        "{gdp: , investment: {lags: [4]}}",
        "{gdp: }",
    ):
        Grid.parse(series(inputs) + RECURSIVE)
    Grid.parse(series("{gdp: , investment: }") + RECURSIVE.replace("recursive", "direct"))


def test_the_ways_out_are_taken() -> None:
    """The same lags for all are time steps, also where they skip some; a target's older lags show no forecast value."""
    Grid.parse(
        series("{gdp: {lags: [1, 4]}, investment: {lags: [1, 4], known: true}}") + "prepare: {lags_as: timesteps}"
    )
    Grid.parse(series("{gdp: {lags: [2, 8]}, investment: }") + "prepare: {target_at: last}")


def test_axes() -> None:
    """Whole inputs and the lags of one column vary, under readable labels."""
    grid = Grid.parse(
        series("[gdp, investment]")
        + "grid:\n  series.inputs: [[gdp], {gdp: {lags: [1, 4]}, investment: {lags: 2, known: true}, consumption: }]"
    )
    assert [point.label for point in grid.points] == [
        "inputs=[gdp]",
        "inputs(gdp(lags=[1, 4]), investment(lags=2, known), consumption)",
    ]
    grid = Grid.parse(series("[gdp, investment]") + "grid: {series.inputs.investment.lags: [2, [1, 4]]}")
    assert [point.label for point in grid.points] == ["lags=2", "lags=[1, 4]"]
    assert [point.configuration.series.seen for point in grid.points] == [
        {"investment": InputColumn(lags=2)},
        {"investment": InputColumn(lags=(1, 4))},
    ]


def test_lags_that_no_column_has_are_no_axis() -> None:
    """Points that differ in nothing else are the same configuration."""
    with pytest.raises(GridError, match="is the same configuration as"):
        Grid.parse(series("{gdp: {lags: 2}}") + "grid: {prepare.lags: [1, 2]}")


def test_a_column_need_not_be_in_all_configurations() -> None:
    """Fields set column by column name columns that any of them uses."""
    axis = "grid: {series.inputs: [[gdp], [gdp, investment]]}"
    assert len(Grid.parse(series("[gdp]") + f"prepare: {{scale: {{investment: [0, 1]}}}}\n{axis}")) == 2
    with pytest.raises(GridError, match=r"prepare.scale names the column 'price', which the grid does not use"):
        Grid.parse(series("[gdp]") + f"prepare: {{scale: {{price: [0, 1]}}}}\n{axis}")


@pytest.mark.parametrize("inputs", ["{gdp: {lags: 2000000000}}", "[gdp]", "{gdp: , investment: {known: true}}"])
def test_numbers_beyond_all_proportion_are_refused_at_once(inputs: str) -> None:
    """Nothing is written out before it is known that it fits the series."""
    with pytest.raises(GridError, match="which leave no row of the 203 observations"):
        Grid.parse(series(inputs) + "prepare: {lags: 2000000000, horizon: 2000000000, lags_as: timesteps}")
