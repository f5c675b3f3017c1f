"""The docs name files that exist, and the map of the architecture has every room."""

from __future__ import annotations

import re
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
