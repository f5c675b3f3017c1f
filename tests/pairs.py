"""Few combinations of choices in which every two values of two choices meet at least once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

Combination = dict[str, Any]
Pair = frozenset[tuple[str, Hashable]]


def pairwise(
    choices: Mapping[str, Sequence[Hashable]], without: Collection[Pair] = (), needless: Collection[Pair] = ()
) -> list[Combination]:
    """Combine values greedily: each combination begins with a pair that is missing and adds what covers most.

    Args:
        choices: the values of each choice.
        without: pairs that do not exist together, and are in no combination.
        needless: pairs that need not meet.
    """
    missing = pairs_of(choices) - set(without) - set(needless)
    made = []
    while missing:
        combination: Combination = dict(sorted(min(missing, key=sorted_text)))
        for name in sorted(choices, key=lambda name: -len(choices[name])):
            if name not in combination:
                possible = [value for value in choices[name] if _fits(combination, name, value, without)]
                combination[name] = max(possible, key=lambda value: _covered(combination, name, value, missing))
        missing -= _pairs(combination)
        made.append({name: combination[name] for name in choices})
    return made


def pairs_of(choices: Mapping[str, Sequence[Hashable]]) -> set[Pair]:
    """Return every value of each choice with every value of every other."""
    return {
        frozenset({(a, x), (b, y)})
        for a, b in combinations(sorted(choices), 2)
        for x, y in product(choices[a], choices[b])
    }


def sorted_text(pair: Pair) -> str:
    """Order pairs alike in every process, whatever the hashes of strings are."""
    return str(sorted(map(str, pair)))


def _fits(combination: Combination, name: str, value: Hashable, without: Collection[Pair]) -> bool:
    return not any(frozenset({(name, value), other}) in without for other in combination.items())


def _covered(combination: Combination, name: str, value: Hashable, missing: set[Pair]) -> int:
    return sum(frozenset({(name, value), other}) in missing for other in combination.items())


def _pairs(combination: Combination) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(combination.items(), 2)}
