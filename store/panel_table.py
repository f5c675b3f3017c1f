"""The table of panels: which series are trained together, stored once by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Table, Text, cast, select

from store.database.dialects import JsonText, UtcTime, from_now, insert_ignoring
from store.database.tables import metadata
from store.errors import NotFound

if TYPE_CHECKING:
    from store.database.database import Database
    from store.preparation.panels import Member

#: the panels that one training is of; a configuration names its own by the content
panels = Table(
    "panels",
    metadata,
    Column("content_hash", Text, primary_key=True),
    #: a list of series, each with its test rows, and whether it is trained on and forecast
    Column("members", JsonText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

#: panels that a process keeps after reading them
KEPT = 8


class PanelTable:
    """The panels of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: dict[str, tuple[Member, ...]] = {}

    def put(self, content_hash: str, members: str) -> None:
        """Store a panel; equal content is stored once."""
        row = {"content_hash": content_hash, "members": members, "created_at": from_now()}
        with self._database.write() as connection:
            connection.execute(insert_ignoring(connection, panels).values(row))

    def get(self, content_hash: str) -> tuple[Member, ...]:
        """Read a panel.

        Raises:
            NotFound: there is none.
        """
        if content_hash not in self._read:
            if len(self._read) >= KEPT:
                self._read.clear()
            self._read[content_hash] = self._fetch(content_hash)
        return self._read[content_hash]

    def _fetch(self, content_hash: str) -> tuple[Member, ...]:
        from store.preparation.panels import read_members  # which loads pydantic

        found = select(cast(panels.c.members, Text)).where(panels.c.content_hash == content_hash)
        with self._database.read() as connection:
            text = connection.execute(found).scalar_one_or_none()
        if text is None:
            raise NotFound(
                f"No panel with the content hash {content_hash!r} in {self._database.url}. "
                "Submit its grid again: that stores the panel, too."
            )
        return read_members(text)
