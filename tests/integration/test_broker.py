"""Brokers that are none: what their URLs and their silence are answered with."""

from __future__ import annotations

import socket
import time

import pytest
import redis

from store.delivery.packs import Message
from store.delivery.queue import CONNECT_TIMEOUT, make_app, ping, send
from store.errors import BrokerUnreachable, UsageError
from tests.integration.tls import tls_before
from tests.messages import one_line
from tests.servers import Valkey


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


def test_certificates_are_verified(valkey, tmp_path):
    """Its authority and its host are checked, unless the URL names them or says otherwise."""
    with tls_before(valkey.port, tmp_path) as tls:
        known = f"ssl_ca_certs={tls.authority}"
        for refused in (f"localhost:{tls.port}/0", f"127.0.0.1:{tls.port}/0?{known}"):
            with pytest.raises(BrokerUnreachable, match=r"The certificate of Redis at .* is refused .*ssl_ca_certs="):
                ping(make_app(f"rediss://{refused}"))
        for taken in (
            f"localhost:{tls.port}/0?{known}",
            f"127.0.0.1:{tls.port}/0?{known}&ssl_check_hostname=false",
            f"127.0.0.1:{tls.port}/0?ssl_cert_reqs=none",
        ):
            ping(make_app(f"rediss://{taken}"))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("rediss://h/0?ssl_cert_reqs=no", "ssl_cert_reqs is 'no'; allowed: required, optional, none"),
        ("rediss://h/0?ssl_ca_certs=/none.pem", "ssl_ca_certs names no file: /none.pem"),
        ("sentinel://:secret@h:26379", "Sentinel is not supported. Name the master with redis://"),
        ("amqp://me:secret@h", "must start with redis://, rediss://"),
    ],
)
def test_urls_that_are_refused(url, says):
    """In one line, with what is allowed."""
    with pytest.raises(UsageError, match=says) as e:
        make_app(url)
    assert "secret" not in str(e.value)
    assert "\n" not in str(e.value)


def test_passwords(valkey, monkeypatch, tmp_path):
    """Any password works beside the URL; a wrong one is called that; a socket is one of the ways."""
    password = "p@ss/w0rd $'1"
    client = redis.Redis(port=valkey.port)
    client.config_set("requirepass", password)
    socket_url = f"unix://{valkey.directory}/socket?db=1"
    try:
        for wrong in (valkey.url, valkey.url.replace("127", ":secret@127"), socket_url):
            with pytest.raises(BrokerUnreachable, match=r"refuses the password .* Correct it: REDIS_PASSWORD, or") as e:
                ping(make_app(wrong))
            assert "secret" not in one_line(e)
        (tmp_path / "password").write_text(f"{password}\n")
        monkeypatch.setenv("REDIS_PASSWORD_FILE", str(tmp_path / "password"))
        for url in (valkey.url, socket_url):
            ping(make_app(url))
    finally:
        client.config_set("requirepass", "")
        client.close()


def test_a_server_that_leaves_in_the_middle_of_many_messages():
    """They go to it together at the end, so that kombu has an error of its own for it."""
    server = Valkey()

    def messages():
        yield Message(jobs=(1,))
        server.kill()
        yield Message(jobs=(2,))

    try:
        server.start()
        app = make_app(server.url)
        with pytest.raises(BrokerUnreachable, match=r"^Redis does not answer at "):
            send(app, messages())
    finally:
        server.close()
