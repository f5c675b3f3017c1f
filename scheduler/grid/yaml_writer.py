"""From a mapping of Python to the text of a grid file, which is then read like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from scheduler.yaml_text import Dumper
from store.errors import UsageError


def as_yaml(mapping: Mapping[Any, Any]) -> str:
    """Return a mapping of Python values as the text of a grid file.

    Raises:
        UsageError: it holds what YAML cannot.
    """
    try:
        return yaml.dump(_plain(mapping), Dumper=Dumper, sort_keys=False)
    except yaml.representer.RepresenterError as problem:
        value = problem.args[-1]
        raise UsageError(
            f"A grid cannot hold {value!r:.80} of type {type(value).__name__}; use text, numbers, True, False, None, "
            "lists and mappings."
        ) from None
    except RecursionError:
        raise UsageError("A grid cannot hold a list or mapping that contains itself; write the values out.") from None


def _plain(value: Any) -> Any:
    """Convert NumPy's values to Python's, times to text, tuples and ranges to lists; a key may be a tuple of names."""
    if hasattr(value, "tolist") and not isinstance(value, type):
        value = value.tolist()
    if isinstance(value, date):  # and times, those of pandas, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {tuple(map(_plain, key)) if isinstance(key, tuple) else _plain(key): _plain(value[key]) for key in value}
    return [_plain(item) for item in value] if isinstance(value, tuple | list | range) else value
