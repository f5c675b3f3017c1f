"""Values as YAML 1.2 writes them: plain text to values, and values to text for messages."""

from __future__ import annotations

import re
from typing import Any

_INTEGER = re.compile(r"[-+]?[0-9]{1,400}\Z")
_BASED = re.compile(r"0(?:o[0-7]{1,400}|x[0-9a-fA-F]{1,400})\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{f"{sign}{word}": float(f"{sign}inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}


def scalar(text: str) -> Any:
    """Read a plain scalar as YAML 1.2 does: `1e-3` is a number; `on`, `no` and dates are text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    return float(text) if _FLOAT.match(text) else text


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
