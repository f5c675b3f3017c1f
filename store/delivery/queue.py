"""The Celery app and the two messages that cross it: ids, never data (DESIGN 4).

Importing this module loads Celery, so `store/__init__.py` does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from celery import Celery, bootsteps
from kombu.exceptions import BatchPublishError, OperationalError
from redis.exceptions import RedisError

from store.delivery.brokers import EXAMPLE, Broker, unreachable
from store.delivery.packs import Message, packs
from store.delivery.transport import FIRST, register
from store.errors import BrokerUnreachable, UsageError
from store.records import Waiting
from store.settings import MOST_MEMORY, Settings, without_password

TRAIN = "worker.train"
AGGREGATE = "scheduler.lifecycle.aggregate"
DEFAULT_QUEUE = "default"
#: connect timeout of Redis, in seconds
CONNECT_TIMEOUT = 5.0
#: what is raised where Redis is not there: the last one when it leaves in the middle of many messages
AWAY = (OperationalError, RedisError, OSError, BatchPublishError)


class NoRestore(bootsteps.StartStopStep):  # type: ignore[misc]
    """Prevents a worker that loses Redis from returning its messages to it: the store has their jobs.

    Otherwise Celery logs that it cannot return them, and dumps them to a file.
    """

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, parent: Any) -> None:
        """Set up each new connection."""
        parent.connection.default_channel.do_restore = False


def make_app(broker_url: str | None) -> Celery:
    """Return the app that sends and receives packs.

    Raises:
        UsageError: the URL is not one of Redis that is supported.
        BrokerUnreachable: no URL was given.
    """
    if broker_url is None:
        raise BrokerUnreachable(
            "No broker: BROKER_URL is not set. Start Redis (`docker compose up -d --wait`, or `redis-server`) and set "
            "BROKER_URL=redis://127.0.0.1:6379/0, name a broker with --broker, or use `scheduler run` with "
            "the same options but --broker, which needs no server."
        )
    broker = Broker.read(broker_url)
    register()
    app = Celery("repeats", broker=broker.url, set_as_current=False)
    app.conf.update(
        broker_password=broker.password,
        broker_use_ssl=broker.tls or None,
        task_ignore_result=True,  # results go to the store
        task_acks_late=True,  # a worker takes no second message while it trains one
        task_default_queue=DEFAULT_QUEUE,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,  # training is long: hold one pack at a time
        worker_cancel_long_running_tasks_on_connection_loss=False,  # True left jobs stuck until the timeout
        worker_max_memory_per_child=MOST_MEMORY,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,  # whoever watches switches them on; jobs of one repeat take twice as long then
        worker_enable_remote_control=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # Redis is waited for as long as it takes
        broker_transport_options={
            # Redis keeps no copy of what a worker has: that takes Celery longer than all else that it does for a
            # message, and comes back too late. The store knows what a dead worker had, and `watch` sends it again.
            "ack_emulation": False,
            "priority_steps": [0],  # one list a queue, where there would be four
            "global_keyprefix": "repeats:",  # other clients of the same database do not take ours
            "socket_keepalive": True,
            "socket_connect_timeout": CONNECT_TIMEOUT,
        },
    )
    app.steps["consumer"].add(NoRestore)
    return app


def __getattr__(name: str) -> Celery:
    """Return the app of BROKER_URL, for Celery's own tools: `celery -A store.delivery.queue inspect active`."""
    if name != "app":
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    return make_app(Settings.from_env().broker_url)


def send(app: Celery, messages: Iterable[Message], *, first: bool = False) -> int:
    """Send packs to the workers and return how many; 1,000 go to Redis in one round trip.

    Args:
        app: whose broker.
        messages: the packs.
        first: whether they go before all that is queued, in their order.

    Raises:
        BrokerUnreachable: Redis is not there; none or some of the messages were sent.
    """
    count = 0
    declared: set[str] = set()
    headers = {FIRST: True} if first else {}
    messages = reversed(list(messages)) if first else messages
    try:
        with app.producer_or_acquire() as producer, producer.batch(1000):
            for message in messages:
                once: dict[str, Any] = {"declare": []} if message.queue in declared else {}
                shown = {"argsrepr": _shown(message.jobs), "kwargsrepr": "{}"}
                options = {"queue": message.queue, "headers": headers, "retry": False, **shown, **once}
                app.send_task(TRAIN, args=[list(message.jobs)], producer=producer, **options)
                declared.add(message.queue)
                count += 1
    except AWAY as problem:
        raise unreachable(app.conf.broker_url, problem) from problem
    return count


def _shown(jobs: Sequence[int]) -> str:
    """Return the arguments of a message as Celery's tools show them."""
    some = ", ".join(map(str, jobs[:3])) + (", ..." if len(jobs) > 3 else "")
    return f"({len(jobs)} job{'s' * (len(jobs) != 1)}: {some})"


class MarkSent(Protocol):
    """Records that messages for jobs were sent: `Jobs.mark_sent`."""

    def __call__(self, ids: list[int], *, first: bool = False) -> object: ...


def send_jobs(app: Celery, waiting: Sequence[Waiting], mark_sent: MarkSent, *, first: bool = False) -> int:
    """Send waiting jobs as packs, mark them as sent, and return how many packs that were.

    Sending a job twice does no harm: the worker that claims it first trains it.

    Args:
        app: whose broker.
        waiting: the jobs.
        mark_sent: records that they were sent.
        first: whether they go before all that is queued: jobs that a worker had already.

    Raises:
        BrokerUnreachable: Redis is not there; nothing is marked.
    """
    count = send(app, packs(waiting), first=first)
    mark_sent([job.id for job in waiting], first=first)
    return count


def ask_for_summaries(app: Celery, experiment_ids: Sequence[int]) -> None:
    """Ask any worker to aggregate experiments; `watch` repeats requests that get lost."""
    for experiment_id in experiment_ids:
        shown = {"argsrepr": f"(experiment {experiment_id})", "kwargsrepr": "{}"}
        app.send_task(AGGREGATE, args=[experiment_id], queue=DEFAULT_QUEUE, retry=False, **shown)


def queue_length(app: Celery, queue: str) -> int:
    """Return how many messages wait in a queue.

    Raises:
        BrokerUnreachable: Redis is not there.
    """
    try:
        with app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            return int(channel._size(queue))
    except AWAY as problem:
        raise unreachable(app.conf.broker_url, problem) from problem


def ping(app: Celery) -> None:
    """Check that Redis answers.

    Raises:
        UsageError: the URL has something that Redis' client does not take.
        BrokerUnreachable: it does not answer, or not within `CONNECT_TIMEOUT`.
    """
    try:
        with app.connection_for_write() as connection:
            # Of this connection only: workers wait for messages as long as it takes.
            connection.transport_options = {**connection.transport_options, "socket_timeout": CONNECT_TIMEOUT}
            connection.ensure_connection(max_retries=1, interval_start=0.2, timeout=3)
            connection.default_channel.client.ping()
    except AWAY as problem:
        raise unreachable(app.conf.broker_url, problem) from problem
    except (ValueError, TypeError, KeyError) as problem:
        # What is not escaped in a password may be taken for a port: say no more of that.
        why = "the port is not a number; in a password write @ as %40, / as %2F" if "Port" in str(problem) else problem
        raise UsageError(
            f"BROKER_URL is {without_password(app.conf.broker_url)!r}, and Redis' client rejects it: {why}. "
            f"Example: {EXAMPLE}"
        ) from problem
