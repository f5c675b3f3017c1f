"""The version of the numerics: jobs of another version are not trained, since their numbers would differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from store.database.tables import jobs
from store.errors import StoreVersionError
from store.jobs.states import QUEUED


def numerics() -> int:
    """Return the version of this installation."""
    from store.schema import configuration  # which loads pydantic

    return configuration.NUMERICS


def check_version(connection: Connection, which: ColumnElement[bool], **parameters: Any) -> None:
    """Check that no waiting job that `which` selects was made by another version.

    Raises:
        StoreVersionError: one is.
    """
    other = select(jobs.c.numerics).where(jobs.c.state == QUEUED, which, jobs.c.numerics != bindparam("ours")).limit(1)
    found = connection.execute(other, parameters | {"ours": numerics()}).scalar()
    if found is not None:
        raise another_version(found)


def another_version(theirs: int) -> StoreVersionError:
    """Return the error that names both versions and what to do."""
    ours = numerics()
    advice = (
        "Update this project here."
        if theirs > ours
        else "Submit the grid again with this version, which makes jobs of its own, or finish them with the version of "
        "this project that made them."
    )
    return StoreVersionError(
        f"Waiting jobs were made by version {theirs} of the numerics, and this is version {ours}, which would "
        f"compute different numbers. They are left alone. {advice}"
    )
