"""The report page as a text: its content in the templates, with its styles and scripts, in one file for no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.files import written
from scheduler.report.page.blocks import Content, content
from scheduler.report.page.facts import facts
from scheduler.report.report_data import ReportData
from scheduler.text import printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

#: the scripts that each block runs in a scope of its own, with its own `data`
BLOCK_SCRIPTS = (
    *("charts.js", "pointing.js", "controls.js", "lines.js"),
    *("boxes.js", "curves.js", "forecasts.js", "future.js", "ensembles.js", "tables.js", "block.js"),
)


def write(report: ReportData, path: Path) -> Path:
    """Write the page of an experiment to a file.

    Raises:
        UsageError: it cannot be written.
    """
    with written(path, "--html") as part:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(render(report), encoding="utf-8")
    return path


def render(report: ReportData) -> str:
    """Make the page of an experiment: HTML that asks for nothing from elsewhere."""
    made = content(report)
    code = script()
    return (
        environment("scheduler.report.page")
        .get_template("page.html")
        .render(
            report=report,
            style=style(),
            script=code,
            digest=_digest(code),
            facts=list(facts(report)),
            page=made,
        )
    )


@cache
def environment(*packages: str) -> Environment:
    """Return what fills the templates of some packages: all that is put into them is escaped and can be shown."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_showable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":"), "ensure_ascii": False}
    return environment


def _showable(value: object) -> object:
    """Replace characters that cannot be shown; what is HTML already has none."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def fragment(made: Content, facts: Sequence[str], *, before: str = "") -> str:
    """Make what is between the head and the scripts of the page, for a page that has both already.

    Args:
        made: what is shown.
        facts: the line below the heading.
        before: HTML of this project that is shown first.
    """
    template = environment("scheduler.report.page").get_template("fragment.html")
    return template.render(page=made, facts=facts, before=_own(before))


def script() -> Markup:
    """Put the scripts together: those of a block in one function, which the page calls for each."""
    block = "".join(_resource(f"scripts/{name}") for name in BLOCK_SCRIPTS)
    return _own(f'"use strict";\nfunction drawBlock(data) {{\n{block}}}\n{_resource("scripts/page.js")}')


def style() -> Markup:
    """Return the style sheet."""
    return _own(_resource("page.css"))


def _resource(name: str) -> str:
    return files("scheduler.report.page").joinpath(name).read_text(encoding="utf-8")


def _own(text: str) -> Markup:
    """Mark a script or a style sheet of this package as what it is; nothing from a user may pass here."""
    from markupsafe import Markup

    return Markup(text)


def _digest(script: str) -> str:
    """Identify the one script that the page may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
