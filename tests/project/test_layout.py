"""The layout: files and folders that one can take in at a glance, no import cycles, tests that mirror the source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("store", "scheduler", "worker")
CODE = {".py", ".js", ".css", ".html"}
LONGEST_FILE = 300
LARGEST_FOLDER = 20


def code(*folders: str) -> Iterator[Path]:
    """Return the files of code below some folders of the project, relative to it."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in CODE and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT)


def lines(path: Path) -> int:
    """Return the number of lines of a file of the project."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def test_no_file_is_long() -> None:
    long = {str(path): lines(path) for path in code(*PACKAGES, "benchmarks", "tests") if lines(path) > LONGEST_FILE}
    assert long == {}


def test_no_folder_is_crowded() -> None:
    counts: dict[str, int] = {}
    for path in code(*PACKAGES, "benchmarks", "tests"):
        if path.name != "__init__.py":
            counts[str(path.parent)] = counts.get(str(path.parent), 0) + 1
    assert {folder: count for folder, count in counts.items() if count > LARGEST_FOLDER} == {}


def test_folders_of_tests_are_packages() -> None:
    """Two files of one name in folders that are none cannot be collected together."""
    folders = {path.parent for path in code("tests") if path.name.startswith("test_")}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").exists()] == []


def test_no_module_imports_itself_through_others() -> None:
    """Imports inside functions and those for type checkers count, too."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    assert circles({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}) == []


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, found by taking away what is in none."""
    left = {name: set(found) & set(imports) for name, found in imports.items()}
    while True:
        imported = {name for found in left.values() for name in found}
        free = {name for name, found in left.items() if not found or name not in imported}
        if not free:
            return [sorted(left)] if left else []
        left = {name: found - free for name, found in left.items() if name not in free}


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [["b", "c"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_unit_tests_mirror_the_source(package: str) -> None:
    """`tests/unit/scheduler/grid/test_labels.py` tests `scheduler/grid/labels.py`."""
    unit = Path("tests/unit")
    tests = [path for path in code(str(unit / package)) if path.name.startswith("test_")]
    sources = {str(path): path.relative_to(unit).with_name(path.name.removeprefix("test_")) for path in tests}
    assert {test for test, source in sources.items() if not (ROOT / source).is_file()} == set()
