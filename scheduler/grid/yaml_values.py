"""Values as text for messages, as a grid file would have them."""

from __future__ import annotations

from typing import Any

from scheduler.yaml_text import scalar


def shown(value: Any) -> str:
    """Return a value as it is written in a file, short enough for one line."""
    text = _written(value, 4)
    return text if len(text) <= 80 else f"{text[:76]} ..."


def _written(value: Any, depth: int) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (dict, tuple, list)) and not depth:
        return "..."
    if isinstance(value, dict):
        inner = ", ".join(f"{_written(k, 1)}: {_written(v, depth - 1)}" for k, v in list(value.items())[:20])
        return f"{{{inner}}}"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_written(item, depth - 1) for item in value[:20])}]"
    return _text(value) if isinstance(value, str) else repr(value).replace("inf", ".inf").replace("nan", ".nan")


def _text(value: str) -> str:
    """Return text plain, or quoted if it would be read as something else or has special characters."""
    plain = value.isprintable() and value.isascii() and value.strip() == value and isinstance(scalar(value), str)
    return value[:100] if plain and value else repr(value[:100])
