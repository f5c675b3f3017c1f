"""Plain text of YAML to values as YAML 1.2 reads it, and values to one line that YAML 1.1 and 1.2 read alike."""

from __future__ import annotations

import re
from typing import Any

import yaml

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


class Dumper(yaml.SafeDumper):
    """Writes YAML that a grid file's reader reads back unchanged."""


def _represent_text(dumper: Any, text: str) -> Any:
    """Represent text, quoted also if it is a number in YAML 1.2 only, such as 1e3."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, None if isinstance(scalar(text), str) else "'")


Dumper.add_representer(str, _represent_text)
for _tagged in (set, bytes):
    Dumper.add_representer(_tagged, Dumper.represent_undefined)


class _OneLineDumper(Dumper):
    """Writes line breaks in text as escapes, where YAML would begin a line."""


def _represent_in_one_line(dumper: Any, text: str) -> Any:
    if text.splitlines() not in ([], [text]):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, '"')
    return _represent_text(dumper, text)


_OneLineDumper.add_representer(str, _represent_in_one_line)


def in_one_line(value: Any) -> str:
    """Write a value in one line of YAML, with brackets and braces."""
    text = yaml.dump(
        value, Dumper=_OneLineDumper, default_flow_style=True, width=10**9, sort_keys=False, allow_unicode=True
    )
    return text.removesuffix("\n...\n").strip()
