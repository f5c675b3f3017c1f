"""What an open page is told: server-sent events, or the same when it asks again and again."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from scheduler.web.hub import LIST, Hub
from store import PipelineError

if TYPE_CHECKING:
    from starlette.requests import Request

    from scheduler.web.reading import View
    from scheduler.web.rendering import Rendered

#: seconds after which a page is told that the server is there although nothing has changed
BEAT = 5.0
#: seconds until a browser connects again
RETRY = 2.0
#: open pages that are told of changes; more must ask
MOST_READERS = 500


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def _key(request: Request) -> int:
    return int(request.path_params.get("id", LIST))


async def events(request: Request) -> Response:
    """Answer with a stream of what changes."""
    hub = _hub(request)
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    if hub.readers >= MOST_READERS:
        return PlainTextResponse("Too many pages are open; this one asks again and again instead.", 503)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_changes(hub, _key(request)), media_type="text/event-stream", headers=headers)


async def _changes(hub: Hub, key: int) -> AsyncIterator[str]:
    """Yield what changes, and a sign of life where nothing does."""
    yield f"retry: {RETRY * 1000:.0f}\n\n"
    sent: dict[str, str] = {}
    told: dict[str, Any] = {}
    with hub.reading(key):
        while not hub.stopping:
            try:
                view = hub.latest(key) or await hub.view(key)
                message = _message(hub, key, view, sent)
            except PipelineError as problem:
                view, message = None, {"problem": str(problem)}
            news = {name: value for name, value in message.items() if name == "parts" or told.get(name) != value}
            told |= {name: value for name, value in news.items() if name != "parts"}
            yield f"data: {json.dumps(news)}\n\n"
            if message.get("gone"):
                return
            sent |= {} if view is None else view.parts.digests
            await hub.wait(BEAT)


async def state(request: Request) -> Response:
    """Answer with all that a page shows, for one that cannot be told of changes."""
    hub, key = _hub(request), _key(request)
    with hub.reading(key):
        try:
            view = await hub.view(key)
        except PipelineError as problem:
            return JSONResponse({"problem": str(problem)})
        return JSONResponse(_message(hub, key, view, {}))


def _message(hub: Hub, key: int, view: View | None, sent: dict[str, str]) -> dict[str, Any]:
    if view is None:
        return {"gone": True}
    made = hub.reports.latest(key)
    message: dict[str, Any] = {
        "problem": hub.problem,
        "report": None if made is None else made.token,
        "reportProblem": hub.reports.problems.get(key, ""),
    }
    if changed := view.parts.changed(sent):
        message["parts"] = changed
    return message


async def report(request: Request) -> Response:
    """Answer with the latest report of an experiment as a piece of HTML."""
    made = _hub(request).reports.latest(_key(request))
    if made is None:
        return PlainTextResponse("The report is being made.", 404)
    return packed(request, made.rendered, "text/html", etag=f'"{made.token}"')


def packed(request: Request, rendered: Rendered, media: str, **headers: str) -> Response:
    """Answer with compressed bytes, or that the browser has them already."""
    if "etag" in headers and request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(rendered.body), media_type=media, headers=headers)
    more = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(rendered.body, media_type=media, headers=headers | more)
