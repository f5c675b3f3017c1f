"""What follows from the marks of a part's fields."""

from __future__ import annotations

from typing import Annotated

from store.schema.configuration import Training, Update
from store.schema.fields import About, Part, PerLane, lane_marks
from store.schema.model import Model, Regularizer


class Layer(Part):
    """A part with one number of each mark, and one without."""

    units: int = 1
    rate: Annotated[float, About("", allowed="", example="", lane=PerLane.SWITCHED)] = 0.0
    slope: Annotated[float, About("", allowed="", example="", lane=PerLane.VALUE)] = 1.0
    rounds: Annotated[int, About("", allowed="", example="", lane=PerLane.LENGTH)] = 5


class TestPerLane:
    """One mark a field, from which all else follows."""

    def test_marks_are_found(self) -> None:
        """Fields without a mark are not listed."""
        assert lane_marks(Layer) == {
            "rate": PerLane.SWITCHED,
            "slope": PerLane.VALUE,
            "rounds": PerLane.LENGTH,
        }

    def test_a_value_is_a_lanes_own(self) -> None:
        """Lanes with two slopes share a program; each reads its own."""
        assert Layer(slope=2.0).shared == Layer(slope=3.0).shared
        assert Layer(slope=2.0).lane_numbers == {"slope": 2.0}

    def test_a_switched_number_counts_by_being_there(self) -> None:
        """Rates above 0 share a program, which is not that of rate 0; at 0 there is nothing to read."""
        assert Layer(rate=0.1).shared == Layer(rate=0.2).shared != Layer().shared
        assert "rate" not in Layer().lane_numbers
        assert Layer(rate=0.1).lane_numbers == {"rate": 0.1, "slope": 1.0}

    def test_a_length_is_neither_compiled_nor_read(self) -> None:
        """It is given to the program at each call."""
        assert Layer(rounds=7).shared == Layer().shared
        assert "rounds" not in Layer(rounds=7).lane_numbers

    def test_all_else_decides_the_program(self) -> None:
        """A field without a mark is compiled in."""
        assert Layer(units=2).shared != Layer().shared

    def test_numbers_of_parts_have_dotted_names(self) -> None:
        """A regularizer's weights are there when it is, 0 or not."""
        model = Model(dropout=0.1, bias_regularizer=Regularizer(l2=0.5))
        assert model.lane_numbers == {"dropout": 0.1, "bias_regularizer.l1": 0.0, "bias_regularizer.l2": 0.5}
        assert Training().lane_numbers == {"optimizer.learning_rate": 0.001}
        assert not Update(kind="update", update_epochs=3).lane_numbers
