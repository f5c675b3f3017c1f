"""Every package that is installed, to run or to test, has one version: a new release of another one breaks nothing.

As a program, `python -m tests.project.test_pins`, it checks the tools of the documentation where they are installed.
"""

from __future__ import annotations

import sys
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


def pinned() -> set[str]:
    """Return the names of the packages that have one version."""
    return {canonicalize_name(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text().split()}


def required(of: str) -> list[str]:
    """Return the lines of `requirements-OF.txt`."""
    return (ROOT / f"requirements-{of}.txt").read_text().split()


def test_each_package_is_pinned() -> None:
    """Those of pyproject.toml and those of the tests, and what these need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert needed([*project, *required("test")]) - pinned() == set()


def test_the_tools_of_the_documentation_are_pinned() -> None:
    """What they need in turn is checked by `make docs`, which installs them."""
    assert {canonicalize_name(Requirement(one).name) for one in required("docs")} <= pinned()


if __name__ == "__main__":
    sys.exit(", ".join(sorted(needed(required("docs")) - pinned())) or 0)
