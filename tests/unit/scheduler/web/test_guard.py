"""Who may read the live page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from store import open_store
from tests.unit.scheduler.web.site import site

TOKEN = "a-token-of-24-characters"


@pytest.fixture
def client(sqlite_url: str) -> Iterator[TestClient]:
    """A client of an empty store, for this machine."""
    with open_store(sqlite_url) as store, site(store, hosts=["study.example"]) as opened:
        yield opened


@pytest.fixture
def guarded(sqlite_url: str) -> Iterator[TestClient]:
    """The same with a token."""
    with open_store(sqlite_url) as store, site(store, token=TOKEN) as opened:
        yield opened


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:99", "127.0.0.1:80", "[::1]:8080", "10.0.0.7", "Study.example"]
)
def test_this_machine_and_named_hosts_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a@b:c"])
def test_other_hosts_are_refused(client: TestClient, host: str) -> None:
    """A page whose name was made to point here asks by its own name."""
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert client.get("/healthz", headers={"host": host}).text == "ok"


@pytest.mark.parametrize(
    ("origin", "code"),
    [("http://127.0.0.1:8080", 200), ("http://127.0.0.1:9", 403), ("https://evil.example", 403), ("null", 403)],
)
def test_pages_of_another_origin_are_refused(client: TestClient, origin: str, code: int) -> None:
    assert client.get("/live/state", headers={"origin": origin}).status_code == code


def test_every_answer_forbids_inline_scripts_and_frames(client: TestClient) -> None:
    for address in ("/", "/nothing", "/static/live.js"):
        policy = client.get(address).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy


def test_no_page_has_what_the_policy_refuses(client: TestClient) -> None:
    text = client.get("/").text
    assert "<script>" not in text
    assert "style=" not in text
    assert " onclick" not in text


def test_without_the_token_nothing_is_shown(guarded: TestClient) -> None:
    """Browsers are led to the form, other programs are told how."""
    assert guarded.get("/", headers={"accept": "text/html"}).headers["location"] == "/login"
    answer = guarded.get("/live/state")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert guarded.get("/", headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 401
    assert guarded.get("/", headers={"cookie": f"repeats_session={TOKEN}"}).status_code == 401
    assert guarded.get("/healthz").status_code == 200


def test_the_token_is_taken_from_the_header(guarded: TestClient) -> None:
    assert guarded.get("/", headers={"authorization": f"bearer {TOKEN}"}).status_code == 200
