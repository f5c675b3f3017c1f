"""The provenance of results: versions, host and commit, found without importing TensorFlow."""

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
    """Return the provenance of what this process, named `worker`, computes."""
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
    """Return the commit of this code: GIT_COMMIT in an image, HEAD in a checkout, else None."""
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
