"""Every package that is installed, to run or to test, has one version: a new release of another one breaks nothing."""

from __future__ import annotations

import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def needed(roots: list[str]) -> set[str]:
    """Return the names of packages and of all that they need here."""
    found: set[str] = set()
    waiting = [Requirement(one) for one in roots]
    while waiting:
        one = waiting.pop()
        if canonicalize_name(one.name) not in found:
            found.add(canonicalize_name(one.name))
            further = map(Requirement, requires(one.name) or [])
            extras = one.extras or {""}
            waiting += [
                each for each in further if not each.marker or any(each.marker.evaluate({"extra": e}) for e in extras)
            ]
    return found


def test_each_package_is_pinned():
    """Those of pyproject.toml, those of the tests and of the documentation's tools, and what these need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    tests = [word for of in ("test", "docs") for word in (ROOT / f"requirements-{of}.txt").read_text().split()]
    pinned = {canonicalize_name(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text().split()}
    assert needed([*project, *tests]) - pinned == set()
