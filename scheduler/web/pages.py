"""The pages: the list of experiments, one of them, and messages where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from scheduler.web.files import FILES
from scheduler.web.hub import LIST, Hub
from scheduler.web.live import packed
from scheduler.web.parts import EXPERIMENT_PARTS, list_parts, templates
from scheduler.web.rendering import render_comparison, render_file
from store import NotFound, PipelineError, UsageError

if TYPE_CHECKING:
    from starlette.requests import Request

    from store import Experiment, Store


def page(template: str, status: int = 200, **content: Any) -> HTMLResponse:
    """Answer with a page."""
    return HTMLResponse(templates().get_template(template).render(**content), status)


async def list_page(request: Request) -> Response:
    """Answer with the list of experiments, or those that a search finds."""
    hub: Hub = request.app.state.hub
    search = request.query_params.get("q", "").strip()
    view = await hub.view(LIST)
    statuses = view.statuses if view else ()
    parts = list_parts(statuses, search)
    names = [one.name for one in reversed(statuses)]
    return page("list.html", parts=parts, search=search, store=hub.reader.store.url, names=names[:1000])


async def experiment_page(request: Request) -> Response:
    """Answer with the page of an experiment, found by its name or number."""
    hub: Hub = request.app.state.hub
    asked = request.path_params["name"]
    found = await hub.in_thread(find, hub.reader.store, asked)
    if found.name != asked:
        return RedirectResponse(f"/experiments/{found.name}", 307)
    view = await hub.view(found.id)
    if view is None or view.snapshot is None:
        raise NotFound(f"{found.name} was deleted a moment ago.")
    return page(
        "experiment.html",
        experiment=found,
        snapshot=view.snapshot,
        parts=view.parts,
        names=EXPERIMENT_PARTS,
        downloads=[(name, file.words) for name, file in FILES.items()],
    )


async def compare_page(request: Request) -> Response:
    """Answer with the page that has two experiments side by side."""
    hub: Hub = request.app.state.hub
    names = [request.query_params.get(side, "").strip() for side in ("a", "b")]
    if not all(names):
        raise UsageError("Two experiments are needed: /compare?a=ONE&b=OTHER.")
    first, second = [await hub.in_thread(find, hub.reader.store, name) for name in names]
    return page("compare.html", first=first, second=second)


async def comparison(request: Request) -> Response:
    """Answer with the comparison of two experiments as a piece of HTML."""
    hub: Hub = request.app.state.hub
    ids = [request.path_params["first"], request.path_params["second"]]
    versions = [await hub.in_thread(hub.reader.store.activity.report_version, one) for one in ids]
    made = await hub.reports.once(("compare", *ids, *versions), render_comparison, *ids)
    return packed(request, made, "text/html")


async def download(request: Request) -> Response:
    """Answer with a file."""
    hub: Hub = request.app.state.hub
    name = request.path_params["file"]
    if name not in FILES:
        raise NotFound(f"There is no file {name}. There are {', '.join(FILES)}.")
    found = await hub.in_thread(find, hub.reader.store, request.path_params["name"])
    version = await hub.in_thread(hub.reader.store.activity.report_version, found.id)
    made = await hub.reports.once((name, found.id, version), render_file, found.id, name)
    whole = f'attachment; filename="{found.name}-{name}"'
    return packed(request, made, FILES[name].media, **{"content-disposition": whole})


def find(store: Store, name: str) -> Experiment:
    """Return an experiment by its name or number.

    Raises:
        NotFound: there is none; the message has the nearest names.
    """
    return store.experiments.get(name)


async def health(_: Request) -> Response:
    """Answer that the server is alive; it says nothing of the store, which no restart of this server would mend."""
    return PlainTextResponse("ok")


async def not_found(request: Request, problem: Exception) -> Response:
    """Answer that there is no such page or experiment."""
    words = str(problem) if isinstance(problem, NotFound) else f"There is no page {request.url.path}."
    return page("message.html", 404, title="Not found", words=words)


async def unavailable(_: Request, problem: Exception) -> Response:
    """Answer that the store could not be read, or was asked for what it cannot give."""
    code = 400 if isinstance(problem, PipelineError) and problem.exit_code == 2 else 503
    return page("message.html", code, title="Not available", words=str(problem))
