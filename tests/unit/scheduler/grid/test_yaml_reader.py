"""YAML text to nodes: values as YAML 1.2 has them, lines kept, and hostile text refused in one quick line."""

import re
from pathlib import Path
from time import perf_counter

import pytest

from scheduler.grid.yaml_reader import DEEPEST, LARGEST_FILE, parse, read_text
from scheduler.yaml_text import scalar
from store.errors import GridError

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]" for i in range(12)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-7", -7),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("true", True),
        ("null", None),
        ("~", None),
        ("on", "on"),
        ("no", "no"),
        ("off", "off"),
        ("y", "y"),
        ("2024-01-02", "2024-01-02"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        (".inf", float("inf")),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    """Numbers without a point are numbers, and words and dates stay text."""
    read = parse(f"a: {text}", "g").value["a"]
    assert read == value
    assert type(read) is type(value)
    assert type(scalar(text)) is type(value)


def test_quoted_scalars_are_text() -> None:
    """Quotes keep a number from being read as one."""
    assert parse("a: '1'\nb: \"null\"", "g").value == {"a": "1", "b": "null"}


def test_a_list_may_be_a_key() -> None:
    """Axes that vary together are written as a list of names."""
    assert parse("[a.b, c]: [[1, 2]]", "g").value == {("a.b", "c"): ((1, 2),)}


def test_lines_are_those_of_the_file() -> None:
    """A key's line is known, that of an item, and of the nearest thing around what is not there."""
    node = parse("a: 1\nb:\n  c:\n    - 1\n    - 2\n", "g")
    assert [node.line_of(path) for path in (("a",), ("b", "c"), ("b", "c", 1), ("b", "d"), ("z",))] == [1, 3, 5, 2, 1]


def test_an_alias_stands_for_its_anchor() -> None:
    """Aliases are allowed as long as they stay small."""
    assert parse("a: &x {b: [1]}\nc: *x", "g").value == {"a": {"b": (1,)}, "c": {"b": (1,)}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "g:1: the file holds nothing; a grid is a mapping of fields, such as `series: shampoo`"),
        ("# only a comment", "g:1: the file holds nothing; a grid is a mapping of fields, such as `series: shampoo`"),
        ("- 1", "g:1: the file holds a list; a grid is a mapping of fields, such as `series: shampoo`"),
        ("hello", "g:1: the file holds a single value; a grid is a mapping of fields, such as `series: shampoo`"),
        ("a: 1\na: 2", "g:2: a is given twice, first on line 1; keep one of them"),
        ("a: 1\n---\nb: 1", "g:2: a second document starts here; a grid file holds one: move it to another file"),
        ("a:\n\tb: 1", "g:2: a tab where YAML expects spaces; indent with spaces"),
        (
            "a: !!python/object/apply:os.system [ls]",
            "g:1: the tag !!python/object/apply:os.system is not allowed; a grid holds plain values: remove it",
        ),
        ("a: !x 1", "g:1: the tag !x is not allowed; a grid holds plain values: remove it"),
        ("a: &a [*a]", "g:1: the alias *a is inside the value that it repeats; write the value out"),
        ("a: *b", "g:1: the alias *b has no anchor &b before it; write the value out"),
        ("a: 1\n<<: {b: 1}", "g:2: the merge key << is not allowed; write the fields out"),
        ("a: {1: 2}", "g:1: 1 cannot be the name of a field; write a name, in quotes if necessary"),
        ("a: \x00", "g:1: character U+0000 is not allowed in YAML; remove it"),
        (
            "a: [1",
            "g:1: not YAML: did not find expected ',' or ']'; check indentation, colons, brackets and quotes",
        ),
        (f"a: {'[' * 50}", f"g:1: more than {DEEPEST} nested mappings and lists; simplify the grid"),
        (BOMB, "g:6: more than 400,000 values, counting what aliases repeat; use fewer"),
        ("a: " + "x" * LARGEST_FILE, "g:1: the text is longer than 1,000,000 characters; split the grid"),
    ],
)
def test_hostile_yaml_is_one_clear_line(text: str, message: str) -> None:
    """Nothing that YAML can do harm with is followed, and the refusal is quick."""
    started = perf_counter()
    with pytest.raises(GridError, match=f"^{re.escape(message)}$"):
        parse(text, "g")
    assert perf_counter() - started < 30


class TestReadText:
    """Files that are no text are refused by name."""

    def test_a_byte_order_mark_is_skipped(self, tmp_path: Path) -> None:
        """Editors that write one do no harm."""
        (tmp_path / "g.yaml").write_bytes(b"\xef\xbb\xbfa: 1")
        assert read_text(tmp_path / "g.yaml") == "a: 1"

    def test_a_missing_file(self) -> None:
        """The message names the file and a grid that there is."""
        with pytest.raises(
            GridError, match=r"^nowhere\.yaml: no such file; name a grid, e\.g\. grids/quickstart\.yaml$"
        ):
            read_text(Path("nowhere.yaml"))

    def test_a_directory(self, tmp_path: Path) -> None:
        """A directory is not read."""
        with pytest.raises(GridError, match=f"^{tmp_path}: this is a directory; name the grid files in it$"):
            read_text(tmp_path)

    def test_a_file_of_ten_megabytes(self, tmp_path: Path) -> None:
        """A large file is refused before it is parsed."""
        file = tmp_path / "g.yaml"
        file.write_bytes(b"a: 1\n" * 2_000_000)
        with pytest.raises(GridError, match=f"^{file}: the file is larger than 1,000,000 bytes; split the grid$"):
            read_text(file)

    def test_other_encodings(self, tmp_path: Path) -> None:
        """The line of the first byte that is not UTF-8 is named."""
        file = tmp_path / "g.yaml"
        file.write_bytes("a: 1\nb: \xe9".encode("latin-1"))
        with pytest.raises(GridError, match=f"^{file}:2: byte 0xe9 is not UTF-8; save the file as UTF-8$"):
            read_text(file)
