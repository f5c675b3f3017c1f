"""The docs name files that exist, and the map of the architecture has every room."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("store", "scheduler", "worker")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
#: a path from the root of the project, or a pattern such as `grids/tune_*.yaml`
PATH = re.compile(r"(?<![\w/.:-])(?:store|scheduler|worker|tests|docs|grids|benchmarks|\.ci)/[\w./*-]*")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def missing(document: str) -> set[str]:
    """Return what a document names and the project does not have."""
    text = (ROOT / document).read_text(encoding="utf-8")
    named = {path.rstrip(".") for path in PATH.findall(text)}
    prose = FENCED.sub("", text)  # brackets before brackets are code there
    linked = {link for link in LINK.findall(prose) if not (ROOT / document).parent.joinpath(link).exists()}
    return {path for path in named if not any(ROOT.glob(path))} | linked


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str) -> None:
    assert missing(document) == set()


def test_the_map_has_every_folder_of_code() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".js", ".html"} and "__pycache__" not in path.parts
    }
    assert {folder for folder in folders - set(PACKAGES) if f"`{folder}/`" not in text} == set()


def test_the_catalogue_counts_its_grids() -> None:
    """The README says how many there are of what it does not list one by one."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for folder, words in (("extensions/*", "grids"), ("suite_*", "models")):
        (said,) = re.findall(rf"`{re.escape(folder)}` \((\d+) {words}\)", text)
        assert int(said) == len(list((ROOT / "grids").glob(f"{folder}.yaml")))


SLUG_DROPS = re.compile(r"[^\w\- ]")


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and the site name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {SLUG_DROPS.sub("", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_anchor_that_a_document_links_to_exists(document: str) -> None:
    text = FENCED.sub("", (ROOT / document).read_text(encoding="utf-8"))
    dead = set()
    for path, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)]+)\)", text):
        target = (ROOT / document).parent / path if path else ROOT / document
        if target.suffix == ".md" and anchor not in anchors(target):
            dead.add(f"{path}#{anchor}")
    assert dead == set()


def test_the_sql_reference_is_up_to_date() -> None:
    """`python docs/sql_reference.py > docs/sql.md` writes it, and every column of a view has a meaning."""
    written = subprocess.run(
        [sys.executable, "docs/sql_reference.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (ROOT / "docs/sql.md").read_text(encoding="utf-8") == written.stdout
    assert not re.search(r"^\| `\w+` \| [\w ]+ \| +\|$", written.stdout, re.MULTILINE)


def test_every_page_is_in_the_contents_of_the_site() -> None:
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert pages - set(text.split()) == set()
