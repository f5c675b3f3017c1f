"""Kinds of models that installed packages have: the entry points `repeats.kinds`, read once a process."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from store.schema.kind import Kind

GROUP: Final = "repeats.kinds"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnKind:
    """A kind of an installed package."""

    kind: Kind
    #: (model, shape) -> Keras layers
    builder: Callable[..., Any]
    #: the package and its version, which decide the numbers as the fields of a configuration do
    package: str


def _found(points: Iterable[EntryPoint]) -> dict[str, OwnKind]:
    """Load what packages name; what cannot be used has its reason in `PROBLEMS`."""
    found: dict[str, OwnKind] = {}
    packages: dict[str, str] = {}
    for point in points:
        name, package = point.name, package_of(point)
        other = packages.setdefault(name, package)
        if not _NAME.match(name):
            PROBLEMS[name] = f"{package} has it, and a name has small letters, digits and _, and begins with a letter"
        elif other != package:
            found.pop(name, None)
            PROBLEMS[name] = f"{other} and {package} both have it: uninstall one of them"
        else:
            try:
                builder = point.load()
            except Exception as problem:
                PROBLEMS[name] = f"{package} has it, and cannot be loaded: {type(problem).__name__}: {problem}"
                continue
            kind = getattr(builder, "kind", Kind(layers=f"of the package {package}"))
            found[name] = OwnKind(kind=kind, builder=builder, package=package)
    return found


def package_of(point: EntryPoint) -> str:
    """Return the package that has an entry point, and its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


#: name -> why a kind of an installed package cannot be used
PROBLEMS: Final[dict[str, str]] = {}
OWN: Final[dict[str, OwnKind]] = _found(entry_points(group=GROUP))


def missing_kind(params: str) -> str | None:
    """Return why this installation cannot train a configuration whose kind is of a package, or None where it can.

    Args:
        params: canonical JSON of the configuration.
    """
    if '"package"' not in params:
        return None
    model = json.loads(params).get("model", {})
    name, package = model.get("kind"), model.get("package")
    here = OWN[name].package if name in OWN else None
    if package is None or package == here:
        return None
    has = f"{here} is installed here" if here else PROBLEMS.get(name, "no installed package has it here")
    wanted, _, version = package.rpartition(" ")
    return (
        f"Waiting jobs have models of kind {name} of the package {package}, and {has}. They are left alone. "
        f"Install it where this worker runs: pip install {wanted}=={version}"
    )
