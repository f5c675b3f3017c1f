"""Replacements for a name that is not a field: words of other tools first, then the nearest spelling.

The names of fields are in `scheduler.grid.fields`; words of other tools are in `scheduler.grid.other_tools.words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scheduler.grid.fields import CONFIGURED, FIELDS, OPEN, known
from scheduler.grid.messages import Found, Path, dotted, unknown
from scheduler.grid.other_tools.advice import for_search, for_word
from scheduler.grid.other_tools.words import ARGUMENTS, FIELD_OF, KIND_WORDS, SAYS, VALUE_WORDS, last_word
from scheduler.grid.yaml_values import shown
from store.schema.configuration import PROTOCOLS
from store.schema.own_kinds import PROBLEMS
from store.schema.spelling import listed, nearest


def pointer(name: str, names: Iterable[str], value: Any = ..., part: Any = None) -> str:
    """Return `; ` and a replacement for a dotted name, or an empty text if nothing is close.

    Args:
        name: that is no field.
        names: the fields that there are.
        value: of it; `...` if that is not known.
        part: the mapping that it is in.
    """
    word = last_word(name)
    says = for_word(name, value, part) or SAYS.get(word, "")
    if not says and word in ARGUMENTS:
        says = f"it is an argument of the optimizer: training.optimizer.{ARGUMENTS[word]}"
    if not says and word in FIELD_OF:
        says = f"did you mean {_placed(FIELD_OF[word], name)}?"
    return f"; {says}" if says else likely(name, names)


def likely(name: str, names: Iterable[str]) -> str:
    """Return `; did you mean ...?` with the dotted names that have its last word, or the nearest in its section."""
    names = list(names)
    section = name.rpartition(".")[0]
    same = [other for other in names if _word(other) == _word(name)]
    depth = min((other.count(".") for other in same), default=0)
    same = [other for other in same if other.count(".") == depth]
    for among in ([other for other in names if other.rpartition(".")[0] == section], names):
        close = None if same else nearest(_word(name), [_word(other) for other in among])
        same = same or [other for other in among if _word(other) == close]
    return f"; did you mean {listed(_placed(other, name) for other in same)}?" if same else ""


def _word(name: str) -> str:
    return name.rpartition(".")[2]


def _as_word(value: Any) -> str:
    """Return a value as words are compared."""
    return last_word(value if isinstance(value, str) else shown(value))


def _placed(name: str, given: str) -> str:
    """Add where an experiment's own field belongs if the given name was elsewhere."""
    return f"{name} (at the top of the file)" if "." in given and name.partition(".")[0] not in CONFIGURED else name


def no_field(path: Path, among: tuple[str, ...] = (), value: Any = ..., part: Any = None) -> str:
    """Describe a field that does not exist, and what to write instead; without a better hint, list all fields.

    Args:
        path: of the field.
        among: the fields that there are, where they are not all of the part's.
        value: of the field, and `part` the mapping that it is in, where they are known.
        part: see `value`.
    """
    name = dotted(path)
    if known(name):
        steps = name.split(".")
        nested = ": {".join(steps) + ": ..." + "}" * (len(steps) - 1)
        hint = f"; dotted names are for axes: write {nested}" if "." in str(path[-1]) else ""
    else:
        names = [dotted((*path[:-1], field)) for field in among] or list(FIELDS)
        search = for_search(name, value, part)
        hint = f"; {search}" if search else pointer(name, names, value, part)
    return f"{name} is not a field{hint}" if hint else unknown(path, among)


def pointed(found: Found, part: Any) -> Found:
    """Suggest a replacement for an unknown field, an unknown kind or a word of another tool."""
    path, text = found
    value = part.get(path[1], ...) if len(path) == 2 and isinstance(part, dict) else ...
    if path[0] == "protocol" and len(path) == 2:
        own = tuple(PROTOCOLS[part["kind"]].model_fields)
        return found if path[1] in own else (path, f"{no_field(path, own, value, part)} (with kind {part['kind']})")
    if path == ("model", "kind"):
        says = PROBLEMS.get(str(part["kind"])) or KIND_WORDS.get(last_word(str(part["kind"])))
        allowed = FIELDS["model.kind"].about.allowed
        return (path, f"model.kind is {shown(part['kind'])}; allowed: {allowed}; {says}") if says else found
    if words := VALUE_WORDS.get(dotted(path)):
        given = value.values() if isinstance(value, dict) else (value,)
        says = next((words[word] for word in map(_as_word, given) if word in words), "")
        return (path, f"{text}; {says}") if says and "did you mean" not in text else found
    right = known(dotted(path)) and ("." not in str(path[-1]) or dotted(path[:-1]) in OPEN)
    return found if right else (path, no_field(path, (), value, part))
