"""Splits: one series and the rows of it that are forecast. Only configurations of one split are compared."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from store.schema.configuration import Configuration
from store.schema.prepare import Prepare

Key = TypeVar("Key", bound=Hashable)
#: digits of the content hash that distinguish series of the same name
CONTENT = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """What a configuration must forecast; scores are comparable only if all of it is equal."""

    series: str
    #: hash of the columns that are forecast, whatever others a model sees; of all columns in older stores
    content: str
    columns: tuple[str, ...]
    test: int
    horizon: int
    target_at: str
    #: forecasts are of the training rows
    training_rows: bool = False
    #: steps beyond the end that are forecast instead of test rows; 0 for none
    beyond: int = 0

    @classmethod
    def of(cls, configuration: Configuration) -> Self:
        """Return the split of a configuration."""
        return cls(
            series=configuration.series.name,
            content=configuration.series.target_hash or configuration.series.content_hash,
            columns=configuration.series.targets,
            test=configuration.test,
            horizon=configuration.prepare.horizon,
            target_at=configuration.prepare.target_at,
            training_rows=configuration.protocol.kind == "batch_transfer",
            beyond=0 if configuration.future is None else configuration.future.steps,
        )

    @classmethod
    def stored(cls, params: str) -> Self:
        """Return the split from a configuration's canonical JSON, which may be of an older version."""
        given: dict[str, Any] = json.loads(params)
        series, prepare, protocol = (given.get(part) or {} for part in ("series", "prepare", "protocol"))
        return cls(
            series=str(series.get("name", "")),
            content=str(series.get("target_hash") or series.get("content_hash", "")),
            columns=tuple(series.get("targets", ())),
            test=given.get("test", _DEFAULTS["test"]),
            horizon=prepare.get("horizon", _DEFAULTS["horizon"]),
            target_at=prepare.get("target_at", _DEFAULTS["target_at"]),
            training_rows=protocol.get("kind") == "batch_transfer",
            beyond=(given.get("future") or {}).get("steps", 0),
        )


_DEFAULTS: dict[str, Any] = {"test": Configuration.model_fields["test"].default} | {
    name: Prepare.model_fields[name].default for name in ("horizon", "target_at")
}


def split_names(splits: Mapping[Key, Split]) -> dict[Key, str]:
    """Return a readable name for the split of each configuration of an experiment: `shampoo, last 12 rows`.

    A name says more (targets, steps ahead, content) only where that is needed to tell the experiment's splits apart,
    or where it is not the usual one step after the inputs.

    Args:
        splits: by the label of a configuration, or by any other key.
    """
    different = list(dict.fromkeys(splits.values()))
    names = {split: _name(split, different) for split in different}
    return {label: names[split] for label, split in splits.items()}


def _name(split: Split, others: list[Split]) -> str:
    namesakes = [one for one in others if one.series == split.series]
    contents, columns = {one.content for one in namesakes}, {one.columns for one in namesakes}
    # columns of one file are series of their own: their names say more than digits of their contents
    told_by_columns = len({(one.columns, one.content) for one in namesakes}) == len(columns)
    rows = "training rows" if split.training_rows else f"last {split.test} row{'s' * (split.test != 1)}"
    rows = f"{split.beyond} step{'s' * (split.beyond != 1)} beyond the end" if split.beyond else rows
    parts = [
        split.series + (f" ({split.content[:CONTENT]})" if len(contents) > 1 and not told_by_columns else ""),
        *([" and ".join(split.columns)] if len(columns) > 1 else []),
        rows,
        *([f"{split.horizon} steps ahead"] if split.horizon > 1 else []),
        *([f"target_at {split.target_at}"] if split.target_at != "next" else []),
    ]
    return ", ".join(parts)
