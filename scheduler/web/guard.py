"""Who may read: requests for another host, from another origin or without the token are refused.

A page elsewhere that lets its name point at this machine (DNS rebinding) asks with its own name as the host. An address
in numbers cannot be such a name, and neither can `localhost`.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "repeats_session"
#: what a browser may do with the pages: nothing from elsewhere, no script or style that is written into a page
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
#: what a probe may ask for without a token, and by any name
OPEN = {"/healthz"}
#: what is needed to sign in
PUBLIC = {"/login", "/static/page.css", "/static/live.css", "/static/report.js", "/static/live.js"}


class Guard:
    """Refuses requests before any page sees them."""

    def __init__(self, app: ASGIApp, *, token: str | None, hosts: Collection[str]) -> None:
        """Guard an app.

        Args:
            app: what is guarded.
            token: what readers must know; None if none is needed.
            hosts: names by which the server may be asked, beside `localhost` and addresses in numbers.
        """
        self.app, self.token = app, token
        self.hosts = {host.casefold() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        await (refused or self.app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is refused."""
        path, method, headers = scope["path"], scope["method"], Headers(scope=scope)
        if method not in {"GET", "HEAD"} and (method, path) != ("POST", "/login"):
            return PlainTextResponse("These pages only show: GET and HEAD.", 405, {"allow": "GET, HEAD"})
        return None if path in OPEN else self._foreign(headers) or self._unknown(path, headers)

    def _foreign(self, headers: Headers) -> Response | None:
        """Refuse a request that is meant for another host, or comes from a page of another origin."""
        host = headers.get("host", "")
        if not self._is_ours(host):
            return PlainTextResponse(
                f"This server is not asked by the name {_name(host)!r}. If it is its name, start it with "
                f"--allow-host {_name(host) or 'NAME'}.",
                421,
            )
        if not _same_origin(headers.get("origin"), host):
            return PlainTextResponse("Requests from pages of another origin are refused.", 403)
        return None

    def _unknown(self, path: str, headers: Headers) -> Response | None:
        """Refuse a request without the token."""
        if self.token is None or path in PUBLIC or self._knows_the_token(headers):
            return None
        if "text/html" in headers.get("accept", ""):
            return RedirectResponse("/login", 303)
        return PlainTextResponse(
            "A token is needed: send `Authorization: Bearer TOKEN`, or sign in at /login.",
            401,
            {"www-authenticate": "Bearer"},
        )

    def _is_ours(self, host: str) -> bool:
        name = _name(host).casefold()
        if name == "localhost" or name.endswith(".localhost") or name in self.hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _knows_the_token(self, headers: Headers) -> bool:
        token = self.token or ""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer" and same(given.strip(), token):
            return True
        return same(_cookie(headers.get("cookie", "")), session_of(token))


def same(given: str, wanted: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    digests = (hashlib.sha256(one.encode("utf-8", "surrogateescape")).digest() for one in (given, wanted))
    return hmac.compare_digest(*digests)


def session_of(token: str) -> str:
    """Return what a browser keeps in place of the token: it is of no use elsewhere."""
    return hmac.new(token.encode(), b"the session of a reader", hashlib.sha256).hexdigest()


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value


def _name(host: str) -> str:
    """Return the name or address of a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _same_origin(origin: str | None, host: str) -> bool:
    """Return whether a request is from a page of this server, or of none."""
    return origin is None or origin.partition("://")[2].casefold() == host.casefold()
