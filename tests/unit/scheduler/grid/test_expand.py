"""Grids to experiments: configurations x repeats in order, with seeds that never move."""

from time import perf_counter

from scheduler.grid.expand import expand, seeds
from scheduler.grid.grid import Grid

TEXT = """series: shampoo
name: example
description: What a grid becomes.
repeats: 3
seed: 7
queue: gpu
max_attempts: 5
keep: weights
grid:
  model.units: [1, 2]
  training.epochs: [10, 20]
"""


def test_an_experiment() -> None:
    """The experiment has the grid's own fields, and its text as it was."""
    experiment = expand(Grid.parse(TEXT, file="grids/example.yaml"), git_commit="c0ffee")
    assert (experiment.name, experiment.description) == ("example", "What a grid becomes.")
    assert (experiment.grid_text, experiment.grid_file) == (TEXT, "grids/example.yaml")
    assert (experiment.repeats, experiment.seed, experiment.queue, experiment.max_attempts) == (3, 7, "gpu", 5)
    assert (experiment.pack, experiment.git_commit) == (None, "c0ffee")


def test_configurations_and_repeats_in_order() -> None:
    """Labels in the order of the grid; repeats from 0, paired over configurations by their seeds."""
    configurations = expand(Grid.parse(TEXT)).configurations
    assert [one.label for one in configurations] == [
        "units=1, epochs=10",
        "units=1, epochs=20",
        "units=2, epochs=10",
        "units=2, epochs=20",
    ]
    assert configurations[1].axes == {"model.units": 1, "training.epochs": 20}
    for one in configurations:
        assert [job.repeat for job in one.jobs] == [0, 1, 2]
        assert [job.seed for job in one.jobs] == list(seeds(7, 3))


def test_every_job_has_a_key_of_its_own_and_programs_are_shared() -> None:
    """12 jobs, and one program for each number of units."""
    jobs = [job for one in expand(Grid.parse(TEXT)).configurations for job in one.jobs]
    assert len({job.key for job in jobs}) == 12
    assert len({job.program for job in jobs}) == 2


def test_more_repeats_keep_the_jobs_that_were_there() -> None:
    """Raising the repeats trains only the new ones."""
    few = {job.key for one in expand(Grid.parse(TEXT)).configurations for job in one.jobs}
    more = {
        job.key
        for one in expand(Grid.parse(TEXT.replace("repeats: 3", "repeats: 5"))).configurations
        for job in one.jobs
    }
    assert few < more


def test_the_order_of_axes_changes_no_key() -> None:
    """Nor does a name, a description or a queue."""
    swapped = TEXT.replace("  model.units: [1, 2]\n", "") + "  model.units: [2, 1]\n"
    swapped = swapped.replace("example", "other").replace("gpu", "cpu")
    keys = [
        {job.key for one in expand(Grid.parse(text)).configurations for job in one.jobs} for text in (TEXT, swapped)
    ]
    assert keys[0] == keys[1]


def test_seeds_never_move() -> None:
    """These numbers are in people's stores."""
    assert seeds(7, 2) == (1_693_125_408_465_869_867, 2_021_251_017_632_032_385)
    assert seeds(7, 100)[:2] == seeds(7, 2)
    assert all(0 <= seed < 2**63 for seed in seeds(0, 100))
    assert len({*seeds(0, 100), *seeds(1, 100)}) == 200


def test_packs_are_as_large_as_the_grid_or_the_model_says() -> None:
    """A number is taken as it is; `auto` goes by the model."""

    def most(more: str) -> int:
        return expand(Grid.parse(f"series: shampoo\n{more}")).configurations[0].jobs[0].max_pack

    assert most("pack: 1") == 1
    assert most("") == 64
    assert most("model: {units: 256, stateful: false}\ntraining: {batch_size: 22}") == 2
    assert most("model: {kind: conv_lstm, subsequences: 1}") == 1


def test_a_hundred_thousand_jobs() -> None:
    """They take seconds."""
    grid = Grid.parse(f"series: shampoo\nrepeats: 1000\ngrid: {{training.epochs: {list(range(1, 101))}}}")
    started = perf_counter()
    assert sum(len(one.jobs) for one in expand(grid).configurations) == 100_000
    assert perf_counter() - started < 30


def test_the_estimate_grows_with_the_work() -> None:
    """More epochs, units or updates take longer."""
    grid = Grid.parse(
        "series: shampoo\ntraining: {batch_size: 1}\ngrid: {model.units: [1, 5], training.epochs: [10, 20],"
        " protocol: [{kind: fixed}, {kind: update, update_epochs: 5}, {kind: refit}]}"
    )
    times = {one.label: grid.seconds(one) for one in expand(grid).configurations}
    assert 0 < times["units=1, epochs=10, protocol=fixed"] < times["units=1, epochs=20, protocol=fixed"]
    assert times["units=1, epochs=10, protocol=fixed"] < times["units=5, epochs=10, protocol=fixed"]
    assert times["units=1, epochs=10, protocol=fixed"] < times["units=1, epochs=10, protocol=refit"]
