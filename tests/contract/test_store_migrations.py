"""Stores of other versions: refused, or brought up to date."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import store as store_package
from store import JobState, Store, StoreVersionError, open_store
from store.database.migrations import HEAD, REVISIONS, VERSION_TABLE, config
from store.database.tables import metadata
from tests.examples import conclude, submit
from tests.messages import one_line

#: makes a store of an older version with one job, and returns its URL
OldStore = Callable[[str], str]
_TIME = "'2026-01-01 00:00:00'"
#: the columns of all versions
OLD_ROWS = (
    f"INSERT INTO series VALUES ('5e', 's', '[]', '[]', {{empty}}, {_TIME})",
    "INSERT INTO experiments (name, base_name, digest, state, description, grid_text, grid_file, repeats, seed, queue, "
    f"max_attempts, created_at) VALUES ('old', 'old', 'd', 'running', '', '', '', 1, 7, 'default', 3, {_TIME})",
    "INSERT INTO configurations (experiment_id, position, label, axes, params, series_hash) "
    "VALUES (1, 0, 'a', '{{}}', '{{\"test\":5,\"series\":{{\"name\":\"s\"}}}}', '5e')",
    "INSERT INTO jobs (id, key, generation, configuration_id, repeat, seed, program, {numerics}queue, state, attempts, "
    "max_attempts, max_pack, pack_limit) "
    "VALUES (1, 'k', 0, 1, 0, 7, 'p', {numerics_value}'default', 'queued', 0, 3, 1, 1)",
    "INSERT INTO experiment_jobs VALUES (1, 0, 1, 1)",
    "INSERT INTO scores VALUES (1, 1.0, 1.0, {false}, 1.0, '{{}}', 'w', 'h', 1, '', '', '', '', NULL)",
    "INSERT INTO forecast_arrays VALUES (1, 2, 1, 1, {ones}, {others})",
    "INSERT INTO comparison_rows (experiment_id, a, b, verdict, position, details) "
    "VALUES (1, 'a', 'é', 'better', 0, '{{\"winner\": \"é\"}}')",
)


SQLITE_WORDS = {
    "empty": "x''",
    "false": "0",
    "ones": f"x'{np.array([1.0, 2.0], '<f8').tobytes().hex()}'",
    "others": f"x'{np.array([2.0, 4.0], '<f8').tobytes().hex()}'",
}
POSTGRES_WORDS = {"empty": "'{}'", "false": "false", "ones": "'{1,2}'", "others": "'{2,4}'"}


@pytest.fixture(params=["sqlite", "postgres"])
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> OldStore:
    """Create stores of older versions."""

    def make(revision: str) -> str:
        sqlite = request.param == "sqlite"
        url = f"sqlite:///{tmp_path}/old.db" if sqlite else str(request.getfixturevalue("empty_postgres_url"))
        numerics = ("numerics, ", "1, ") if revision > "0001" else ("", "")
        settings, engine = config(), create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)
            for statement in OLD_ROWS:
                words = SQLITE_WORDS if sqlite else POSTGRES_WORDS
                connection.exec_driver_sql(
                    statement.format(**words, numerics=numerics[0], numerics_value=numerics[1]).replace("%", "%%")
                )
        engine.dispose()
        return url

    return make


class TestVersion:
    """Stores of other versions, and the migrations."""

    def test_newer_store(self, store: Store, store_url: str) -> None:
        """A store of a newer version is refused, and says which it is."""
        with store.database.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        for create in (False, True):
            with pytest.raises(
                StoreVersionError,
                match=rf"made by a newer version .* version 9999, this one knows up to {HEAD}\)\. Update",
            ) as e:
                open_store(store_url, create=create)
            one_line(e)

    def test_older_store(self, store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A store of an older version is refused until it is migrated."""
        monkeypatch.setattr("store.database.migrations.HEAD", "9999")
        with pytest.raises(
            StoreVersionError,
            match=rf"older version \({HEAD}; this one needs 9999\)\. `scheduler migrate --store .*` brings",
        ) as e:
            open_store(store_url)
        one_line(e)

    def test_a_first_store_is_brought_up_to_date(self, old_store: OldStore) -> None:
        """One of the first version keeps what it has; its jobs are known to be of the first numerics."""
        url = old_store("0001")
        with pytest.raises(StoreVersionError, match=r"is of an older version \(0001;"):
            open_store(url)
        with open_store(url, create=True) as migrated:
            with migrated.database.engine.connect() as connection:
                assert set(connection.exec_driver_sql("SELECT numerics FROM jobs").scalars()) == {1}
            (one,) = migrated.experiments.list()
            assert (one.name, one.note, one.counts[JobState.QUEUED]) == ("old", "", 1)

    def test_a_released_store_is_brought_up_to_date(self, old_store: OldStore) -> None:
        """One of the last release works on: its experiment is found, and new ones get ids of their own."""
        with open_store(old_store("0003"), create=True) as migrated:
            assert migrated.experiments.get("old").id == 1
            assert submit(migrated).experiment.id == 2
            assert [waiting.id for waiting in migrated.jobs.waiting()] == list(range(1, 8))

    def test_comparisons_without_an_outcome_are_computed_again(self, old_store: OldStore) -> None:
        """Those of the last release are kept, and their experiment counts as not summarised."""
        url = old_store("0003")
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE experiments SET state = 'done', finished_at = {_TIME}, summarised_at = {_TIME}"
            )
        engine.dispose()
        with open_store(url, create=True) as migrated:
            assert migrated.experiments.unsummarised() == [1]
            assert migrated.results.comparisons(1)[["verdict", "winner"]].to_numpy().tolist() == [["better", "é"]]
            rows = [{"a": "a", "b": "é", "outcome": "better_b", "verdict": "better", "winner": "é"}]
            conclude(migrated, 1, comparisons=pd.DataFrame(rows))
            with migrated.database.engine.connect() as connection:
                shown = connection.exec_driver_sql("SELECT outcome, winner FROM comparisons").all()
            assert [tuple(row) for row in shown] == [("better_b", "é")]

    def test_what_is_new_is_filled(self, old_store: OldStore) -> None:
        """Parameters, scores by step, errors and winners of what was stored before are as those of new experiments."""
        with open_store(old_store("0003"), create=True) as migrated, migrated.database.read() as connection:
            ask = connection.exec_driver_sql
            some = "parameter IN ('model.activation', 'test') ORDER BY parameter"
            assert ask(f"SELECT * FROM parameters WHERE {some}").fetchall() == [
                ("old", "a", "model.activation", "tanh", None),
                ("old", "a", "test", "5", 5.0),
            ]
            assert ask("SELECT target, step, rmse, mae FROM step_scores").fetchall() == [(1, 1, 2.5**0.5, 1.5)]
            assert ask("SELECT test_mae FROM results").fetchall() == [(1.5,)]
            assert ask("SELECT test_mape, test_smape, test_mase FROM results").fetchall() == [
                (100.0, 200 * (1 / 3), None)
            ]
            assert ask("SELECT mape, smape FROM step_scores").fetchall() == [(100.0, 200 * (1 / 3))]
            assert ask("SELECT target, mae, mape FROM target_scores").fetchall() == [(1, 1.5, 100.0)]
            assert ask("SELECT winner FROM comparisons").fetchall() == [("é",)]

    def test_what_hangs_on_a_view_stays(self, empty_postgres_url: str) -> None:
        """Views of the user's own, and the rights of others, outlive a column that is added to a view."""
        settings = config()
        engine = create_engine(empty_postgres_url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, "0002")
            connection.exec_driver_sql("CREATE VIEW mine AS SELECT verdict FROM comparisons")
            connection.exec_driver_sql("GRANT SELECT ON comparisons TO PUBLIC")
        engine.dispose()
        with open_store(empty_postgres_url, create=True) as store, store.database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM mine").scalar() == 0
            assert connection.exec_driver_sql("SELECT count(winner) FROM comparisons").scalar() == 0
            granted = "SELECT has_table_privilege('public', 'comparisons', 'SELECT')"
            assert connection.exec_driver_sql(granted).scalar() is True

    def test_head_is_the_last_migration(self) -> None:
        """The revisions that the check knows are those that Alembic finds, in order."""
        scripts = ScriptDirectory.from_config(config())
        assert scripts.get_current_head() == HEAD
        assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS

    def test_tables_are_what_the_migrations_make(self, store: Store) -> None:
        """The tables that statements are made of are those in the database: no column more or less."""
        _define_every_table()
        with store.database.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": VERSION_TABLE, "compare_type": False, "include_object": _is_ours}
            )
            different = [one for one in compare_metadata(context, metadata) if not _is_key(one)]
            assert different == []


def _define_every_table() -> None:
    """Import all modules of the store: some define a table of their own, and are loaded where they are first used."""
    for module in pkgutil.walk_packages(store_package.__path__, "store."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)


def _is_key(difference: object) -> bool:
    """Whether it is only that SQLite calls the columns of a primary key nullable."""
    return isinstance(difference, list) and {kind for kind, *_ in difference} == {"modify_nullable"}


def _is_ours(thing: object, name: str, kind: str, *_: object) -> bool:
    return not (kind == "index" or (kind == "table" and name == "numbers"))


class TestSplits:
    """Version 0008 names splits, and forgets what was compared across them."""

    MIXED = (
        "INSERT INTO configurations (experiment_id, position, label, axes, params, series_hash) "
        "VALUES (1, 1, 'é', '{}', '{\"test\":7,\"series\":{\"name\":\"s\"}}', '5e')",
        f"UPDATE experiments SET state = 'done', finished_at = {_TIME}, summarised_at = {_TIME}",
        "INSERT INTO baseline_rows (experiment_id, split, target, baseline, rmse, position, details) "
        "VALUES (1, 'k', '', 'persistence', 1.0, 0, '{}')",
    )

    def prepared(self, url: str, *statements: str) -> None:
        """Run statements on a store of the older version."""
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%"))
        engine.dispose()

    def test_experiments_that_mix_splits_are_compared_again(self, old_store: OldStore) -> None:
        """Comparisons across splits and baselines without a split are gone; the experiment waits for new ones."""
        url = old_store("0003")
        self.prepared(url, *self.MIXED)
        with open_store(url, create=True) as store:
            assert list(store.results.frame(1)["split"]) == ["s, last 5 rows"]
            assert store.results.comparisons(1).empty
            assert store.results.baselines(1).empty
            assert 1 in store.experiments.unsummarised()

    def test_experiments_of_one_split_keep_what_they_have(self, old_store: OldStore) -> None:
        """Only the name is new."""
        url = old_store("0003")
        self.prepared(url, *self.MIXED[1:])
        with open_store(url, create=True) as store:
            assert len(store.results.comparisons(1)) == 1
            assert list(store.results.baselines(1)["split_name"]) == ["s, last 5 rows"]
