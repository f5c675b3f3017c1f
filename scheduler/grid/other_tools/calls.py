"""Calls as texts, such as Hydra's `range(1, 5)` and Optuna's `suggest_float("lr", 1e-5, 1e-1, log=True)`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Any

#: calls around a range that change nothing of it but its type
_AROUND = ("sort", "shuffle", "tag", "float", "sample")
#: `1..5`, `1:5`, `1:10:2`, `1-5`, `1 to 5`
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_SPAN = re.compile(rf"\[?\s*({_NUMBER})\s*(\.\.\.?|:|-|to)\s*({_NUMBER})(?:\s*:\s*({_NUMBER}))?\s*\]?\Z")
_CALLED = re.compile(r"[A-Za-z_][\w.]*\(")
_LONGEST = 500


@dataclass(slots=True)
class Call:
    """A call with its arguments as plain values."""

    #: in lower case, without the module
    name: str
    arguments: list[Any]
    named: dict[str, Any] = field(default_factory=dict)


def read_call(text: str) -> Call | None:
    """Read a call, or a span of numbers; None if the text is neither."""
    if len(text) > _LONGEST:
        return None
    if span := _SPAN.match(text.strip()):
        ends = [_number(span[group]) for group in (1, 3)]
        step = {} if span[4] is None else {"step": _number(span[4])}
        return Call("span", ends, step)
    if not _CALLED.match(text.strip()):
        return None
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        return _call(tree) if isinstance(tree, ast.Call) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() and "." not in text and "e" not in text.lower() else value


def _call(node: ast.Call) -> Call:
    """Read a call and what is around it.

    Raises:
        ValueError: An argument is no plain value.
    """
    path = ast.unparse(node.func).lower()
    name = path.rpartition(".")[2]
    inner = next((one for one in node.args if isinstance(one, ast.Call)), None)
    if inner is not None and name in (*_AROUND, "int"):
        found = _call(inner)
        if name == "int":
            found.named["int"] = True
        if any(isinstance(one, ast.Name) and one.id == "log" for one in node.args):
            found.named["log"] = True
        return found
    arguments = [_value(one) for one in node.args]
    if arguments and isinstance(arguments[0], str) and (name.startswith("suggest") or path.startswith("hp.")):
        arguments = arguments[1:]  # the name of the parameter
    return Call(name, arguments, {str(one.arg).lower(): _value(one.value) for one in node.keywords if one.arg})


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name | ast.Attribute):
        return {"true": True, "false": False, "null": None}.get(word := ast.unparse(node), word)
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(one) for one in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base, power = _value(node.left), _value(node.right)
        if all(isinstance(one, int | float) and abs(one) <= 1000 for one in (base, power)):
            return base**power
    raise ValueError(ast.unparse(node))
