"""Bad input ends in one clear error on stderr, the right exit code, no traceback and nothing half-written."""

import sqlite3

import pytest

from tests.acceptance import command
from tests.acceptance.command import QUICK, write
from tests.in_process import scheduler


def refused(done, code: int, *parts: str) -> None:
    """Check that a command was refused with these words."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    for part in parts:
        assert part in done.stderr, done.stderr


@pytest.mark.parametrize("name", ["run", "plan", "submit"])
def test_a_grid_with_mistakes_is_refused_before_anything_is_stored(tmp_path, name):
    """All mistakes come at once, each with its line."""
    path = write(tmp_path, QUICK.replace("kind: vanilla", "kind: vanila").replace("repeats: 3", "repeats: 0"))
    done = scheduler(name, path, cwd=tmp_path)
    refused(done, 2, "quick.yaml:6", "vanila", "vanilla", "quick.yaml:8", "repeats")
    assert not (tmp_path / "results.db").exists()


def test_a_missing_grid_file_is_named(tmp_path):
    """A wrong path is wrong usage, also in a process of its own."""
    refused(command.scheduler("run", "no.yaml", cwd=tmp_path), 2, "no.yaml")


def test_mistakes_of_several_files_come_together(tmp_path):
    """A whole catalogue can be corrected in one go."""
    one = write(tmp_path, QUICK.replace("repeats: 3", "repeats: x"), "one.yaml")
    two = write(tmp_path, QUICK.replace("test: 12", "test: 99"), "two.yaml")
    refused(scheduler("plan", one, two, cwd=tmp_path), 2, "one.yaml", "two.yaml")


def test_an_unknown_command_names_the_nearest(tmp_path):
    """Typing errors are the most common mistake."""
    refused(scheduler("sumbit", cwd=tmp_path), 2, "sumbit", "submit")


def test_an_unknown_experiment_names_the_nearest(tmp_path):
    """The store knows what it has."""
    scheduler("migrate", cwd=tmp_path)
    refused(scheduler("report", "quik", cwd=tmp_path), 1, "quik")


def test_no_store_says_where_it_was_looked_for(tmp_path):
    """`list` in the wrong folder does not make an empty store there."""
    refused(scheduler("list", cwd=tmp_path), 1, "results.db")
    assert not (tmp_path / "results.db").exists()


def test_a_foreign_database_is_left_alone(tmp_path):
    """A file with other tables is not ours to migrate."""
    with sqlite3.connect(tmp_path / "results.db") as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    refused(scheduler("run", write(tmp_path), cwd=tmp_path), 1, "results.db")
    with sqlite3.connect(tmp_path / "results.db") as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    """A text file is left alone, too."""
    (tmp_path / "results.db").write_text("not a database, but somebody's notes\n" * 100)
    refused(scheduler("run", write(tmp_path), cwd=tmp_path), 1, "results.db")


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("mysql://host/db", "mysql"),
        ("nonsense", "nonsense"),
        ("sqlite:////no/such/folder/results.db", "/no/such/folder"),
        ("postgresql://me:secret@127.0.0.1:1/db", "127.0.0.1"),
    ],
)
def test_a_store_that_cannot_be_reached_is_named_without_its_password(tmp_path, url, part):
    """The message says what was given and what to do next."""
    done = scheduler("run", write(tmp_path), "--store", url, cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert part in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_submit_without_a_broker_says_how_to_start_one(tmp_path):
    """The message adds that `run` needs none; nothing is stored."""
    refused(scheduler("submit", write(tmp_path), cwd=tmp_path), 1, "BROKER_URL", "docker compose up", "scheduler run")
    assert not (tmp_path / "results.db").exists()


def test_submit_to_a_broker_that_is_down_says_where_it_was_looked_for(tmp_path):
    """A refused connection is not a traceback."""
    done = scheduler("submit", write(tmp_path), "--broker", "redis://127.0.0.1:1/0", cwd=tmp_path)
    refused(done, 1, "127.0.0.1:1", "docker compose up", "scheduler run")
    assert not (tmp_path / "results.db").exists()


def test_a_folder_for_plots_that_cannot_be_made_is_refused_before_training(tmp_path):
    """The folder is checked before hours of training."""
    (tmp_path / "plots").write_text("a file")
    refused(scheduler("run", write(tmp_path), "--plots", "plots", cwd=tmp_path), 2, "'--plots'", "'plots' is a file")
    assert not (tmp_path / "results.db").exists()


def test_a_worker_says_in_one_line_that_there_is_no_store(tmp_path):
    """Workers are started by supervisors: their first line is what people read."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "worker", "--store", "sqlite:///none.db", "--broker", "redis://127.0.0.1:1/0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    refused(done, 1, "worker: ", "none.db")


def test_the_line_that_a_refused_series_proposes_trains(standin, tmp_path):
    """A file with German marks, missing values and a note below runs after one round, and notes say what was read."""
    rows = "".join(f"{day:02d}.{month:02d}.2021;{day},5\n" for month in (1, 2) for day in range(1, 29))
    (tmp_path / "data.csv").write_text(
        f"Tag;Strom\n{rows}\nin MWh, vorläufig\n".replace(";7,5", ";n/a"), encoding="cp1252"
    )
    rest = "test: 6\nprepare: {pad: true}\nmodel: {stateful: false}\ntraining: {epochs: 5}\nrepeats: 2\n"
    done = standin("run", write(tmp_path, f"name: quick\nseries: {{path: data.csv, time: Tag, value: Strom}}\n{rest}"))
    refused(
        done, 2, "Strom is '1,5' and so on in 54 of 56 rows", "2 of 56 values of Strom are missing", ": write series: "
    )
    line = done.stderr.partition(": write ")[2].splitlines()[0]
    path = write(tmp_path, f"name: quick\n{line}\n{rest}")
    notes = [
        "read as cp1252",
        "line 59 looks like a note below the table",
        "5 of 59 rows filled by the previous value, of which 3 rows put in",
    ]
    planned, trained = standin("plan", path), standin("run", path, "--workers", "1")
    assert (planned.returncode, trained.returncode) == (0, 0)
    assert [note for note in notes if note not in trained.stderr] == []
    assert [note for note in notes if note not in planned.stdout] == []


def test_inspect_shows_a_file_and_a_grid(tmp_path):
    """With a picture; a file that is none is bad input."""
    (tmp_path / "data.csv").write_text("day,kw\n" + "".join(f"2021-02-{day:02d},{day % 7}\n" for day in range(1, 29)))
    done = scheduler("inspect", "data.csv", "--plots", "plots", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "write       series: {path: data.csv, time: day, value: kw}" in done.stdout
    assert (tmp_path / "plots/data-series.png").read_bytes().startswith(b"\x89PNG")
    shown = scheduler("inspect", write(tmp_path, QUICK), cwd=tmp_path).stdout
    assert "X           (" in shown
    refused(scheduler("inspect", "no.csv", cwd=tmp_path), 2, "no.csv: no such file")
    (tmp_path / "wrong.csv").write_text("day,y\n" + "\n".join(f"2022-06-{day:02d},{day}x7" for day in range(1, 9)))
    wrong = scheduler("inspect", "wrong.csv", cwd=tmp_path)
    assert (wrong.returncode, "that no line of a grid mends" in wrong.stderr) == (2, True)
    assert "y has values that are no numbers as they are written" in wrong.stdout
