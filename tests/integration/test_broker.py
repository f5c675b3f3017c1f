"""Brokers that are none: what their URLs and their silence are answered with."""

from __future__ import annotations

import socket
import time

import pytest

from store.delivery.queue import CONNECT_TIMEOUT, make_app, ping
from store.errors import BrokerUnreachable, UsageError


@pytest.mark.parametrize(
    "url",
    [
        "redis://:secret@127.0.0.1:port/0",
        "redis://:secret/word@127.0.0.1:1/0",
        "rediss://127.0.0.1:1/x",
        "redis://127.0.0.1:1/0?bogus=1",
        "redis://127.0.0.1:1/0?password=secret",
    ],
)
def test_what_the_client_does_not_take(url):
    """Wrong usage, in one line without a password."""
    with pytest.raises(UsageError, match=r"^BROKER_URL is 'redis.*', and Redis' client rejects it: ") as e:
        ping(make_app(url))
    assert "secret" not in str(e.value)
    assert "\n" not in str(e.value)


def test_a_server_that_takes_calls_and_says_nothing():
    """It is waited for, but not for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        app = make_app(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        began = time.monotonic()
        with pytest.raises(BrokerUnreachable, match=r"Redis does not answer at .*Timeout"):
            ping(app)
    assert CONNECT_TIMEOUT <= time.monotonic() - began < 20 * CONNECT_TIMEOUT


def test_workers_wait_for_messages_as_long_as_it_takes(valkey):
    """The patience is that of the first question only."""
    app = make_app(valkey.url)
    ping(app)
    assert "socket_timeout" not in app.conf.broker_transport_options
