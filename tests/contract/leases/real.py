"""The real statements: a store that is put into any state of the model, and takes its steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import make_url

from store import Result, Store, open_store
from tests.contract.leases.model import MAX_ATTEMPTS, WORKERS, Answer, Job, State, Step
from tests.examples import PROVENANCE, experiment, submit

#: seconds: longer than any search looks away
LEASE = 3000.0
_COLUMNS = "state, attempts, losses, pack_limit, pack_size, owner, lease_until"
_SCORE = "job_id, diverged, seconds, scores, worker, host, numerics, python, tensorflow, keras, numpy"
_VALUES = "FALSE, 0, '{}', 'w', 'h', 1, 'p', 't', 'k', 'n'"
#: claims of before the start of the server, seconds ago, and that start
OLDER, STARTED = -10.0, -0.2
#: the start of Postgres' server as the search has it: the store's connections find this function before Postgres' own
_OWN_START = (
    "CREATE SCHEMA search",
    "CREATE TABLE search.server (started timestamptz NOT NULL)",
    "INSERT INTO search.server VALUES ('2000-01-01')",
    "CREATE FUNCTION search.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql STABLE "
    "AS 'SELECT started FROM search.server'",
    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || "
    "' SET search_path = search, pg_catalog, public'; END $$",
)
#: no worker of the model: a lease without an owner, or the other way round
_HALF_HELD = -2
_RESULT_TABLES = ("trajectories", "forecast_arrays", "step_score_rows", "target_score_rows", "scores")


def owner_of(worker: int) -> str:
    """Return the name of the claims of a worker, which has one at a time."""
    return f"host:{worker}:claim"


class Database:
    """The driver's own connection, by which time passes and states are set."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.sqlite = address.get_backend_name() == "sqlite"
        self._connection: Any = (
            sqlite3.connect(str(address.database), isolation_level=None)
            if self.sqlite
            else psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
        )

    def run(self, words: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement."""
        return self._connection.execute(words if self.sqlite else words.replace("?", "%s"), values)

    def moment(self, seconds: float) -> Any:
        """Return a moment some seconds from now, as a parameter."""
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        return f"{moment:%Y-%m-%d %H:%M:%S.000}" if self.sqlite else moment

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class RealStore:
    """A store with one experiment, whose jobs and workers are those of the model."""

    def __init__(self, store: Store, *, jobs: int, pack: int, restarts: bool) -> None:
        self._database = Database(store.address)
        self._restarts = restarts
        if restarts:
            for words in _OWN_START:
                self._database.run(words)
        self._store = store = open_store(store.address)
        made = submit(store, experiment(labels=["a"], repeats=jobs, pack=pack, max_attempts=MAX_ATTEMPTS))
        self._experiment = made.experiment.id
        self._ids = [waiting.id for waiting in store.jobs.waiting()]

    def close(self) -> None:
        """Close the store and the connection beside it."""
        self._store.close()
        self._database.close()

    def set(self, state: State) -> None:
        """Put the database into a state."""
        run = self._database.run
        run("BEGIN")
        for id_, job in zip(self._ids, state.jobs, strict=True):
            self._set_job(id_, job)
        run("UPDATE experiments SET state = ? WHERE id = ?", (state.experiment, self._experiment))
        if self._restarts:
            self._start_server(fresh=state.fresh)
        run("COMMIT")

    def _start_server(self, *, fresh: bool) -> list[int]:
        """Let the server have started just now, or long ago."""
        started = self._database.moment(STARTED) if fresh else datetime(2000, 1, 1, tzinfo=UTC)
        self._database.run("UPDATE search.server SET started = ?", (started,))
        return []

    def _set_job(self, id_: int, job: Job) -> None:
        run, held = self._database.run, job.owner >= 0
        values = (
            *(job.state, job.attempts, job.losses, job.pack_limit, job.pack_size or None),
            owner_of(job.owner) if held else None,
            self._database.moment(-60 if job.expired else LEASE) if held else None,
            f"host:{job.owner}" if held else None,
            self._database.moment(OLDER if job.older else 0) if held else None,
        )
        columns = "".join(f"{name} = ?, " for name in _COLUMNS.split(", "))
        run(f"UPDATE jobs SET {columns}worker = ?, started_at = ? WHERE id = ?", (*values, id_))
        for table in _RESULT_TABLES[: None if not job.results else -1]:
            run(f"DELETE FROM {table} WHERE job_id = ?", (id_,))
        if job.results:
            run(f"INSERT INTO scores ({_SCORE}) VALUES (?, {_VALUES}) ON CONFLICT DO NOTHING", (id_,))

    def read(self, workers: tuple[Any, ...]) -> State:
        """Return the state that the database is in, with what the workers believe as the model has it."""
        run, fresh = self._database.run, self._fresh()
        older = "started_at < (SELECT started FROM search.server)" if fresh else "FALSE"
        results = "SELECT count(*) FROM scores WHERE job_id = jobs.id"
        rows = run(f"SELECT {_COLUMNS}, {older}, ({results}) FROM jobs ORDER BY id").fetchall()
        now = self._database.moment(0)
        ((state,),) = run("SELECT state FROM experiments").fetchall()
        return State(tuple(_job(row, now) for row in rows), workers, state, fresh)

    def _fresh(self) -> bool:
        if not self._restarts:
            return False
        ((fresh,),) = self._database.run("SELECT started > '2001-01-01' FROM search.server").fetchall()
        return bool(fresh)

    def take(self, step: Step, state: State) -> Answer:
        """Take a step from a state that the database is in, and return its answer in the model's words."""
        answer = self._steps()[step.name](step, state)
        return tuple(sorted(self._ids.index(one) for one in answer)) if isinstance(answer, list) else answer

    def _steps(self) -> dict[str, Callable[[Step, State], Any]]:
        jobs, experiments, mine = self._store.jobs, self._store.experiments, self._experiment
        return {
            "claim": lambda step, _: _ids(
                jobs.claim([self._ids[place] for place in step.jobs], owner=owner_of(step.worker), lease=LEASE)
            ),
            "claim_next": lambda step, _: _ids(
                jobs.claim_next(owner=owner_of(step.worker), lease=LEASE, workers=WORKERS)
            ),
            "renew": lambda step, state: list(
                jobs.renew(self._claim(step, state), owner=owner_of(step.worker), lease=LEASE, progress=0.5)
            ),
            "release": lambda step, state: jobs.release(self._claim(step, state), owner=owner_of(step.worker)),
            "fail": lambda step, state: jobs.fail(
                self._claim(step, state), owner=owner_of(step.worker), error="boom", traceback="T"
            ),
            "save": self._save,
            "die": lambda _, __: [],
            "replace": lambda step, _: jobs.release_worker(f"host:{step.worker}"),
            "lapse": lambda step, _: self._lapse(step.worker),
            "expire": lambda _, __: jobs.expire(),
            "cancel": lambda _, __: experiments.cancel(mine),
            "retry": lambda _, __: experiments.retry(mine),
            "resume": lambda _, __: experiments.reopen(mine),
            "restart": lambda _, __: self._restart(),
            "settle": lambda _, __: self._start_server(fresh=False),
            "close": lambda _, __: experiments.close_if_done() == [mine],
        }

    def _claim(self, step: Step, state: State) -> list[int]:
        return [self._ids[place] for place in sorted(state.workers[step.worker].claim)]

    def _save(self, step: Step, state: State) -> list[int]:
        results = [_result(id_, step.worker) for id_ in self._claim(step, state)]
        return list(self._store.results.save(results, owner=owner_of(step.worker), provenance=PROVENANCE))

    def _lapse(self, worker: int) -> list[int]:
        """Let time pass until the leases of a worker have run out, and no other."""
        past = self._database.moment(-60)
        self._database.run("UPDATE jobs SET lease_until = ? WHERE owner = ?", (past, owner_of(worker)))
        return []

    def _restart(self) -> list[int]:
        """Let the server start again: all claims are older."""
        older = self._database.moment(OLDER)
        self._database.run("UPDATE jobs SET started_at = ? WHERE state = 'running'", (older,))
        return self._start_server(fresh=True)


def _job(row: Sequence[Any], now: Any) -> Job:
    state, attempts, losses, limit, size, owner, lease, older, results = row
    worker = -1 if owner is None else int(owner.split(":")[1])
    if (lease is None) != (owner is None):
        worker = _HALF_HELD
    expired, older = lease is not None and lease < now, owner is not None and bool(older)
    return Job(state, attempts, losses, limit, size or 0, worker, expired, older, results)


def _ids(jobs: Iterable[Any]) -> list[int]:
    return [job.id for job in jobs]


def _result(id_: int, worker: int) -> Result:
    return Result(
        job_id=id_,
        train_rmse=1.0,
        test_rmse=float(worker),
        diverged=False,
        seconds=0.0,
        trajectory=None,
        forecasts=None,
    )
