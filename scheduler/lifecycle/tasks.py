"""The Celery task that aggregates experiments: any worker may run it, and running it twice does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.delivery.queue import AGGREGATE

if TYPE_CHECKING:
    from celery import Celery

    from store import Settings


def register(app: Celery, settings: Settings) -> None:
    """Add the task that writes summaries to the app."""

    def aggregate_experiment(experiment_id: int) -> None:
        from scheduler.lifecycle.aggregate import aggregate_finished
        from store import open_store

        with open_store(settings.database_url) as store:
            aggregate_finished(store, [experiment_id])

    app.task(aggregate_experiment, name=AGGREGATE, shared=False)
