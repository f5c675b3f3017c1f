"""How many processes can run at once: what the machine, the affinity and the container allow."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

#: where Linux says what a container may use, by its second and its first version
GROUPS = Path("/sys/fs/cgroup")


def cores(groups: Path = GROUPS) -> int:
    """Return how many cores this process may use, at least one.

    Args:
        groups: where the limits of the container are.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = _limit(groups)
    return max(1, allowed if limit is None else min(allowed, math.ceil(limit)))


def _limit(groups: Path) -> float | None:
    """Return the cores' worth of time that a container has; None where there is no limit, or it is not known."""
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = (groups / "cpu.max").read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = ((groups / "cpu" / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return None if int(quota) < 0 else int(quota) / int(period)
    return None
