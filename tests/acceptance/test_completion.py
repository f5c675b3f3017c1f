"""Completion in a shell: the scripts are those of the shells, and bash's completes what there is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.acceptance.command import ROOT
from tests.in_process import scheduler


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell, tmp_path):
    """It calls back for what there is to complete."""
    done = scheduler("completion", shell, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{shell}_complete" in done.stdout


def test_other_shells_are_refused(tmp_path):
    """With those that are offered."""
    done = scheduler("completion", "tcsh", cwd=tmp_path)
    assert done.returncode == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr


@pytest.fixture
def complete(_three, tmp_path):
    """Complete a line in bash, with the script, in the folder of a store that has the experiment `quick`."""
    program = tmp_path / "bin" / "scheduler"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m scheduler "$@"\n')
    program.chmod(0o755)

    def run(*words):
        script = """
eval "$(scheduler completion bash)"
COMP_WORDS=(scheduler "$@"); COMP_CWORD=$#
_scheduler_completion scheduler
printf '%s\\n' "${COMPREPLY[@]}"
"""
        done = subprocess.run(
            ["bash", "--norc", "-c", script, "bash", *words],
            cwd=_three.parent,
            env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout.split()

    return run


def test_bash_completes_commands_options_and_experiments(complete):
    """Also values of options."""
    assert complete("comp") == ["compare", "completion"]
    assert "--format" in complete("report", "--fo")
    assert complete("report", "--format", "m") == ["markdown"]
    assert complete("status", "q") == ["quick"]
    assert complete("status", "--store", "sqlite:///none.db", "q") == []
