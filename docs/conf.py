"""How `make docs` builds the site: the Markdown files beside this one, the README, and what the docstrings say.

Nothing is fetched from elsewhere when the site is read. A link that leads nowhere stops the build.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT))

project = "repeats"
html_title = "repeats"
html_theme = "furo"
html_show_copyright = False
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "*.py"]
myst_heading_anchors = 4
nitpicky = False
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
#: an output of a command or a sketch need not be of the language that its fence names
suppress_warnings = ["misc.highlighting_failure"]

#: a link to a file of the project that is no page: `../deploy/kubernetes`
_OUTSIDE = re.compile(r"(?<!!)\[([^\]\n]+)\]\(\.\./([^)#\s]+)\)")
#: a link of the README, seen from `docs/`
_OF_README = re.compile(r"\]\((?![a-z]+:|#|\.\./)([^)\s]+)\)")


def _seen_from_here(link: re.Match[str]) -> str:
    target = link[1]
    return f"]({target.removeprefix('docs/')})" if target.startswith("docs/") else f"](../{target})"


def _path_in_words(link: re.Match[str]) -> str:
    words, path = link[1], link[2]
    return f"`{path}`" if words.strip("`") in {path, Path(path).name} else f"{words} (`{path}`)"


def read(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the README on the first page, and name files that are no pages instead of linking to them."""
    text = source[0]
    if page == "index":
        text = f"{_OF_README.sub(_seen_from_here, (ROOT / 'README.md').read_text(encoding='utf-8'))}\n{text}"
    text = text.replace("](../README.md", "](index.md")
    source[0] = _OUTSIDE.sub(_path_in_words, text)


def setup(app: Sphinx) -> None:
    """Add what is done to the pages."""
    app.connect("source-read", read)
