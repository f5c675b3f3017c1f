"""`scheduler replicate`, from an empty store to a file."""

from pathlib import Path

from tests.in_process import scheduler


def test_a_store_without_the_tables_says_what_to_run(tmp_path: Path, sqlite_url: str) -> None:
    """Every table is named with its command, with the store only where it is not the default."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shown = scheduler("replicate", "--store", sqlite_url, cwd=elsewhere)
    assert shown.returncode == 0
    assert f"Not in this store. `scheduler run grids/tune_epochs.yaml --store {sqlite_url}` runs it." in shown.stdout
    written = scheduler("replicate", "--output", "docs/page.md", cwd=tmp_path)
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "docs" / "page.md").read_text() == shown.stdout.replace(f" --store {sqlite_url}", "")


def test_a_store_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    """No page is written from nothing."""
    done = scheduler("replicate", "--store", f"sqlite:///{tmp_path / 'none.db'}", "--output", "page.md", cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "page.md").exists()
