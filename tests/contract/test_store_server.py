"""Opening a store on a Postgres server: who is refused and why, and what a restart does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from store import StoreUnreachable, StoreVersionError, open_store
from tests.examples import finish, submit
from tests.messages import one_line
from tests.servers import Postgres


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A Postgres of its own, for tests that stop it."""
    own = Postgres()
    own.start()
    yield own
    own.close()


def _make(url: str) -> bool:
    with open_store(url, create=True) as opened:
        return opened.experiments.list() == []


class TestServer:
    """Postgres."""

    def test_made_and_opened(self, empty_postgres_url: str) -> None:
        """A store is made in an empty database, by either spelling, and opened again."""
        with open_store(empty_postgres_url, create=True) as made:
            submit(made)
        with open_store(empty_postgres_url.replace("postgresql://", "postgres://")) as again:
            assert len(again.experiments.list()) == 1
            assert make_url(again.url) == make_url(empty_postgres_url)

    def test_who_only_reads_has_one_connection(self, postgres_url: str) -> None:
        """To connect takes longer than a look at a small store."""
        with open_store(postgres_url) as opened, psycopg.connect(postgres_url) as other:
            assert opened.experiments.list() == []
            ours = "application_name = 'repeats' AND datname = current_database()"
            assert other.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {ours}").fetchone() == (1,)

    def test_empty_database(self, empty_postgres_url: str) -> None:
        """A database with no tables says what makes them."""
        with pytest.raises(
            StoreVersionError, match=r"has no tables yet\. `scheduler migrate --store .*` brings it up to date"
        ) as e:
            open_store(empty_postgres_url)
        one_line(e)

    def test_foreign_database(self, empty_postgres_url: str) -> None:
        """Another program's database is refused."""
        with psycopg.connect(empty_postgres_url) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num text)")
        with pytest.raises(
            StoreVersionError,
            match=r"has other tables \(alembic_version\)\. Give the store a schema of its own",
        ) as e:
            open_store(empty_postgres_url, create=True)
        assert "?options=-csearch_path%3Drepeats at the end of its URL" in one_line(e)

    def test_schema_of_its_own(self, empty_postgres_url: str) -> None:
        """A store lives beside the tables of others in the schema that its URL names, once there is one."""
        url = f"{empty_postgres_url}&options=-csearch_path%3Drepeats"
        with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE spatial_ref_sys (srid int)")
            with pytest.raises(StoreUnreachable, match=r"Create the schema that search_path names \(`CREATE SCH") as e:
                open_store(url, create=True)
            one_line(e)
            connection.execute("CREATE SCHEMA repeats")
            with open_store(url, create=True) as made:
                submit(made)
            with open_store(url) as again:
                assert len(again.experiments.list()) == 1
            others = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert others == [("spatial_ref_sys",)]

    @pytest.mark.parametrize("password", ["p@ss/w0rd", "pa$word1", 'it\'s "so" %40', " two  spaces "])
    @pytest.mark.parametrize("place", ["environment", "file"])
    def test_password_beside_the_url(
        self, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, place: str
    ) -> None:
        """Any password works that the environment or a file has; a wrong one is called that and not shown."""
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS locked")
            connection.execute(sql.SQL("CREATE ROLE locked LOGIN SUPERUSER PASSWORD {}").format(password))
        url = postgres_url.replace("postgres@", "locked@")
        (tmp_path / "secret").write_text(f"{password}\n" if place == "file" else "")
        given = {"PGPASSWORD": password} if place == "environment" else {"PGPASSWORD_FILE": str(tmp_path / "secret")}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        with open_store(url) as opened:
            assert opened.experiments.list() == []
        for name in given:
            monkeypatch.delenv(name)
        for wrong in (url, url.replace("locked@", "locked:hush@")):
            with pytest.raises(StoreUnreachable, match=r"password.*\. Correct the password: PGPASSWORD") as e:
                open_store(wrong)
            assert "hush" not in one_line(e)

    def test_nobody_listens(self) -> None:
        """A server that is down is named with how to start it; the password is not shown, wherever it was written."""
        for url in ("postgresql://me:secret@127.0.0.1:1/db", "postgres://127.0.0.1:1/db?user=me&password=secret"):
            with pytest.raises(
                StoreUnreachable,
                match=r"127\.0\.0\.1:1/db.*cannot be used: .*Start Postgres \(`docker compose up -d --wait`\)",
            ) as e:
                open_store(url)
            assert "secret" not in one_line(e)

    def test_missing_database(self, postgres: Postgres) -> None:
        """A database that the server does not have is told from a server that is down."""
        with pytest.raises(StoreUnreachable, match='database "nowhere" does not exist') as e:
            open_store(postgres.url("nowhere"))
        one_line(e)

    def test_no_rights(self, postgres: Postgres, empty_postgres_url: str) -> None:
        """A user who may not make tables is told so."""
        with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS guest")
            connection.execute("CREATE ROLE guest LOGIN")
        with pytest.raises(StoreUnreachable, match=r"cannot be used: permission denied for schema public") as e:
            open_store(empty_postgres_url.replace("postgres@", "guest@"), create=True)
        one_line(e)

    def test_eight_threads_make_one_store(self, empty_postgres_url: str) -> None:
        """Several services that start at once on an empty database all get the same store."""
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(_make, [empty_postgres_url] * 8)) == [True] * 8

    @pytest.mark.parametrize("killed", [False, True])
    def test_restart_is_survived(self, server: Postgres, killed: bool) -> None:
        """While the server is away every action says so in one line; after it the same store works, at once."""
        with open_store(server.create("own"), create=True) as opened:
            made = submit(opened).experiment
            jobs = opened.jobs.claim_next(owner="o", lease=600, workers=1)
            opened.jobs.renew([job.id for job in jobs], owner="o", lease=600)  # a claim alone is not waited for
            server.kill() if killed else server.stop()
            for action in (opened.experiments.list, lambda: opened.jobs.renew([1], owner="o", lease=1)):
                with pytest.raises(StoreUnreachable, match=r"cannot be used: .*Start Postgres") as e:
                    action()
                one_line(e)
            server.start()
            assert finish(opened, jobs, "o") == {job.id for job in jobs}
            assert opened.experiments.status(made.id).ended == len(jobs)

    def test_restart_between_two_actions_is_not_noticed(self, server: Postgres) -> None:
        """A connection that broke while it was idle is replaced."""
        with open_store(server.create("own"), create=True) as opened:
            submit(opened)
            server.restart()
            assert len(opened.experiments.list()) == 1
            server.restart(killed=True)
            assert len(opened.jobs.claim_next(owner="o", lease=60, workers=1)) == 3
