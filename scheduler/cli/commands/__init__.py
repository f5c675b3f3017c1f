"""The commands: one module a group, found by its place in this package.

A module defines click commands, as many as belong together. Two optional names place its group in `scheduler --help`:
`HEADING`, the title, which several modules may share, and `POSITION`, a number by which groups are sorted. Modules
import nothing heavy at the top: all of them are imported for `--help`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from types import ModuleType

import click

LAST = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandGroup:
    """The commands under one heading, of one module or several."""

    heading: str
    position: int
    commands: dict[str, click.Command] = field(default_factory=dict)


@cache
def groups() -> tuple[CommandGroup, ...]:
    """Find the groups of commands in this package, in the order in which the help lists them."""
    modules = (import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__))
    found = [group for group in map(_group, modules) if group.commands]
    return _by_heading(sorted(found, key=lambda group: (group.position, group.heading)))


def _by_heading(ordered: Iterable[CommandGroup]) -> tuple[CommandGroup, ...]:
    """Join groups of the same heading at the place of the first."""
    joined: dict[str, CommandGroup] = {}
    for group in ordered:
        first = joined.setdefault(group.heading, replace(group, commands={}))
        first.commands.update(group.commands)
    return tuple(joined.values())


def _group(module: ModuleType) -> CommandGroup:
    return CommandGroup(
        heading=getattr(module, "HEADING", "Other commands"),
        position=getattr(module, "POSITION", LAST),
        commands={str(command.name): command for command in _defined(module)},
    )


def _defined(module: ModuleType) -> Iterator[click.Command]:
    return (value for value in vars(module).values() if isinstance(value, click.Command))
