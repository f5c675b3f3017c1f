"""All tests: `python -m tests [pytest's arguments]`, which `make test` calls.

The report page is opened in a real Chromium or Chrome, which no wheel contains. On a machine without a browser those
tests, and only those, are left out, and the first and the last line of the output say so. With BROWSER=required, as in
CI, they run or fail.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.chromium import BrowserError, find


def main() -> int:
    """Run pytest, without the browser tests if there is no browser and none is required."""
    chosen, warning = [], ""
    if os.environ.get("BROWSER") != "required":
        try:
            find()
        except BrowserError as problem:
            chosen, warning = ["-m", "not browser"], f"NOT TESTED: the report page in a browser. {problem}"
    if warning:
        print(warning, file=sys.stderr)
    # A file stays in one process, since its fixtures train or start servers once. Long files go first (conftest.py).
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"] if not sys.argv[1:] else []
    code = subprocess.run([sys.executable, "-m", "pytest", *spread, *chosen, *sys.argv[1:]], check=False).returncode
    if warning:
        print(warning, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
