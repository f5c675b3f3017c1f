"""Runs the cells of a notebook in order, in one namespace, and keeps their outputs. It needs no Jupyter.

python -m tests.notebook docs/study.ipynb study-with-outputs.ipynb
"""

from __future__ import annotations

import ast
import base64
import json
import sys
from pathlib import Path
from typing import Any


def execute(notebook: dict[str, Any]) -> dict[str, Any]:
    """Run every code cell and return the notebook with its outputs; the first error is raised."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count = 1 + sum(one["cell_type"] == "code" for one in cells)
            shown = _run("".join(cell["source"]), names)
            result = {"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": shown}
            cells.append({**cell, "execution_count": count, "outputs": [result] if shown else []})
        else:
            cells.append(cell)
    return {**notebook, "cells": cells}


def _run(source: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run one cell; return what its last expression shows."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if isinstance(last, ast.Expr) else None
    return {} if value is None else _shown(value)


def _shown(value: object) -> dict[str, Any]:
    if hasattr(value, "_repr_png_"):
        return {"image/png": base64.b64encode(value._repr_png_()).decode(), "text/plain": ["a picture"]}
    data: dict[str, Any] = {"text/plain": repr(value).splitlines(keepends=True)}
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_().splitlines(keepends=True)
    return data


if __name__ == "__main__":
    done = execute(json.loads(Path(sys.argv[1]).read_text()))
    Path(sys.argv[2]).write_text(json.dumps(done, indent=1, ensure_ascii=False) + "\n")
