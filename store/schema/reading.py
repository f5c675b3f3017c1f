"""Configurations from the store: each distinct part of an experiment's configurations is read once, and shared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from store.schema.configuration import Configuration


def read_configurations(stored: Mapping[str, str]) -> dict[str, Configuration]:
    """Read the canonical JSON of configurations, given by their labels.

    The configurations of a grid have most parts in common: of 10,000 configurations a few hundred parts are checked, as
    in the grid that they come from.
    """
    parts: dict[tuple[str, str], Any] = {}
    return {label: _read(text, parts) for label, text in stored.items()}


def _read(text: str, parts: dict[tuple[str, str], Any]) -> Configuration:
    """Put a configuration together from parts that are known; check it, and remember its parts, where one is not."""
    given = json.loads(text)
    keys = {name: (name, repr(given.get(name))) for name in Configuration.model_fields}
    if any(key not in parts for key in keys.values()):
        read = Configuration.model_validate_json(text)
        for name, key in keys.items():
            parts.setdefault(key, getattr(read, name))
    return Configuration.model_construct(**{name: parts[key] for name, key in keys.items()})
