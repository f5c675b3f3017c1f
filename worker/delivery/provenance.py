"""Where and with what results are made: versions, host and commit, without importing what they are the versions of."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

from store import Provenance
from store.schema.configuration import NUMERICS


@cache
def provenance(worker: str) -> Provenance:
    """Describe this process, which is called `worker`, once."""
    return Provenance(
        worker=worker,
        host=socket.gethostname(),
        numerics=NUMERICS,
        python=platform.python_version(),
        tensorflow=version("tensorflow"),
        keras=version("keras"),
        numpy=version("numpy"),
        git_commit=_commit(),
    )


def _commit() -> str | None:
    """Return the commit of this code: GIT_COMMIT in an image, git's word in a checkout."""
    if commit := os.environ.get("GIT_COMMIT"):
        return commit
    try:
        answer = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None
