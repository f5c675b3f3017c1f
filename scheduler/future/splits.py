"""The splits of a configuration, by which its errors are known."""

from __future__ import annotations

from collections.abc import Mapping

from store.schema.configuration import Configuration

#: between the label of a configuration and the name of its split
AT = " @ "


def cells_of(cells: Mapping[str, str], label: str) -> dict[str, str]:
    """Return the splits of a configuration, each with its parameters; none where it has one split.

    Args:
        cells: the parameters of all configurations on their splits, by their labels.
        label: that of the configuration.
    """
    return {name: params for name, params in cells.items() if name.startswith(label + AT)}


def windows_of(cells: Mapping[str, str], label: str, own: Configuration) -> list[str]:
    """Return the windows of the same series by the same configuration, in order; itself where there is one.

    Args:
        cells: as for `cells_of`.
        label: of one of them.
        own: the configuration of that one.
    """
    point, at, _ = label.partition(AT)
    if not at or label not in cells:
        return [label]
    same = {name: Configuration.model_validate_json(params) for name, params in cells_of(cells, point).items()}
    series = (own.series.name, own.series.content_hash)  # two series may have the same values
    mine = [
        (one.window.skip, name) for name, one in same.items() if (one.series.name, one.series.content_hash) == series
    ]
    return [name for _, name in sorted(mine, reverse=True)]
