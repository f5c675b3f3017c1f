"""One job by itself, on Postgres: claimed by one statement, finished with its result by another.

A message with one job costs as much as one with many, and a grid with `pack: 1` sends one for each job. What happens is
what `store.claims` and `store.saved` do with many.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Engine, Table, bindparam, cast, insert, select

from store.claims import CLAIM_ONE, FINISH, claiming
from store.direct import Direct
from store.records import Job, Provenance, Result
from store.saved import rows

_CLAIMED = [column["name"] for column in CLAIM_ONE.returning_column_descriptions]


def claim_alone(engine: Engine, job: int, *, owner: str, lease: float, numerics: int) -> list[Job]:
    """Give a job that waits, and is of this version, an owner; return it, or nothing."""
    values = claiming(owner, lease) | {"one": job, "of_numerics": numerics}
    return [Job(**dict(zip(_CLAIMED, row, strict=True))) for row in _claim()(engine, values)]


def save_alone(engine: Engine, result: Result, *, owner: str, provenance: Provenance) -> set[int]:
    """Finish a job and write its result, if it still is the owner's; return the job, or nothing."""
    made = rows(result, provenance)
    values = {f"{table.name}_{name}": value for table, row in made.items() for name, value in row.items()}
    done = _save(tuple(made))(engine, values | {"one": result.job_id, "holder": owner})
    return {job for (job,) in done}


@cache
def _claim() -> Direct:
    return Direct(CLAIM_ONE)


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
