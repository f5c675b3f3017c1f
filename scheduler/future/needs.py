"""Which values beyond the end a forecast needs: those of columns that no forecast gives."""

from __future__ import annotations

from store.schema.configuration import Configuration
from store.schema.differences import weights
from store.schema.inputs import OFFSET, layout


def needed(configuration: Configuration) -> dict[str, list[int]]:
    """Return the columns whose values beyond the end are seen, each with the steps at which they are, from 1.

    Args:
        configuration: on all rows.
    """
    names, targets = configuration.series.inputs, configuration.series.targets
    last = 1 - OFFSET[configuration.prepare.target_at]
    features = {feature for step in layout(configuration) for feature in step}
    found: dict[str, set[int]] = {}
    for ahead in _rows_ahead(configuration):
        for time, column in features:
            backs = weights(configuration.prepare.differences_of(names[column]))
            steps = {last + ahead + time - back for back in backs}
            found.setdefault(names[column], set()).update(step for step in steps if step > 0)
    return {name: sorted(found[name]) for name in names if name not in targets and found.get(name)}


def _rows_ahead(configuration: Configuration) -> range:
    """Return how far ahead of the last row the rows are that a model sees; with a state all in between, too."""
    assert configuration.future is not None
    size, steps = configuration.prepare.steps_at_once, configuration.future.steps
    return range(0, steps - size + 1, 1 if configuration.model.carries_state else size)
