"""The rows behind the view `parameters`: what all configurations of an experiment have in common is stored once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Double, ForeignKey, Table, Text

from store.database.dialects import insert_rows
from store.database.tables import Id, metadata


def _parameter_rows(name: str, owner: Column[Any]) -> Table:
    """Return a table of parameters by the names that a grid uses; `number` is the value where it is a number."""
    columns = (Column("parameter", Text, primary_key=True), Column("value", Text), Column("number", Double))
    return Table(name, metadata, owner, *columns)


#: what all configurations of an experiment have in common, and what a configuration has of its own
common_parameters = _parameter_rows(
    "common_parameters", Column("experiment_id", Id, ForeignKey("experiments.id"), primary_key=True)
)
own_parameters = _parameter_rows(
    "own_parameters", Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True)
)


def insert_parameters(connection: Connection, experiment_id: int, params: Mapping[int, str]) -> None:
    """Insert the parameters of an experiment.

    Args:
        connection: of a transaction that writes.
        experiment_id: whose.
        params: the canonical JSON of each configuration, by its id.
    """
    from store.schema.parameters import parameters  # which loads pydantic

    all_ = {id_: parameters(written) for id_, written in params.items()}
    common = _common(list(all_.values()))
    shared = [(experiment_id, name, *_value(value)) for name, value in common.items()]
    own = [
        (id_, name, *_value(value))
        for id_, found in all_.items()
        for name, value in found.items()
        if name not in common
    ]
    columns = ("parameter", "value", "number")
    insert_rows(connection, common_parameters, ("experiment_id", *columns), shared)
    insert_rows(connection, own_parameters, ("configuration_id", *columns), own)


def _common(all_: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the parameters that are the same everywhere."""
    common = dict(all_[0]) if all_ else {}
    for found in all_[1:]:
        common = {name: value for name, value in common.items() if name in found and _same(found[name], value)}
    return common


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)  # 1 is neither 1.0 nor true


def _value(value: Any) -> tuple[str | None, float | None]:
    """Return a value as text, and as a number if it is one; a truth value is 0 or 1."""
    if value is None or isinstance(value, str):
        return value, None
    return json.dumps(value), float(value)
