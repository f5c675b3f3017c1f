"""One job by itself, on Postgres: finished with its result by one statement.

A message with one job costs as much as one with many, and a grid with `pack: 1` sends one for each job. What happens is
what `store.results.rows` does with many.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, Table, bindparam, cast, insert, select

from store.database.raw_statements import Direct
from store.jobs.transitions import FINISH
from store.records import Provenance, Result
from store.results.rows import rows


def save_alone(connection: Connection, result: Result, *, owner: str, provenance: Provenance) -> set[int]:
    """Finish a job and write its result, if it still is the owner's; return the job, or nothing."""
    made = rows(result, provenance)
    values = {f"{table.name}_{name}": value for table, row in made.items() for name, value in row.items()}
    done = _save(tuple(made))(connection, values | {"one": result.job_id, "holder": owner})
    return {job for (job,) in done}


@cache
def _save(into: tuple[Table, ...]) -> Direct:
    done = FINISH.alone.cte("finished")
    inserts = []
    for table in into:
        names = [column.name for column in table.c if column.name != "job_id"]
        values = [
            cast(bindparam(f"{table.name}_{name}", type_=table.c[name].type), table.c[name].type) for name in names
        ]
        row = insert(table).from_select(["job_id", *names], select(done.c.id, *values))
        inserts.append(row.cte(f"into_{table.name}"))
    return Direct(select(done.c.id).add_cte(*inserts))
