"""A store behind PgBouncer in transaction mode, and in a schema of its own there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from store import StoreUnreachable, open_store
from tests.contract.pgbouncer import PgBouncer
from tests.examples import finish, submit
from tests.messages import one_line
from tests.servers import Postgres

pytestmark = pytest.mark.pgbouncer
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def bouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    """PgBouncer with three connections to Postgres for each database."""
    server = PgBouncer(postgres)
    server.start()
    yield server
    server.close()


@pytest.fixture
def database(postgres: Postgres, _postgres_template: str) -> str:
    """The name of a database with an empty store; PgBouncer stays connected to it."""
    name = f"bounced_{next(_numbers)}"
    postgres.create(name, _postgres_template)
    return name


def _busy(url: str) -> None:
    """Run the same statements often, by more threads than there are connections to Postgres."""
    with open_store(url) as store, ThreadPoolExecutor(6) as pool:
        made = submit(store).experiment
        jobs = store.jobs.claim_next(owner="o", lease=600, workers=1)
        list(pool.map(lambda _: [store.jobs.renew([1], owner="o", lease=600) for _ in range(12)], range(6)))
        assert finish(store, jobs, "o") == {job.id for job in jobs}
        assert store.experiments.status(made.id).ended == len(jobs)


@pytest.mark.parametrize("options", [{}, {"prepare_threshold": "0"}, {"prepare_threshold": "none"}])
def test_no_statement_is_prepared(bouncer: PgBouncer, database: str, options: dict[str, str]) -> None:
    """A pooler is noticed, or told of in the URL."""
    _busy(bouncer.url(database, **options))


def test_statements_that_are_prepared_all_the_same(bouncer: PgBouncer, database: str) -> None:
    """Where the URL says that statements are prepared, the failure is one line with the remedy."""
    with pytest.raises(
        StoreUnreachable, match=r"prepared statement .*: add prepare_threshold=none to the options"
    ) as e:
        _busy(bouncer.url(database, prepare_threshold="1"))
    one_line(e)


def test_a_schema_by_the_role(bouncer: PgBouncer, postgres: Postgres) -> None:
    """PgBouncer refuses options of a connection; those of the role choose the schema of the store."""
    name = f"shared_{next(_numbers)}"
    with psycopg.connect(postgres.create(name), autocommit=True) as connection:
        connection.execute("CREATE TABLE spatial_ref_sys (srid int); CREATE SCHEMA repeats")
        with pytest.raises(StoreUnreachable, match=r"PgBouncer passes no options on: .*`ALTER ROLE \.\.\. SET") as e:
            open_store(bouncer.url(name, options="-csearch_path=repeats"), create=True)
        one_line(e)
        connection.execute(f"ALTER ROLE postgres IN DATABASE {name} SET search_path = repeats")
    open_store(bouncer.url(name), create=True).close()
    _busy(bouncer.url(name))
