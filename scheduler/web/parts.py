"""The parts of a live page, each a piece of HTML: only those that changed travel to the readers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from scheduler.report.page.document import environment
from scheduler.web.wording import age, heading, lease, minutes, rate_and_rest

if TYPE_CHECKING:
    from jinja2 import Environment

    from scheduler.web.snapshot import Snapshot
    from store import ExperimentStatus

#: the parts of an experiment's page, in their order
EXPERIMENT_PARTS = ("progress", "waiting", "workers", "failures", "configurations", "looks")
LIST_PARTS = ("experiments",)


@dataclass(frozen=True, slots=True)
class Parts:
    """The HTML of each part, and what tells two versions of it apart."""

    html: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, html: Mapping[str, str]) -> Parts:
        """Identify each part by its text."""
        digests = {name: hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for name, text in html.items()}
        return cls(html, digests)

    def changed(self, since: Mapping[str, str]) -> dict[str, str]:
        """Return the parts that differ from those with these digests."""
        return {name: text for name, text in self.html.items() if since.get(name) != self.digests[name]}


def experiment_parts(snapshot: Snapshot) -> Parts:
    """Write the parts of an experiment's page."""
    return Parts.of({name: _write(name, snapshot=snapshot) for name in EXPERIMENT_PARTS})


def list_parts(statuses: Sequence[ExperimentStatus], search: str = "") -> Parts:
    """Write the list of experiments, the newest first."""
    wanted = search.casefold()
    found = [one for one in reversed(statuses) if wanted in f"{one.name} {one.note} {one.stands}".casefold()]
    return Parts.of({"experiments": _write("experiments", statuses=found, total=len(statuses), search=search)})


def _write(name: str, **content: Any) -> str:
    return templates().get_template(f"parts/{name}.html").render(name=name, **content)


@cache
def templates() -> Environment:
    """Return what fills the templates of the live page, which share the macros of the report."""
    made = environment("scheduler.web", "scheduler.report.page")
    made.filters |= {"age": age, "minutes": minutes, "heading": heading, "lease": lease, "rate_and_rest": rate_and_rest}
    return made
