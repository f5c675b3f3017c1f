"""What to do about an experiment that another version of the numerics computed."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from store.commands import command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.records import Experiment

_TEXT = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_SET = re.compile(rf"--set ({_TEXT})")
_ORIGIN = re.compile(rf"# {_TEXT} with (?P<sets>--set {_TEXT}(?: --set {_TEXT})*)\Z")


def train_again(experiment: Experiment, store: str) -> str:
    """Return the sentence with the command that trains all repeats of an experiment with this version."""
    return f"{run_fresh(experiment, store)} trains all of them with this version, as a new experiment."


def run_fresh(experiment: Experiment, store: str) -> str:
    """Return the command that trains the grid of an experiment again.

    Args:
        experiment: its grid file is named, and the fields that `--set` changed.
        store: the URL of its store.
    """
    file = experiment.grid_file if experiment.grid_file.endswith((".yaml", ".yml")) else "GRID"
    sets = [word for text in overrides_of(experiment.grid_text) for word in ("--set", text)]
    return command("run", file, *sets, "--fresh", store=store)


def origin(file: str, overrides: Sequence[str]) -> str:
    """Return the first line of the text of a grid with overrides: where it comes from."""
    return f"# {file!r} with {' '.join(f'--set {text!r}' for text in overrides)}"


def overrides_of(grid_text: str) -> list[str]:
    """Return the overrides that the first line of a grid's text names, as `origin` writes it."""
    named = _ORIGIN.match(grid_text.partition("\n")[0])
    return [ast.literal_eval(text) for text in _SET.findall(named["sets"])] if named else []
