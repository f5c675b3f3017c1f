"""Signing in with the token: the browser gets a cookie that scripts cannot read and other pages cannot send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse, Response

from scheduler.web.guard import COOKIE, same, session_of
from scheduler.web.pages import page

if TYPE_CHECKING:
    from starlette.requests import Request

#: bytes of a form at most
LONGEST = 4096
#: seconds until a wrong token is answered
WRONG_PAUSE = 0.5
#: seconds that a session lasts
LASTS = 7 * 86_400


async def login_form(_: Request) -> Response:
    """Answer with the form."""
    return page("login.html", wrong=False)


async def login(request: Request) -> Response:
    """Check the token and give the browser its cookie; the store is not touched."""
    token = request.app.state.token or ""
    given = await _given(request)
    if not token or not same(given, token):
        await asyncio.sleep(WRONG_PAUSE)
        return page("login.html", 401, wrong=True)
    answer = RedirectResponse("/", 303)
    encrypted = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
    answer.set_cookie(COOKIE, session_of(token), max_age=LASTS, httponly=True, samesite="strict", secure=encrypted)
    return answer


async def _given(request: Request) -> str:
    """Return the token of a form; empty if there is none or the form is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
