"""Several splits in one experiment: nothing is compared, ranked or beaten across them, and all pairs are one family."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.against_baselines import compare_with_baselines
from scheduler.statistics.comparison import compare
from scheduler.statistics.multiple.corrections import holm
from scheduler.statistics.next_look import top_up
from scheduler.statistics.sequential import Design

LARGE = 1e5


def experiment(repeats: int = 20, *, scale: float = LARGE, configurations: int = 3, gap: float = 2.0) -> pd.DataFrame:
    """Return the scores of a small series and a large one, each with the same configurations."""
    rng = np.random.default_rng(5)
    rows = []
    for split, unit in (("small", 1.0), ("large", scale)):
        for place in range(configurations):
            values = unit * (10 + gap * place + rng.normal(size=repeats))
            rows += [
                {"configuration": f"{split}-{place}", "split": split, "repeat": repeat, "seed": repeat, "state": "done",
                 "diverged": False, "test_rmse": value}
                for repeat, value in enumerate(values)
            ]  # fmt: skip
    return pd.DataFrame(rows)


def test_pairs_and_ranks_are_within_splits():
    """The best of each split ranks first there, however large its scores are."""
    found = compare(experiment())
    assert len(found.pairs) == 6
    assert [pair.a.split("-")[0] for pair in found.pairs.itertuples()] == list(found.pairs["split"])
    assert (found.pairs["a"].str.split("-").str[0] == found.pairs["b"].str.split("-").str[0]).all()
    first = found.ranking[found.ranking["rank"] == 1]
    assert list(first["configuration"]) == ["small-0", "large-0"]
    assert found.answer.split("\n")[1].startswith("large: large-0 is best")
    assert set(found.parts) == {"small", "large"}


def test_all_pairs_within_splits_are_one_family():
    """Holm's correction is over the pairs of all splits together."""
    found = compare(experiment(gap=0.4))
    assert np.allclose(found.pairs["p_adjusted"], holm(found.pairs["p"].to_numpy()))
    alone = compare(experiment(gap=0.4).query("split == 'small'"))
    assert (found.pairs["p_adjusted"].to_numpy()[:3] >= alone.pairs["p_adjusted"].to_numpy()).all()
    assert np.allclose(found.pairs["p"].to_numpy()[:3], alone.pairs["p"])


def test_each_split_has_its_own_margin():
    """A difference that does not matter on a large series would hide every difference on a small one."""
    parts = compare(experiment()).parts
    assert parts["large"].margin == pytest.approx(LARGE * parts["small"].margin, rel=0.5)


def test_a_split_of_one_configuration_has_no_pairs():
    """It is ranked alone, and the answer says that there is nothing to compare."""
    frame = experiment().query("configuration in ('small-0', 'large-0', 'large-1')")
    found = compare(frame)
    assert list(found.pairs["split"]) == ["large"]
    assert "only configuration" in found.answer.split("\n")[0]


def test_one_split_changes_nothing():
    """The numbers of one split are those without a name."""
    named = experiment().query("split == 'small'")
    plain = named.drop(columns="split")
    a, b = compare(named), compare(plain)
    pd.testing.assert_frame_equal(a.pairs.drop(columns="split"), b.pairs.drop(columns="split"))
    assert a.answer == b.answer


def test_baselines_are_those_of_the_same_split():
    """A model of the small series does not beat the baseline of the large one."""
    baselines = pd.DataFrame(
        {"split_name": ["small", "large"], "baseline": "persistence", "rmse": [9.0, 9.0 * LARGE], "target": ""}
    )
    found = compare_with_baselines(experiment(), baselines)
    assert len(found) == 6
    assert not (found["outcome"] == "beats").any()
    assert (found.loc[found["split"] == "large", "rmse"] == 9.0 * LARGE).all()


class TestTopUp:
    """Looks and repeats to add are decided within splits."""

    DESIGN = Design(sizes=(10, 20, 40))

    def test_only_the_undecided_split_gets_more(self):
        """The other one's pairs are decided at the first look."""
        frame = experiment(10, gap=8.0)
        flat = frame["split"] == "small"
        frame.loc[flat, "test_rmse"] = np.random.default_rng(1).normal(10, 1, flat.sum())
        found = top_up(frame, self.DESIGN)
        assert set(found.wanted) == {"small-0", "small-1", "small-2"}
        assert set(found.wanted.values()) == {20}

    def test_the_family_is_all_pairs(self):
        """Holm's correction of the p-values under repeated looks is over both splits."""
        found = top_up(experiment(20, gap=0.3), self.DESIGN).comparison
        assert np.allclose(found.pairs["p_adjusted"], holm(found.pairs["p"].to_numpy()))

    def test_one_split_is_as_before(self):
        """Naming the only split changes no number."""
        named = experiment(20, gap=0.3).query("split == 'small'")
        one, other = top_up(named, self.DESIGN), top_up(named.drop(columns="split"), self.DESIGN)
        assert one.wanted == other.wanted
        assert list(one.comparison.pairs["p_adjusted"]) == list(other.comparison.pairs["p_adjusted"])
