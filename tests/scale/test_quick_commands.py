"""What `status` does without: it is asked again and again, and most of its time is that of loading code."""

from __future__ import annotations

import json
import subprocess
import sys

from store import open_store
from tests.examples import submit

#: runs a command, and prints the searches for unreachable objects from its start on, and the modules that it loaded
RUN = """
import gc, json, sys
from scheduler.command import run_command
looks = []
gc.callbacks.append(lambda phase, found: looks.append(found["generation"]) if phase == "start" else None)
assert run_command() == 0
print(json.dumps([looks, sorted(sys.modules)]), file=sys.stderr)
"""
NEEDLESS = ("numpy", "pandas", "pydantic", "alembic", "celery", "store.jobs.transitions", "store.experiments.closing")


def test_status_loads_what_it_needs_and_looks_for_no_garbage(postgres_url: str) -> None:
    """On Postgres, whose driver is loaded as well."""
    with open_store(postgres_url) as store:
        name = submit(store).experiment.name
    command = [sys.executable, "-c", RUN, "status", name, "--store", postgres_url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "queued" in done.stdout
    looks, modules = json.loads(done.stderr)
    assert looks == []
    assert not set(NEEDLESS) & set(modules)
