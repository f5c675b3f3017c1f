"""`--format json`: one valid object with exactly the keys that docs/commands.md lists."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from tests.acceptance.command import ROOT, write
from tests.acceptance.conftest import THREE

COMMANDS = {
    "list": ("list",),
    "status": ("status", "quick"),
    "plan": ("plan", "quick.yaml"),
    "report": ("report", "quick"),
    "compare": ("compare", "quick"),
}
#: mappings and lists whose keys are names of the user or are documented with the statistics
OPEN = ("missing_scores", "splits[].baselines", "jobs", "baselines", "ranking[]", "pairs[]")


def documented(command):
    """Return the keys of a command in the docs, with `[]` for the elements of a list."""
    section = (ROOT / "docs/commands.md").read_text().split(f"\n## {command}\n")[1].split("\n## ")[0]
    found = set()
    for row in re.findall(r"^\| (`.*?) \|", section, flags=re.M):
        parent = ""
        for name in re.findall(r"`([^`]+)`", row):
            if name.startswith("."):
                found.add(f"{parent}{name}")
            else:
                found.add(name)
                parent = name.rpartition(".")[0]
    return found


def keys(value, path=""):
    """Return every key of an object, with `[]` for the elements of a list."""
    if path in OPEN:
        return set()
    if isinstance(value, dict):
        below = {key: f"{path}.{key}" if path else key for key in value}
        return set(below.values()).union(*(keys(value[key], below[key]) for key in value))
    if isinstance(value, list):
        return set().union(*(keys(one, f"{path}[]") for one in value))
    return set()


def refuse(constant):
    """Refuse NaN and infinity, which Python's parser takes otherwise."""
    raise AssertionError(f"{constant} is no JSON")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_keys_are_those_of_the_docs(three, tmp_path, command):
    """No more and no fewer, and times are ISO 8601."""
    write(tmp_path, THREE)
    done = three(*COMMANDS[command], "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    value = json.loads(done.stdout, parse_constant=refuse)
    # Nothing failed here, and there is one step to forecast: those lists are empty, and tested where they are not.
    empty = tuple(f"{key}[]" for key in value if value[key] == [])
    expected = {key for key in documented(command) if not key.startswith(empty)}
    assert keys(value) == expected
    times = [value] if "created" in value else value.get("experiments", [])
    assert all(datetime.fromisoformat(one["created"]).tzinfo for one in times)


def test_nothing_is_nan_where_everything_diverged(standin, tmp_path):
    """Missing numbers are null."""
    standin("run", write(tmp_path), "--workers", "1", STANDIN_DIVERGED="1,2")
    for command in COMMANDS.values():
        assert json.loads(standin(*command, "--format", "json").stdout, parse_constant=refuse)
