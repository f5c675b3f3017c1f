"""Fields of other tools that name columns by what is known of them, as `series.inputs` with the grid's own columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scheduler.yaml_text import in_one_line

#: fields of columns whose values at the forecast steps are known
_KNOWN = frozenset(
    {
        *("known", "known_ahead", "known_future", "known_reals", "known_covariates", "known_covariates_names"),
        *("future_covariates", "future_exog", "futr_exog_list", "time_varying_known_reals"),
    }
)
#: of columns of which the past alone is seen
_OBSERVED = frozenset(
    {
        *("features", "covariates", "exog", "exogenous", "regressors"),
        *("past_covariates", "hist_exog_list", "observed_covariates"),
    }
)


def for_columns(word: str, value: Any, part: Any) -> str:
    """Return `series.inputs` with the columns that a field of another tool names, or an empty text.

    Args:
        word: the last word of its name.
        value: as the grid has it.
        part: the mapping that it is in; all such fields in it become one mapping.
    """
    if word not in _KNOWN | _OBSERVED or not _names(value):
        return ""
    fields: Mapping[str, Any] = part if isinstance(part, Mapping) else {}
    found: dict[str, Any] = {target: {} for target in _targets(fields)}
    given = fields.get("inputs") or ()
    found |= given if isinstance(given, Mapping) else {name: {} for name in _names(given)}
    for name, columns in {**fields, word: value}.items():
        if (own := name.lower().replace("-", "_")) in _KNOWN | _OBSERVED:
            found |= {column: {"known": True} if own in _KNOWN else {} for column in _names(columns)}
    inputs = found if any(found.values()) else list(found)
    targets = _targets(fields)
    series = {"targets": targets, "inputs": inputs} if targets else {"inputs": inputs}
    place = f" in the place of {fields['value']} as value" if "value" in fields else ""
    return f"write series: {in_one_line(series)}{place}"


def _targets(fields: Mapping[str, Any]) -> list[str]:
    return _names(fields.get("targets") or fields.get("value") or ())


def _names(value: Any) -> list[str]:
    """Return one column or several as a list; empty for what names none."""
    names = [value] if isinstance(value, str) else list(value) if isinstance(value, tuple | list) else []
    return names if all(isinstance(one, str) for one in names) else []
