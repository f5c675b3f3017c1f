"""Output to pipes whose reader leaves, to closed streams and to a full disk."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

COMMAND = f"{sys.executable} -m scheduler"


@pytest.fixture
def shell(_three, tmp_path):
    """Run a line of the shell in a folder with a store in which three configurations are done."""
    shutil.copy(_three, tmp_path / "results.db")

    def run(line):
        script = f'scheduler() {{ {COMMAND} "$@"; }}\n{line}'
        return subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )

    return run


@pytest.mark.parametrize("command", ["report quick", "report quick --format csv", "compare quick", "list", "--help"])
def test_a_reader_that_has_seen_enough(shell, command):
    """The exit code is 141 and nothing is printed on stderr."""
    done = shell(f"(sleep 1; scheduler {command}) | true; exit ${{PIPESTATUS[0]}}")  # by then it has left
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
@pytest.mark.parametrize("command", ["report quick", "report quick --format csv", "list", "--help"])
def test_a_full_disk(shell, command):
    """One line reports it."""
    done = shell(f"scheduler {command} > /dev/full")
    assert done.returncode == 1
    assert done.stderr == "scheduler: No space left on device. The output may be incomplete.\n"


def test_stdout_by_its_name(shell, tmp_path):
    """/dev/stdout is written like any other file, even when it is redirected to one."""
    left = shell("(sleep 1; scheduler report quick --format csv --output /dev/stdout) | true; exit ${PIPESTATUS[0]}")
    assert left.returncode == 141
    shell("(echo first; scheduler report quick --format csv --output /dev/stdout; echo last) >> all.csv")
    lines = (tmp_path / "all.csv").read_text().splitlines()
    assert any(line.startswith("configuration,") for line in lines)
    assert lines[-1] == "last"


def test_closed_streams(shell, tmp_path):
    """Their numbers are not reused: a store that got one would be overwritten by what is printed."""
    done = shell("scheduler report quick --output report.txt <&- >&- 2>&- && scheduler list >&-")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "report.txt").read_text().startswith("quick: 3 configurations")
    assert shell("scheduler bogus 2>&-").stdout == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--html folder", "'--html': File 'folder' is a directory."),
        ("--html ''", "'--html': The path is empty."),
        ("--plots ''", "'--plots': The path is empty."),
        ("--plots folder", "--plots folder/quick-scores.png: Is a directory. Name a file that can be written."),
    ],
)
def test_what_cannot_be_written_is_named(shell, tmp_path, options, said):
    """The message has the option that named it, and the exit code is that of wrong usage."""
    (tmp_path / "folder" / "quick-scores.png").mkdir(parents=True)
    done = shell(f"scheduler report quick {options}")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_experiment_makes_no_folder(shell, tmp_path):
    """The experiment is looked up before any folder is made."""
    assert shell("scheduler report quik --output new/report.csv --plots plots").returncode == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
