"""Names of workers (`host:pid`), and of their claims (`host:pid:uuid`), which are the owners of jobs."""

from __future__ import annotations

import os
import socket
import uuid


def worker_name(pid: int | None = None) -> str:
    """Return the name of a process of this host among all workers; by default that of this process."""
    return f"{socket.gethostname()}:{os.getpid() if pid is None else pid}"


def new_owner(worker: str) -> str:
    """Return a name for one claim of a worker, which no other claim has."""
    return f"{worker}:{uuid.uuid4().hex[:12]}"


def worker_of(owner: str) -> str:
    """Return the name of the worker that made a claim."""
    return owner.rpartition(":")[0] or owner
