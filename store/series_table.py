"""The table of series: stored once by content and read by workers, which therefore share no file system."""

from __future__ import annotations

import json
from collections.abc import Collection
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, select

from store.database.dialects import from_now, insert_ignoring
from store.database.split_rows import stored_series
from store.database.tables import series
from store.errors import NotFound
from store.records import Series

if TYPE_CHECKING:
    from store.database.database import Database


#: series that are inserted by one statement, so that not all of a large panel are there twice
AT_ONCE = 500
#: series that a process keeps after reading them
KEPT = 32


class SeriesTable:
    """The series of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: what was read before; a series never changes under its hash
        self._read: dict[str, Series] = {}

    def put(self, *new: Series) -> None:
        """Store series; equal content is stored once, whatever its name.

        All processes store them in the same order: two that stored the same ones in different orders could each wait
        for the other.
        """
        rows = (
            {
                "content_hash": one.content_hash,
                "name": one.name,
                "columns": json.dumps(one.columns),
                "times": json.dumps(one.times),
                "observations": one.values.ravel(),
            }
            for one in sorted(new, key=lambda one: one.content_hash)
        )
        with self._database.write() as connection:
            insert = insert_ignoring(connection, series).values(created_at=from_now())
            while some := list(islice(rows, AT_ONCE)):
                connection.execute(insert, some)

    def get(self, content_hash: str) -> Series:
        """Read a series by its content.

        Raises:
            NotFound: there is none.
        """
        if content_hash not in self._read:
            if len(self._read) >= KEPT:
                self._read.clear()
            self._read[content_hash] = self._fetch(content_hash)
        return self._read[content_hash]

    def times(self, hashes: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the times of those of the series that are stored, by their content."""
        with self._database.read() as connection:
            return {hash_: one.times for hash_, one in stored_series(connection, hashes).items()}

    def lengths(self, hashes: Collection[str]) -> dict[str, int]:
        """Return how many observations series have, by their content."""
        with self._database.read() as connection:
            return {hash_: one.observations for hash_, one in stored_series(connection, hashes).items()}

    def _fetch(self, content_hash: str) -> Series:
        columns = (series.c.name, cast(series.c.columns, Text), cast(series.c.times, Text), series.c.observations)
        with self._database.read() as connection:
            row = connection.execute(select(*columns).where(series.c.content_hash == content_hash)).one_or_none()
        if row is None:
            raise NotFound(
                f"No series with the content hash {content_hash!r} in {self._database.url}. "
                "Submit its grid again: that stores the series, too."
            )
        names = json.loads(row[1])
        return Series(
            name=row[0],
            columns=tuple(names),
            values=row[3].reshape(-1, len(names)),
            times=tuple(json.loads(row[2])),
            content_hash=content_hash,
        )
