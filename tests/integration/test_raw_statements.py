"""Statements that the driver runs alone answer and fail as those that SQLAlchemy runs."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import bindparam, literal_column, select, table, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.types import BigInteger

from store import StoreUnreachable, open_store
from store.database.raw_statements import RawStatement
from store.results.rows import insert_results
from tests.examples import PROVENANCE, experiment, result, submit

#: the server process of the connection that answers
SERVER = RawStatement(
    select(literal_column("pg_backend_pid()").label("pid"), bindparam("n", type_=BigInteger).label("n"))
)


@pytest.fixture
def store(postgres_url):
    """An open store on Postgres."""
    with open_store(postgres_url) as opened:
        yield opened


def ask(store, n=1):
    """Return the one row that `SERVER` answers."""
    with store.database.single() as connection:
        (row,) = SERVER(connection, {"n": n})
    return dict(zip(("pid", "n"), row, strict=True))


def end(url, pid):
    """End a server process, as a restart does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_rows_come_by_name(store):
    """A parameter goes to the database and back."""
    assert ask(store, 7)["n"] == 7


def test_each_statement_is_a_transaction(store):
    """What one has done the next connection sees, and a failure undoes nothing of it."""
    with store.database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE counted (n INTEGER)")
    with store.database.single() as connection:
        RawStatement(text("INSERT INTO counted VALUES (1) RETURNING n"))(connection, {})
    with pytest.raises(DBAPIError), store.database.single() as connection:
        RawStatement(text("SELECT 1 / 0 AS nothing"))(connection, {})
    with store.database.write() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM counted").scalar() == 1


def test_a_broken_connection_is_found_before_it_is_used(store, postgres_url):
    """A server that was restarted in between costs nothing."""
    first = ask(store)["pid"]
    end(postgres_url, first)
    assert ask(store)["pid"] != first


def test_a_connection_that_breaks_meanwhile_is_told_and_left(store, postgres_url):
    """The store is unreachable, in one clear line, and answers the next time."""
    dying = RawStatement(select(literal_column("pg_terminate_backend(pg_backend_pid())").label("gone")))
    with pytest.raises(StoreUnreachable, match="cannot be used"), store.database.single() as connection:
        dying(connection, {})
    assert ask(store)["n"] == 1


def test_a_server_that_goes_away_while_results_are_written(store, postgres_url):
    """The store is unreachable, as it is to any other statement; nothing is half written, and saving again works."""
    submit(store, experiment(labels=["a"], repeats=2))
    jobs = store.jobs.claim([1, 2], owner="o", lease=60)
    results = [result(job.id) for job in jobs]

    def write_to_a_dead_server():
        with store.database.write() as connection:
            end(postgres_url, connection.exec_driver_sql("SELECT pg_backend_pid()").scalar())
            insert_results(connection, results, PROVENANCE)

    with pytest.raises(StoreUnreachable, match="cannot be used"):
        write_to_a_dead_server()
    assert store.results.save(results, owner="o", provenance=PROVENANCE) == {1, 2}
    assert len(store.results.frame(1).dropna(subset="test_rmse")) == 2


def test_a_server_that_is_down(postgres, postgres_url):
    """One job is claimed and saved as many are: the store is unreachable, and all is well when it is back."""
    with open_store(postgres_url) as store:
        submit(store, experiment(labels=["a"], repeats=2))
        (first,) = store.jobs.claim([1], owner="o", lease=60)
        postgres.stop()
        try:
            with pytest.raises(StoreUnreachable, match="cannot be used"):
                store.jobs.claim([2], owner="o", lease=60)
            with pytest.raises(StoreUnreachable, match="cannot be used"):
                store.results.save([result(first.id)], owner="o", provenance=PROVENANCE)
        finally:
            postgres.start()
        assert len(store.jobs.claim([2], owner="o", lease=60)) == 1
        assert store.results.save([result(first.id)], owner="o", provenance=PROVENANCE) == {first.id}


def test_a_mistake_in_a_statement_is_no_trouble_with_the_database(store):
    """It is raised as SQLAlchemy raises it, and the connection still answers."""
    wrong = RawStatement(select(literal_column("1").label("one")).select_from(table("nowhere")))
    with pytest.raises(ProgrammingError, match="nowhere") as problem, store.database.single() as connection:
        wrong(connection, {})
    assert isinstance(problem.value, DBAPIError)
    assert ask(store)["n"] == 1


@pytest.mark.parametrize("count", [1, 2])
def test_results_are_whole_or_not_there(store, count):
    """What cannot be written, alone or with others, leaves the jobs as they were: they go on being the owner's."""
    submit(store, experiment(labels=["a"], repeats=count))
    whole = [result(job.id) for job in store.jobs.claim(range(1, count + 1), owner="o", lease=60)]
    too_long = replace(whole[-1].trajectory, epochs=2**40)  # more than the column holds
    with pytest.raises(DBAPIError, match="out of range"):
        store.results.save([*whole[:-1], replace(whole[-1], trajectory=too_long)], owner="o", provenance=PROVENANCE)
    assert store.experiments.status(1).running == count
    assert len(store.results.save(whole, owner="o", provenance=PROVENANCE)) == count
