"""The lease protocol does what its model does, in every order of steps; `python -m benchmarks leases` goes deeper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Text, bindparam

from store import Store, open_store
from store.database.tables import jobs
from store.jobs import transitions
from store.jobs.states import RUNNING
from tests.contract.leases.search import Broken, Explored, Search


@contextmanager
def search(store: Store, *, jobs: int, pack: int, restarts: bool = False) -> Iterator[Search]:
    """Yield a search, and close it."""
    made = Search(store, jobs=jobs, pack=pack, restarts=restarts)
    try:
        yield made
    finally:
        made.close()


def explored(store: Store, *, jobs: int, pack: int, depth: int, restarts: bool = False) -> Explored:
    """Search to a depth."""
    with search(store, jobs=jobs, pack=pack, restarts=restarts) as made:
        return made.run(depth)


def test_one_job_and_three_workers(store: Store) -> None:
    found = explored(store, jobs=1, pack=1, depth=5)
    assert (found.states, found.transitions) == (59, 481)
    assert found.orders > 20_000


def test_a_pack_of_two_jobs_and_three_workers(store: Store) -> None:
    found = explored(store, jobs=2, pack=2, depth=3)
    assert (found.states, found.transitions) == (61, 367)


def test_one_job_while_postgres_starts_again(postgres_url: str) -> None:
    """In the seconds after a start of the server no claim of before runs out, and afterwards each does."""
    with open_store(postgres_url) as store:
        found = explored(store, jobs=1, pack=1, depth=4, restarts=True)
    assert (found.states, found.transitions) == (56, 471)
    assert (found.by_step["restart"], found.by_step["settle"]) == (19, 11)


_IDLE = {"owner": None, "lease_until": None}
BROKEN = {
    "a worker saves what another one has taken": (
        "FINISH",
        jobs.c.state == RUNNING,
        {"state": "done"} | _IDLE,
    ),
    "a job that is handed back has used up an attempt": (
        "RELEASE",
        (jobs.c.owner == bindparam("holder", type_=Text)) & (jobs.c.state == RUNNING),
        {"state": "queued", "pack_size": None} | _IDLE,
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_protocol_is_found(sqlite_url: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the states that lead there, and the step."""
    name, where, values = BROKEN[what]
    step = {"FINISH": "save", "RELEASE": "release"}[name]
    monkeypatch.setattr(transitions, name, transitions._change_of(where, **values))
    with open_store(sqlite_url) as store, pytest.raises(Broken, match=rf"Step\(name='{step}'") as error:
        explored(store, jobs=1, pack=1, depth=5)
    assert "the model: " in str(error.value)
