"""What a user may change about an existing experiment: its name and its note."""

from __future__ import annotations

import re

from sqlalchemy import Connection, select, update

from store.database.tables import experiments
from store.errors import UsageError
from store.experiments.writing import take_turns
from store.records import EXPERIMENT_NAME, EXPERIMENT_NAME_RULE

#: of a note
LONGEST_NOTE = 10_000


def rename(connection: Connection, experiment_id: int, name: str) -> None:
    """Change the name of an experiment.

    Raises:
        UsageError: the name is invalid, or another experiment has it.
    """
    if not re.fullmatch(EXPERIMENT_NAME, name):
        raise UsageError(f"{name!r} cannot be the name of an experiment: use {EXPERIMENT_NAME_RULE}. Try tune-units.")
    if name.isdecimal():
        raise UsageError(f"{name!r} cannot be the name of an experiment: numbers are ids. Try grid-{name}.")
    take_turns(connection)
    same_name = select(experiments.c.id).where(experiments.c.name == name, experiments.c.id != experiment_id)
    owner = connection.execute(same_name).scalar()
    if owner is not None:
        raise UsageError(
            f"The name {name!r} is taken by experiment {owner}. Choose another one, or rename or delete that one first."
        )
    connection.execute(update(experiments).where(experiments.c.id == experiment_id).values(name=name))


def set_note(connection: Connection, experiment_id: int, note: str) -> None:
    """Replace the note of an experiment; an empty text removes it.

    Raises:
        UsageError: the note is too long, or has control characters, which neither Postgres nor a terminal takes.
    """
    text = note.strip()
    if len(text) > LONGEST_NOTE:
        raise UsageError(f"The note has {len(text)} characters, and {LONGEST_NOTE} are allowed. Shorten it.")
    if any(not letter.isprintable() and letter not in "\n\t" for letter in text):
        raise UsageError("The note has control characters. Use plain text; newlines and tabs are allowed.")
    connection.execute(update(experiments).where(experiments.c.id == experiment_id).values(note=text))
