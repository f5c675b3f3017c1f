"""Jobs whose models are of a kind that an installed package has: without it, or with another version, they are left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, select

from store.database.tables import configurations, jobs
from store.errors import StoreVersionError
from store.jobs import transitions
from store.jobs.states import QUEUED
from store.records import Job
from store.schema.own_kinds import missing_kind

_PARAMS = cast(configurations.c.params, Text)


def check_kinds(connection: Connection, which: ColumnElement[bool], **parameters: Any) -> None:
    """Check that all waiting jobs that `which` selects have models of kinds that are here.

    Raises:
        StoreVersionError: one has not.
    """
    waiting = select(jobs.c.configuration_id).where(jobs.c.state == QUEUED, which)
    of_packages = select(_PARAMS).where(configurations.c.id.in_(waiting), _PARAMS.like('%"package":%'))
    for (text,) in connection.execute(of_packages, parameters):
        if reason := missing_kind(text):
            raise StoreVersionError(reason)


def why_not(taken: Sequence[Job]) -> str | None:
    """Return why claimed jobs cannot be trained here, or None where they can."""
    reasons = (missing_kind(params) for params in {job.params for job in taken})
    return next((reason for reason in reasons if reason), None)


def leave(connection: Connection, taken: Sequence[Job], *, owner: str, reason: str) -> None:
    """Hand claimed jobs back as if they had never been claimed, with the reason why they wait."""
    released = transitions.RELEASE(connection, ids=[job.id for job in taken], holder=owner)
    transitions.EXPLAIN(connection, ids=released, reason=reason)
