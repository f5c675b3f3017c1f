"""All tests: `python -m tests [pytest's arguments]`, which `make test` calls.

Two programs that no wheel contains are tested with: Chromium or Chrome opens the report page, and PgBouncer stands
before Postgres. On a machine without one its tests, and only those, are left out, and the first and the last line of
the output say so. With BROWSER=required and PGBOUNCER=required, as in CI, they run or fail.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests import chromium
from tests.contract import pgbouncer


def main() -> int:
    """Run pytest, without the tests whose program is not on this machine and is not required."""
    missing = dict(_missing())
    for warning in missing.values():
        print(warning, file=sys.stderr)
    chosen = ["-m", " and ".join(f"not {mark}" for mark in missing)] if missing else []
    # A file stays in one process, since its fixtures train or start servers once. Long files go first (conftest.py).
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"] if not sys.argv[1:] else []
    code = subprocess.run([sys.executable, "-m", "pytest", *spread, *chosen, *sys.argv[1:]], check=False).returncode
    for warning in missing.values():
        print(warning, file=sys.stderr)
    return code


def _missing() -> list[tuple[str, str]]:
    """Return the marks of the tests that are left out, each with what is not tested and why."""
    found = []
    if os.environ.get("BROWSER") != "required":
        try:
            chromium.find()
        except chromium.BrowserError as problem:
            found.append(("browser", f"NOT TESTED: the report page in a browser. {problem}"))
    if os.environ.get("PGBOUNCER") != "required":
        try:
            pgbouncer.find()
        except pgbouncer.PgBouncerMissing as problem:
            found.append(("pgbouncer", f"NOT TESTED: Postgres behind PgBouncer. {problem}"))
    return found


if __name__ == "__main__":
    sys.exit(main())
