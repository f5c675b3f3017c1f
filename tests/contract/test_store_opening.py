"""Opening a store: what is there, what is not, what is something else; each is said in one clear line."""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

import store as package
from store import StoreUnreachable, StoreVersionError, UsageError, open_store
from tests.examples import experiment, finish, submit
from tests.messages import one_line


class TestFile:
    """SQLite."""

    def test_made_and_opened(self, tmp_path: Path) -> None:
        """A store is made where there was nothing, opened again, and made again without harm."""
        url = f"sqlite:///{tmp_path}/results.db"
        with open_store(url, create=True) as made:
            submit(made)
        for create in (False, True):
            with open_store(url, create=create) as again:
                assert len(again.experiments.list()) == 1
        assert not (tmp_path / "results.db-wal").exists()

    def test_empty_file_becomes_a_store(self, tmp_path: Path) -> None:
        """A file of no bytes is as good as none."""
        (tmp_path / "results.db").touch()
        open_store(f"sqlite:///{tmp_path}/results.db", create=True).close()

    def test_missing_file(self, tmp_path: Path) -> None:
        """Where there is no store, the path and what creates one are named, and no file is left."""
        with pytest.raises(
            StoreUnreachable,
            match=r"There is no results store at .*/none.db. `scheduler run GRID --store .*/none.db` creates",
        ) as e:
            open_store(f"sqlite:///{tmp_path}/none.db")
        assert str(tmp_path / "none.db") in one_line(e)
        assert list(tmp_path.iterdir()) == []

    def test_directory(self, tmp_path: Path) -> None:
        """A directory is not a store; a name in it is suggested."""
        with pytest.raises(
            StoreUnreachable, match=r"is a directory\. Name a file in it: sqlite:///.*results\.db\."
        ) as e:
            open_store(f"sqlite:///{tmp_path}", create=True)
        one_line(e)

    def test_missing_directory(self, tmp_path: Path) -> None:
        """A store in a directory that is not there names the directory."""
        with pytest.raises(
            StoreUnreachable, match=rf"there is no directory {tmp_path}/no. Create it, or correct the path"
        ) as e:
            open_store(f"sqlite:///{tmp_path}/no/results.db", create=True)
        one_line(e)

    def test_unwritable_place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A store that may not be written says so before anything is tried; root may write all."""
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(
            StoreUnreachable, match=r"is not writable\. Change its permissions, or name another file with --store"
        ) as e:
            open_store(f"sqlite:///{tmp_path}/results.db", create=True)
        one_line(e)

    @pytest.mark.parametrize("writable", ["folder", "file", "nothing"])
    def test_read_only_file(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, writable: str) -> None:
        """It is read, whether or not files may be made beside it; writing says in one line that it is read-only."""
        with open_store(sqlite_url) as store:
            one = submit(store, experiment("e", ["a"])).experiment
        path = Path(sqlite_url.removeprefix("sqlite:///"))
        allowed = {"folder": {str(path.parent)}, "file": {str(path)}, "nothing": set()}[writable]
        monkeypatch.setattr(os, "access", lambda path, _mode: str(path) in allowed)  # root may write all
        with open_store(sqlite_url) as store:
            assert [found.name for found in store.experiments.list()] == ["e"]
            with pytest.raises(StoreUnreachable, match=r"It is read-only\. Make it writable, or name") as e:
                store.experiments.cancel(one.id)
        one_line(e)

    def test_place_that_refuses_files(self) -> None:
        """What the system refuses is told in its words."""
        with pytest.raises(StoreUnreachable, match=r"sqlite:////proc/results\.db cannot be used: unable to open") as e:
            open_store("sqlite:////proc/results.db", create=True)
        one_line(e)

    def test_not_a_database(self, tmp_path: Path) -> None:
        """A file that is something else is left alone."""
        (tmp_path / "notes.txt").write_text("Dear diary, today I trained a network.")
        with pytest.raises(StoreVersionError, match=r"notes\.txt is not a results store: it is not a SQLite file") as e:
            open_store(f"sqlite:///{tmp_path}/notes.txt", create=True)
        one_line(e)
        assert (tmp_path / "notes.txt").read_text().startswith("Dear diary")

    def test_a_file_that_is_deleted_meanwhile(self, sqlite_url: str) -> None:
        """The next connection says so, and makes no empty file in its place."""
        path = Path(sqlite_url.removeprefix("sqlite:///"))
        with open_store(sqlite_url) as opened:
            path.unlink()
            opened.database.engine.dispose()
            with pytest.raises(StoreUnreachable, match=r"cannot be used: unable to open database file") as e:
                opened.experiments.list()
        one_line(e)
        assert not path.exists()

    def test_old_sqlite(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Python with an SQLite that is too old is told so."""
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
        with pytest.raises(
            StoreUnreachable, match=r"and 3\.35 or newer is needed\. Use a newer Python, or Postgres"
        ) as e:
            open_store(sqlite_url)
        one_line(e)

    def test_device(self) -> None:
        """What is no file at all is refused."""
        with pytest.raises(StoreVersionError, match=r"/dev/null is not a file") as e:
            open_store("sqlite:////dev/null", create=True)
        one_line(e)

    def test_damaged_database(self, sqlite_url: str) -> None:
        """A damaged file is told from a missing one."""
        path = Path(sqlite_url.removeprefix("sqlite:///"))
        path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4096)
        with pytest.raises(
            StoreUnreachable, match=r"cannot be used: (file is not a database|database disk image)"
        ) as e:
            open_store(sqlite_url)
        one_line(e)

    def test_foreign_database(self, tmp_path: Path) -> None:
        """Another program's database is refused and not touched, whether or not the store may be made."""
        path = tmp_path / "other.db"
        connection = sqlite3.connect(path)
        for name in ("albums", "artists", "tracks", "genres"):
            connection.execute(f"CREATE TABLE {name} (id INTEGER)")
        connection.close()
        before = path.read_bytes()
        for create in (False, True):
            with pytest.raises(
                StoreVersionError,
                match=r"is not a results store: it has other tables \(albums, artists, genres, \.\.\.\)",
            ) as e:
                open_store(f"sqlite:///{path}", create=create)
            one_line(e)
        assert path.read_bytes() == before

    def test_eight_processes_make_one_store(self, tmp_path: Path) -> None:
        """Eight processes that start at once on no file all get the same store."""
        url = f"sqlite:///{tmp_path}/results.db"
        with ProcessPoolExecutor(8, _ready()) as pool:
            assert list(pool.map(_make, [url] * 8)) == [True] * 8

    def test_eight_processes_share_one_file(self, sqlite_url: str) -> None:
        """Eight processes claim and save on one file at once: no lock error, every job done once."""
        with open_store(sqlite_url) as opened:
            made = submit(opened, experiment(labels=["a", "b", "c"], repeats=40, pack=2)).experiment
            with ProcessPoolExecutor(8, _ready()) as pool:
                done = list(pool.map(_work, [(sqlite_url, made.id, number) for number in range(8)]))
            assert sum(jobs for jobs, _ in done) == 120
            assert [one for _, closed in done for one in closed] == [made.id]
            assert opened.results.frame(made.id)["test_rmse"].notna().all()


def _ready() -> multiprocessing.context.ForkServerContext:
    """Return a context whose processes share no connection with this one, and import nothing: that is done once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "store.opening", "store.results.results"])
    return context


def _make(url: str) -> bool:
    with open_store(url, create=True) as opened:
        return opened.experiments.list() == []


def _work(task: tuple[str, int, int]) -> tuple[int, list[int]]:
    url, experiment_id, number = task
    done, closed = 0, []
    with open_store(url) as opened:
        for turn in range(1000):
            owner = f"host:{number}:{turn}"
            jobs = opened.jobs.claim_next(owner=owner, lease=60, workers=8, experiments=[experiment_id])
            if not jobs and not opened.jobs.unfinished([experiment_id]):
                break
            done += len(finish(opened, jobs, owner))
            closed += opened.experiments.close_if_done(having_jobs=[job.id for job in jobs])
    return done, closed


class TestUrl:
    """What is no address of a store."""

    @pytest.mark.parametrize(
        "url", ["", "results.db", "postgresql://me:secret@host:port/db", "://", "host=h password=secret"]
    )
    def test_not_a_url(self, url: str) -> None:
        """What is no URL is shown, without its password, with the forms that are."""
        with pytest.raises(UsageError, match=r"is not a database URL. Use sqlite:///results.db") as e:
            open_store(url)
        assert "secret" not in one_line(e)

    def test_a_password_that_is_not_escaped(self) -> None:
        """It would be read as the server and the database, and then be shown."""
        for url in ("postgresql://me:my@secret/word@host/d", "postgresql://me:my@secret@host/d"):
            with pytest.raises(UsageError, match=r"has an @ that is not escaped. .* write @ as %40") as e:
                open_store(url)
            assert "secret" not in one_line(e)
            assert "word@" not in one_line(e)

    @pytest.mark.parametrize("option", ["prepare_threshold=often", "prepare_threshold=-1", "autocommit=true"])
    def test_options_that_are_none(self, option: str) -> None:
        """What the driver cannot take as text is refused by its name."""
        with pytest.raises(UsageError, match=rf"{option.partition('=')[0]}.*(allowed: none or 0|Remove it)") as e:
            open_store(f"postgresql://me:secret@host/db?{option}")
        assert "secret" not in one_line(e)

    @pytest.mark.parametrize("url", ["mysql://me:secret@host/db", "postgresql+asyncpg://me:secret@host/db"])
    def test_another_database(self, url: str) -> None:
        """An unsupported database or driver is named, with the supported ones."""
        name = url.partition(":")[0]
        with pytest.raises(UsageError, match=rf"names '{re.escape(name)}', which is not supported. Use sqlite") as e:
            open_store(url)
        assert "secret" not in one_line(e)

    def test_options_of_a_file(self, sqlite_url: str) -> None:
        """SQLite's own would be left unheard."""
        with pytest.raises(UsageError, match=r"results\.db\?timeout=1 has options, which SQLite does not support") as e:
            open_store(f"{sqlite_url}?timeout=1")
        one_line(e)

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite://results.db"])
    def test_no_file(self, url: str) -> None:
        """SQLite needs a file, since several processes share it, and three slashes before it."""
        with pytest.raises(UsageError, match=r"names no file. Write sqlite:///results.db") as e:
            open_store(url)
        one_line(e)


class TestPackage:
    """`import store`."""

    def test_map_is_complete_and_sorted(self) -> None:
        """Each name of `__all__` is there, once, in order."""
        assert sorted(package.__all__, key=_constants_first) == package.__all__
        assert all(hasattr(package, name) for name in package.__all__)

    def test_unknown_name(self) -> None:
        """A name that is not there is an ordinary AttributeError."""
        with pytest.raises(AttributeError, match=r"module 'store' has no attribute 'nothing'"):
            package.nothing  # noqa: B018

    def test_import_is_light(self) -> None:
        """Importing the package loads none of the heavy libraries."""
        heavy = ("sqlalchemy", "psycopg", "pandas", "numpy", "celery", "redis", "pydantic", "alembic", "tensorflow")
        code = f"import store, sys; print([name for name in {heavy} if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


def _constants_first(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
