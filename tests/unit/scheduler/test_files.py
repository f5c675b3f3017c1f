"""Files that the user named are written whole, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from scheduler.files import replacing, written
from store.errors import UsageError


def put(path, option="--output", *, full=False):
    """Write a file, which fits only by half if the disk is full."""
    with written(path, option) as part:
        part.write_text("new")
        if full:
            raise OSError(28, "No space left on device")


def test_an_older_file_gives_way_at_the_end(tmp_path):
    """Until then it is as it was; nothing else is left behind."""
    path = tmp_path / "report.html"
    path.write_text("old")
    with written(path, "--html") as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_what_fails_on_the_way_leaves_the_older_file(tmp_path):
    """A disk that is full costs the new report only."""
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(UsageError, match=r"--html .*report.html: No space left on device\. Name a file that can be"):
        put(path, "--html", full=True)
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_a_link_stays_a_link(tmp_path):
    """What it leads to is replaced."""
    (tmp_path / "shelf").mkdir()
    link = tmp_path / "latest.html"
    link.symlink_to(tmp_path / "shelf" / "monday.html")
    put(link)
    assert link.is_symlink()
    assert (tmp_path / "shelf" / "monday.html").read_text() == "new"


def test_the_rights_stay(tmp_path):
    """A report that only its owner may read stays so."""
    path = tmp_path / "report.html"
    path.touch(mode=0o600)
    put(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "new"


def test_where_no_other_file_may_be_made_the_older_one_is_written(tmp_path, monkeypatch):
    """The folder may be another's, or the file be mounted by itself."""
    path = tmp_path / "report.html"
    path.write_text("old")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    put(path)
    assert path.read_text() == "new"
    monkeypatch.setattr(Path, "touch", refuse)
    path.write_text("old")
    put(path)
    assert path.read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_a_reader_that_has_left_is_no_mistake(tmp_path):
    """The command line ends as with any other pipe."""
    with pytest.raises(BrokenPipeError), written(tmp_path / "pipe", "--output"):
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize(
    ("name", "reason"), [("folder", "Is a directory"), ("file/x", "Not a directory"), ("none/x", "No such file")]
)
def test_what_cannot_be_written_is_named(tmp_path, name, reason):
    """With the option that named it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=rf"--output .*{name}: {reason}"):
        put(tmp_path / name)


def test_a_device_is_written_itself(tmp_path):
    """Nothing takes its place."""
    put(Path(os.devnull))
    assert Path(os.devnull).is_char_device()


def test_a_folder_gets_its_files_at_the_end_or_none(tmp_path: Path) -> None:
    """A failure leaves neither a half-written folder nor changes in one that was there; other files stay."""
    folder = tmp_path / "made" / "model"
    for failing in (True, False):
        with suppress(KeyboardInterrupt), replacing(folder) as part:
            (part / "model.keras").write_text("new")
            if failing:
                raise KeyboardInterrupt
        assert folder.exists() is not failing
    (folder / "notes.txt").write_text("mine")
    with suppress(KeyboardInterrupt), replacing(folder) as part:
        (part / "model.keras").write_text("newer")
        raise KeyboardInterrupt
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"model.keras": "new", "notes.txt": "mine"}
    with replacing(folder) as part:
        (part / "model.keras").write_text("newer")
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"model.keras": "newer", "notes.txt": "mine"}
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    """It is refused before anything is made."""
    (tmp_path / "model").write_text("")
    refused = pytest.raises(UsageError, match=r"^DIR .*model: Not a directory\. Name a folder that can be written\.$")
    with refused, replacing(tmp_path / "model"):
        raise AssertionError
