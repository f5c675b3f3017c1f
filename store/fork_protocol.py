"""How a run and the process that forks its workers talk: requests and answers over a Unix socket.

A request is one byte, sent with two open files: the pipe that keeps the worker alive, and its log.
"""

from __future__ import annotations

import struct
from enum import IntEnum

REQUEST = b"w"
#: an event, the pid of the worker it is about, and a number
ANSWER = struct.Struct("=iii")


class Event(IntEnum):
    """What an answer is about; its number is in brackets."""

    #: a worker was started, as the first request without an answer asks for (0)
    STARTED = 1
    #: a worker has ended (its exit code, or less than 0: the signal that ended it)
    ENDED = 2
    #: no worker could be started for the first request without an answer (the system's error)
    REFUSED = 3
