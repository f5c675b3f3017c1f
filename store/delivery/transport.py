"""Celery's transport to Redis, with two more manners: some messages go first, and what is no message is dropped."""

from __future__ import annotations

import logging
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)

#: the header of messages that go before all others of their queue
FIRST = "first"
#: bytes of what is no message that a log shows
_SHOWN = 100


class Channel(redis.Channel):  # type: ignore[misc]
    """A channel that puts some messages at the head of their queue, and survives whatever is in it."""

    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        """Append a message to a queue, or put it at its head."""
        if not message.get("headers", {}).get(FIRST):
            super()._put(queue, message, **options)
            return
        words = self._q_for_pri(queue, self._get_message_priority(message, reverse=False)), dumps(message)
        if (batch := options.get("_publish_batch")) is not None:
            batch.add("rpush", *words)
        else:
            with self.conn_or_acquire() as client:
                client.rpush(*words)

    def _brpop_read(self, **options: Any) -> Any:
        """Receive a message; one that is no JSON is dropped."""
        try:
            return super()._brpop_read(**options)
        except ValueError as problem:
            _drop(getattr(problem, "doc", problem))
            raise redis.Empty from problem


class Transport(redis.Transport):  # type: ignore[misc]
    """Redis, through such channels."""

    Channel = Channel

    def _deliver(self, message: Any, queue: str) -> None:
        """Hand a message to the consumer; what has not the form of one is dropped."""
        if not _is_message(message, queue):
            _drop(message)
            return
        try:
            super()._deliver(message, queue)
        except (ValueError, TypeError, LookupError, AttributeError):  # of what is in it: Celery looks at that at once
            _drop(message)
            self._forget(message["properties"]["delivery_tag"])

    def _forget(self, tag: str) -> None:
        """Do not count a message as one that a worker has."""
        for channel in self.channels:
            if channel and tag in channel.qos._delivered:
                channel.basic_reject(tag, requeue=False)


def _is_message(message: Any, queue: str) -> bool:
    """Return whether something has the form of a message to a worker, or of Celery's remote control and events."""
    parts = {"body": str, "content-type": str, "content-encoding": str, "headers": dict, "properties": dict}
    if not isinstance(message, dict) or not all(isinstance(message.get(name), kind) for name, kind in parts.items()):
        return False
    if not {"delivery_tag", "delivery_info"} <= set(message["properties"]):
        return False
    ours = "pidbox" not in queue and not queue.startswith("celeryev")
    return not ours or all(isinstance(message["headers"].get(name), str) for name in ("task", "id"))


def _drop(what: object) -> None:
    logger.warning("dropped from the queue, since it is no message of Celery: %.*r", _SHOWN, what)


def register() -> None:
    """Use this transport for all URLs of Redis in this process."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
