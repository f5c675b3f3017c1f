"""What to do about an experiment that another version of the numerics computed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.records import Experiment

#: the command with a word for the file
FRESH = "`scheduler run GRID --fresh`"


def train_again(experiment: Experiment) -> str:
    """Return the sentence with the command that trains all repeats of an experiment with this version."""
    file = experiment.grid_file
    command = f"`scheduler run {shlex.quote(file)} --fresh`" if file.endswith((".yaml", ".yml")) else FRESH
    return f"{command} trains all of them with this version, as a new experiment."
