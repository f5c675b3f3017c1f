"""The pages as a client without JavaScript gets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from store import Store
from tests.unit.scheduler.web.site import filled, site


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """A store with an experiment in training and one that waits."""
    with filled(sqlite_url) as opened:
        yield opened


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    """A client of its pages."""
    with site(store) as opened:
        yield opened


def test_the_list_has_every_experiment_the_newest_first(client: TestClient) -> None:
    text = client.get("/").text
    assert text.index('href="/experiments/other"') < text.index('href="/experiments/tune"')
    assert '<span class="state waiting">waiting</span>' in text
    assert "1 of 6" in text


@pytest.mark.parametrize("words", ["TUN", "running", "other"])
def test_a_search_finds_names_notes_and_states(client: TestClient, store: Store, words: str) -> None:
    store.experiments.set_note(1, "on the other machine")
    assert 'href="/experiments/tune"' in client.get("/", params={"q": words}).text
    none = client.get("/", params={"q": "<nothing>"}).text
    assert "No experiment has “&lt;nothing&gt;” in its name" in none


def test_an_experiment_has_its_progress_workers_failures_and_the_rule_of_looks(client: TestClient) -> None:
    text = client.get("/experiments/tune").text
    assert "2 of 6 repeats" in text
    assert "host:2" in text
    assert "1 of 1</td>" in text
    assert "ValueError: bad &lt;lane&gt;" in text
    assert "line 1\nline 2" in text
    assert "a&lt;script&gt;" in text
    assert "Configurations are compared once, when all repeats are in." in text


def test_an_experiment_that_waits_says_why(client: TestClient, store: Store) -> None:
    """Busy workers, or the command that continues it where there are none."""
    assert "the workers of queue default are busy with 1 other job" in client.get("/experiments/other").text
    store.experiments.cancel(1)
    client.app.state.hub._views.clear()  # type: ignore[attr-defined]
    said = client.get("/experiments/other").text
    assert "no worker has taken jobs of queue default" in said
    assert "scheduler resume other" in said


def test_a_number_leads_to_the_name(client: TestClient) -> None:
    answer = client.get("/experiments/2")
    assert (answer.status_code, answer.headers["location"]) == (307, "/experiments/other")


def test_what_is_not_there_is_said_on_a_page(client: TestClient) -> None:
    """With the nearest name."""
    answer = client.get("/experiments/tuna")
    assert answer.status_code == 404
    assert "tune" in answer.text
    assert client.get("/nothing").status_code == 404
    assert client.get("/live/7/state").json() == {"gone": True}


def test_a_page_that_asks_gets_all_parts(client: TestClient) -> None:
    """And one that reads the list, that."""
    parts = client.get("/live/1/state").json()["parts"]
    assert {"progress", "workers", "failures", "configurations"} <= set(parts)
    assert set(client.get("/live/state").json()["parts"]) == {"experiments"}


def test_a_report_that_is_not_made_yet_is_not_found(client: TestClient) -> None:
    assert client.get("/live/1/report").status_code == 404


def test_styles_and_scripts_are_sent_once(client: TestClient) -> None:
    """And nothing else of the package."""
    for name, kind in (("page.css", "text/css"), ("live.js", "text/javascript"), ("report.js", "text/javascript")):
        answer = client.get(f"/static/{name}")
        assert answer.headers["content-type"].startswith(kind)
        again = client.get(f"/static/{name}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/app.py").status_code == 404


def test_no_request_changes_the_store(store: Store) -> None:
    """Whatever is asked for, the file stays the same to the byte."""
    path = Path(store.url.removeprefix("sqlite:///"))
    with site(store) as client:
        before = path.read_bytes()
        for address in ("/", "/experiments/tune", "/experiments/2", "/live/1/state", "/healthz", "/static/live.js"):
            client.get(address)
            assert client.post(address).status_code == 405
            assert client.delete(address).status_code == 405
    assert path.read_bytes() == before


def test_a_store_that_cannot_be_read_is_said(client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from store import StoreUnreachable

    def away(*_: object) -> None:
        raise StoreUnreachable("The results store cannot be used: it is away.")

    for name in ("heads", "head"):
        monkeypatch.setattr(store.activity, name, away)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "it is away" in answer.text
    assert client.get("/live/1/state").json()["problem"].endswith("it is away.")
    assert client.get("/healthz").text == "ok"
