"""Where the live page listens, and what it refuses."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scheduler.web.server import Server, listening, serve, token_from
from store import PipelineError, Settings, UsageError


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_other_machines_need_a_token(host: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVE_TOKEN", raising=False)
    with pytest.raises(UsageError, match="Set SERVE_TOKEN to at least 16 characters"):
        serve(Settings(database_url=sqlite_url), host=host, port=0)


def test_a_port_that_is_taken_is_named_with_the_next_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PipelineError, match=rf"Port {port} of 127.0.0.1 is taken .* --port {port + 1}"):
            listening("127.0.0.1", port).__enter__()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PipelineError, match=r"Try --host 127\.0\.0\.1"):
        listening("192.0.2.7", 0).__enter__()


def test_the_token_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    """Without the line's end that editors add."""
    path = tmp_path / "token"
    path.write_text("a-token-of-24-characters\n")
    assert token_from({}) is None
    assert token_from({"SERVE_TOKEN": ""}) is None
    assert token_from({"SERVE_TOKEN": "a-token-of-24-characters"}) == "a-token-of-24-characters"
    assert token_from({"SERVE_TOKEN_FILE": str(path)}) == "a-token-of-24-characters"


def test_a_token_that_can_be_guessed_or_read_by_nobody_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for env, words in (
        ({"SERVE_TOKEN": "short"}, "has 5 characters, and must have at least 16"),
        ({"SERVE_TOKEN_FILE": str(tmp_path / "empty")}, "has 0 characters"),
        ({"SERVE_TOKEN_FILE": str(tmp_path / "none")}, "cannot be read: No such file"),
    ):
        with pytest.raises(UsageError, match=words):
            token_from(env)


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The handlers and the logger that a server changes for the rest of its process."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(logging.getLogger("uvicorn.error"), "disabled", False)
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def test_it_ends_without_a_word_while_an_answer_takes_long(caplog: pytest.LogCaptureFixture, handlers: None) -> None:
    """The answer is broken off; that is what was asked for."""

    async def slow(request: Request) -> Response:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)
        return Response()

    app = Starlette(routes=[Route("/", slow)])
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=0)
    with listening("127.0.0.1", 0) as listener, socket.socket() as reader:
        reader.connect(listener.getsockname())
        reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server = Server(config, app)
        with server.ending_at_signals():
            server.run(sockets=[listener])
        os.kill(os.getpid(), signal.SIGINT)  # somebody has no patience; it ends already
    assert [one.getMessage() for one in caplog.records if one.levelname != "INFO"] == []


def test_a_signal_before_it_runs_ends_it(caplog: pytest.LogCaptureFixture, handlers: None) -> None:
    """Its address has been said by then."""
    app = Starlette()
    server = Server(uvicorn.Config(app, log_config=None), app)
    with listening("127.0.0.1", 0) as listener, server.ending_at_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        server.run(sockets=[listener])
    assert [one.getMessage() for one in caplog.records if one.levelname != "INFO"] == []


def test_handlers_come_back_when_it_ends_without_a_signal(handlers: None) -> None:
    """As after an error at its start."""
    before = signal.getsignal(signal.SIGINT)
    app = Starlette()
    with Server(uvicorn.Config(app, log_config=None), app).ending_at_signals():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
