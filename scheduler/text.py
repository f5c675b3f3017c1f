"""Text for terminals and pages."""

from __future__ import annotations


def printable(text: object) -> str:
    """Replace characters that neither XML nor a terminal can show; labels and names come from the user."""
    return "".join(mark if mark.isprintable() or mark in "\n\t" else "\N{REPLACEMENT CHARACTER}" for mark in str(text))
