"""Starting the server: the address, the token, and a clean end."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import signal
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from scheduler.web.app import make_app
from store import PipelineError, UsageError, open_store
from store.settings import secret

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from store import Settings

logger = logging.getLogger(__name__)
#: where uvicorn logs what goes wrong
_SPOKEN = logging.getLogger("uvicorn.error")

#: characters of a token at least
SHORTEST = 16


class Server(uvicorn.Server):
    """A server that tells open pages to leave when it ends, and ends as a service does."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._app = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `ending_at_signals`; uvicorn itself would raise them once more at the end."""
        yield

    @contextmanager
    def ending_at_signals(self) -> Iterator[None]:
        """End at SIGINT and SIGTERM; while the rest of the process ends, further ones have nothing to say."""
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, signal.SIG_IGN if self.should_exit else handler)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Note that the server is to end. Whoever ends it need not hear which answers were broken off for that."""
        _SPOKEN.disabled = True
        if hub := getattr(self._app.state, "hub", None):
            hub.stop()
        super().handle_exit(sig, frame)


def serve(settings: Settings, *, host: str, port: int, allowed: Collection[str] = ()) -> None:
    """Serve the live page until a signal comes.

    Args:
        settings: name the store.
        host: the address to listen at.
        port: the port; 0 for any that is free.
        allowed: names by which browsers may ask for it.

    Raises:
        UsageError: others could read, and there is no token.
        PipelineError: the port is taken, or the address is not one of this machine.
        StoreUnreachable: the store is not there.
    """
    token = token_from(os.environ)
    if token is None and not is_local(host):
        raise UsageError(
            f"--host {host} lets other machines read the results, and there is no token. Set SERVE_TOKEN to at least "
            f"{SHORTEST} characters (or SERVE_TOKEN_FILE to a file with them), or leave out --host to serve 127.0.0.1."
        )
    with open_store(settings.database_url) as store, listening(host, port) as listener:
        app = make_app(store, token=token, hosts=[host, *allowed])
        quiet: dict[str, Any] = {
            "log_config": None,
            "access_log": False,
            "server_header": False,
            "proxy_headers": False,
        }
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, **quiet)
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}"
        server = Server(config, app)
        with server.ending_at_signals():
            logger.info("%s is shown at %s%s", store.url, address, "" if token is None else "; sign in with the token")
            server.run(sockets=[listener])


def token_from(env: Mapping[str, str]) -> str | None:
    """Read the token from the environment; None if there is none.

    Raises:
        UsageError: it is too short, or its file cannot be read.
    """
    token = (secret("SERVE_TOKEN", env) or "").strip()
    if not token and "SERVE_TOKEN_FILE" not in env:
        return None
    if len(token) < SHORTEST:
        raise UsageError(
            f"The token has {len(token)} characters, and must have at least {SHORTEST}. This prints one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    return token


def is_local(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listen at an address.

    Raises:
        PipelineError: it is taken, or not one of this machine.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as problem:
        raise UsageError(f"--host {host} is not an address of this machine. Try 127.0.0.1.") from problem
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(128)
        except OSError as problem:
            raise PipelineError(_why_not(host, port, problem)) from problem
        yield listener


def _why_not(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken by another program. Choose another one, such as --port {port + 1}."
    if problem.errno == errno.EACCES:
        return f"Port {port} of {host} may not be used by this user. Choose one above 1023, such as --port 8080."
    return f"Port {port} of {host} cannot be used: {problem.strerror}. Try --host 127.0.0.1."
