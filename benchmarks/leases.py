"""The lease protocol in every order of steps: the real statements against a model, on SQLite and on Postgres.

Three workers and one or two jobs: claim, renew, hand back, fail, save, die, be replaced, leases that run out, sweep,
cancel, retry, resume and close, and on Postgres restarts of the server, in whose first seconds no older claim runs out.
From each state that can be reached every step is taken once; what the store answers and what it then holds must be what
the model says, with one result for each finished job, attempts counted right, and nothing left open for ever.
`--depth N` is the number of steps for two jobs; one job is searched until no state is left. `--sqlite` and `--postgres`
search one of them. Exits with 1 where they differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from store import Store, open_store
from tests.contract.leases.search import Broken, Explored, Search
from tests.servers import Postgres

#: enough for every state of one job: the search ends where none is new
_ALL = 100


@contextmanager
def opened(database: str) -> Iterator[Store]:
    """Yield an empty store."""
    if database == "SQLite":
        with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/r.db", create=True) as store:
            yield store
        return
    server = Postgres()
    server.start()
    try:
        with open_store(server.create("leases"), create=True) as store:
            yield store
    finally:
        server.close()


def row(database: str, jobs: int, depth: int) -> Explored:
    """Search one database, and print what was seen."""
    began = time.perf_counter()
    with opened(database) as store:
        search = Search(store, jobs=jobs, pack=jobs, restarts=database == "Postgres")
        try:
            found = search.run(depth, lambda so_far: print(f"  depth {so_far.depth}", end="\r", file=sys.stderr))
        finally:
            search.close()
    reach = f"every depth (no new state after {found.depth})" if found.complete else f"{found.depth}"
    seconds = time.perf_counter() - began
    print(
        f"| {database} | {jobs} | {reach} | {found.states:,} | {found.transitions:,} | {found.orders:.1e} "
        f"| {seconds:,.0f} |",
        flush=True,
    )
    return found


def main() -> None:
    """Print one row a database and number of jobs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=7, help="steps for two jobs [default: 7]")
    parser.add_argument("--jobs", type=int, help="search with so many jobs only")
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--small", action="store_true", help="to depth 3")
    parser.add_argument("--full", action="store_true", help="no difference here")
    asked = parser.parse_args()
    depth = 3 if asked.small else asked.depth
    both = asked.sqlite == asked.postgres
    databases = ["SQLite"] * (both or asked.sqlite) + ["Postgres"] * (both or asked.postgres)
    print("| database | jobs | steps in a row | states | transitions | orders of the last length | seconds |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    try:
        for database in databases:
            for jobs in [asked.jobs] if asked.jobs else [1, 2]:
                row(database, jobs, depth if jobs > 1 or asked.small else _ALL)
    except Broken as problem:
        sys.exit(f"\nThe store differs from the model after these states:\n{problem}")


if __name__ == "__main__":
    main()
