"""Asking the user before something is lost."""

from __future__ import annotations

import sys

import click

from store.errors import UsageError


def confirm(question: str) -> bool:
    """Ask a yes-or-no question on the terminal; the default is no.

    Raises:
        UsageError: stdin is not a terminal, so nobody can answer.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"{question} There is no terminal to answer on; confirm with --yes.")
    return click.confirm(question, default=False, err=True)
