"""Signing in with the token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from scheduler.web import login
from store import open_store
from tests.unit.scheduler.web.site import site

TOKEN = "a-token/of+24&characters"


@pytest.fixture
def client(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client of an empty store with a token."""
    monkeypatch.setattr(login, "WRONG_PAUSE", 0.0)
    with open_store(sqlite_url) as store, site(store, token=TOKEN) as opened:
        yield opened


def test_the_form_gives_a_cookie_that_scripts_and_other_sites_cannot_use(client: TestClient) -> None:
    answer = client.post("/login", data={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert client.get("/").status_code == 200


def test_behind_encryption_the_cookie_is_for_it_alone(client: TestClient) -> None:
    answer = client.post("/login", data={"token": TOKEN}, headers={"x-forwarded-proto": "https"})
    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": "wrong"}, {"token": TOKEN * 500}, {"name": TOKEN}])
def test_a_wrong_token_is_refused(client: TestClient, form: dict[str, str]) -> None:
    answer = client.post("/login", data=form)
    assert answer.status_code == 401
    assert "This is not the token." in answer.text
    assert "set-cookie" not in answer.headers


def test_the_form_of_another_site_is_refused(client: TestClient) -> None:
    answer = client.post("/login", data={"token": TOKEN}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_without_a_token_there_is_nothing_to_sign_in_to(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "WRONG_PAUSE", 0.0)
    with open_store(sqlite_url) as store, site(store) as client:
        assert client.post("/login", data={"token": ""}).status_code == 401
