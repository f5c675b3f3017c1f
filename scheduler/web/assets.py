"""The style sheets and scripts, which are the report's and few of the live page's own."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

_TYPES = {"css": "text/css", "js": "text/javascript"}


async def asset(request: Request) -> Response:
    """Answer with a style sheet or a script, or that the browser has it already."""
    found = assets().get(request.path_params["file"])
    if found is None:
        return PlainTextResponse("There is no such file.", 404)
    tag = f'"{hashlib.blake2b(found.encode(), digest_size=8).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    kind = _TYPES[request.path_params["file"].rpartition(".")[2]]
    return Response(found, media_type=kind, headers={"etag": tag})


@cache
def assets() -> dict[str, str]:
    """Return the text of each file by its name."""
    from scheduler.report.page.document import script, style

    own = files("scheduler.web").joinpath("static")
    texts = {name: own.joinpath(name).read_text(encoding="utf-8") for name in ("live.css", "live.js")}
    return {"page.css": str(style()), "report.js": str(script()), **texts}
