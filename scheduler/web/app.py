"""The application: which page answers to which address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from scheduler.web import live, login, pages
from scheduler.web.assets import asset
from scheduler.web.guard import Guard
from scheduler.web.hub import Hub
from scheduler.web.metrics import Numbers, metrics
from scheduler.web.reports import Reports
from store import NotFound, PipelineError

if TYPE_CHECKING:
    from store import Store

ROUTES = (
    Route("/", pages.list_page),
    Route("/experiments/{name}", pages.experiment_page),
    Route("/experiments/{name}/{file}", pages.download),
    Route("/compare", pages.compare_page),
    Route("/live/compare/{first:int}/{second:int}", pages.comparison),
    Route("/live/events", live.events),
    Route("/live/state", live.state),
    Route("/live/{id:int}/events", live.events),
    Route("/live/{id:int}/state", live.state),
    Route("/live/{id:int}/report", live.report),
    Route("/static/{file}", asset),
    Route("/login", login.login_form),
    Route("/login", login.login, methods=["POST"]),
    Route("/healthz", pages.health),
    Route("/metrics", metrics),
)


def make_app(
    store: Store, *, token: str | None = None, hosts: Collection[str] = (), reports: type[Reports] = Reports
) -> Starlette:
    """Return the application.

    Args:
        store: what it shows.
        token: what readers must know; None if none is needed.
        hosts: names by which it may be asked, beside `localhost` and addresses in numbers.
        reports: what makes the reports.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        hub = app.state.hub = Hub(store, reports)
        app.state.numbers = Numbers(hub)
        poller = asyncio.create_task(hub.run())
        try:
            yield
        finally:
            poller.cancel()
            with suppress(asyncio.CancelledError):
                await poller
            hub.close()

    app = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        middleware=[Middleware(Guard, token=token, hosts=hosts)],
        exception_handlers={
            NotFound: pages.not_found,
            404: pages.not_found,
            PipelineError: pages.unavailable,
        },
    )
    app.state.token = token
    return app
