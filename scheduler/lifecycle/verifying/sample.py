"""A sample of repeats, trained again by the worker's package, which is found by its entry point."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import entry_points
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.text import many
from store import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scheduler.lifecycle.verifying.findings import Findings
    from store import Experiment, Result, Store
    from store.checks.repeats import StoredRepeat

#: what an installed package offers: `train_again` of `worker.delivery.again`
GROUP = "repeats.verifying"


def check_sample(store: Store, experiment: Experiment, most: int, found: Findings, say: Callable[[str], None]) -> None:
    """Train some repeats again and compare all their numbers, bit for bit.

    Those that another version of the numerics, TensorFlow, Keras or NumPy made may have other bits: they are left out.
    """
    drawn = store.checks.sample(experiment.id, most)
    here = store.checks.version_here()
    ours = [one for one in drawn if one.version == here]
    others = Counter(one.version for one in drawn if one.version != here)
    for version, number in others.items():
        made = f"{many(number, 'repeat')} of the sample {'was' if number == 1 else 'were'} made by {version}"
        found.left.append(f"{made}; here is {here}, which may give other bits: not trained again")
    if not ours:
        if not others and most:
            found.left.append("sample: no repeat has a result yet")
        return
    say(f"training {many(len(ours), 'repeat')} again ...")
    wrong = [line for pack in _packs(ours) for line in _compared(store, pack)]
    found.check(f"{many(len(ours), 'repeat')} trained again: the same bits", wrong)


def _packs(repeats: Sequence[StoredRepeat]) -> Iterator[Sequence[StoredRepeat]]:
    """Yield the repeats of one program and series, no more at once than a worker would take."""
    for _, rows in groupby(sorted(repeats, key=_program), key=_program):
        same = list(rows)
        most = max(1, same[0].max_pack)
        yield from (same[first : first + most] for first in range(0, len(same), most))


def _program(repeat: StoredRepeat) -> tuple[str, str]:
    return repeat.job.program, repeat.job.series_hash


def _compared(store: Store, pack: Sequence[StoredRepeat]) -> Iterator[str]:
    """Yield in which numbers repeats differ from what is stored."""
    results = _again(store, pack)
    for stored, again in zip(pack, results, strict=True):
        parts = list(differences(stored.result, again))
        if parts:
            yield f"repeat {stored.job.repeat} of {stored.label}, trained again, differs in {' and '.join(parts)}"


def _again(store: Store, pack: Sequence[StoredRepeat]) -> list[Result]:
    """Train a pack.

    Raises:
        UsageError: no installed package trains.
    """
    for point in entry_points(group=GROUP, name="again"):
        found: list[Result] = point.load()(store, [one.job for one in pack])
        return found
    raise UsageError("No installed package trains repeats: install repeats again, with `pip install .` or `make setup`")


def differences(stored: Result, again: Result) -> Iterator[str]:
    """Yield the numbers of two results that have other bits."""
    for name in ("test_rmse", "train_rmse"):
        before, now = getattr(stored, name), getattr(again, name)
        if not _same(before, now):
            yield f"{name} ({before!r} stored, {now!r} now)"
    if stored.diverged != again.diverged:
        yield "whether it diverged"
    for name, words in (("trajectory", "its trajectory"), ("forecasts", "its forecasts"), ("weights", "its weights")):
        if not _alike(getattr(stored, name), getattr(again, name)):
            yield words


def _alike(before: Any, now: Any) -> bool:
    """Return whether two records have the same fields, all arrays bit for bit."""
    if before is None or now is None:
        return before is None and now is None
    names = list(before) if isinstance(before, dict) else list(before.__dataclass_fields__)
    read = (lambda one, name: one.get(name)) if isinstance(before, dict) else getattr
    return all(_equal(name, read(before, name), read(now, name)) for name in names)


def _equal(name: str, before: Any, now: Any) -> bool:
    """Return whether a field is the same; older results have no quantiles."""
    if name == "quantiles":
        return before is None or _alike(before, now)
    return _same(before, now)


def _same(before: Any, now: Any) -> bool:
    if before is None or now is None:
        return before is None and now is None
    return bool(np.array_equal(np.asarray(before), np.asarray(now), equal_nan=True))
