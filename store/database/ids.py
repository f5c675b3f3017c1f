"""Ids: those of new rows are used once, so that a message that names a deleted row never reaches another one."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, func, insert, select

from store.database.tables import configurations, used_ids


def next_id(connection: Connection, table: Table) -> int:
    """Return an id that no row of the table has or had; the caller keeps others from inserting meanwhile."""
    return max(_highest(connection, table), _used(connection, table)) + 1


def keep_used_ids(connection: Connection, table: Table) -> None:
    """Remember the highest id of a table, of which rows are about to be deleted."""
    highest = max(_highest(connection, table), _used(connection, table))
    connection.execute(delete(used_ids).where(used_ids.c.table_name == table.name))
    connection.execute(insert(used_ids).values(table_name=table.name, highest=highest))


def _highest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)


def _used(connection: Connection, table: Table) -> int:
    highest = select(used_ids.c.highest).where(used_ids.c.table_name == table.name)
    return int(connection.execute(highest).scalar() or 0)


def ids_by_label(connection: Connection, experiment_id: int) -> dict[str, int]:
    """Return the ids of an experiment's configurations, each on each of its splits, by their labels."""
    mine = select(configurations.c.label, configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    return {label: int(id_) for label, id_ in connection.execute(mine)}
