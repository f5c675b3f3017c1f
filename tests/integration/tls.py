"""TLS before a server that has none: a proxy with a certificate of an authority that nobody knows."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Tls:
    """Where the proxy listens, and the file of the authority that signed its certificate, which is for localhost."""

    port: int
    authority: Path


@contextmanager
def tls_before(port: int, folder: Path) -> Iterator[Tls]:
    """Listen until the block ends, and pass on to a port of this machine what comes."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, context, port), daemon=True).start()
        yield Tls(server.getsockname()[1], folder / "ca.pem")
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):  # it was closed
        while True:
            plain, _ = server.accept()
            try:
                client = context.wrap_socket(plain, server_side=True)
            except OSError:  # it does not trust us
                plain.close()
                continue
            there = socket.create_connection(("127.0.0.1", port))
            for pair in ((client, there), (there, client)):
                threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)
    source.close()
