"""The report of many splits in a real browser, as wide as a telephone and as a desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests import chromium
from tests.acceptance.shown_page import CONTRASTS, Show
from tests.statistics.split_reports import over_splits

pytestmark = pytest.mark.browser

#: the size of the smallest letters of a picture on the screen
LETTERS = """Math.min(...[...document.querySelectorAll('.distribution span, svg text')]
  .filter(e => e.getClientRects().length)
  .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.getScreenCTM?.().a ?? 1)))"""
#: by how much a caption is wider than the box that scrolls
CAPTIONS = """Math.max(...[...document.querySelectorAll('caption')]
  .map(e => e.getBoundingClientRect().width - e.closest('.scroll').clientWidth))"""
HEIGHT = "document.getElementById('provenance').getBoundingClientRect().height"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_it_is_read_without_scrolling_sideways(width: int, scheme: str, tmp_path: Path) -> None:
    """Letters of pictures keep their size, captions fit, and thousands of hashes of series are counted."""
    hashes = ", ".join(f"{number:064x}" for number in range(1000))
    report = replace(over_splits(40), provenance={"series_hash": hashes, "host": "a, b"})
    with chromium.opened() as browser:
        page = Show(browser, tmp_path / "report.html")(report, width=width, scheme=scheme)
        assert page.run("document.documentElement.scrollWidth") == width
        assert page.run(LETTERS) >= 11
        assert page.run(CAPTIONS) <= 0
        assert page.run(CONTRASTS)[0] >= 4.5
        assert page.run(HEIGHT) < 1500
        text = page.run("document.getElementById('provenance').textContent")
        assert "and 995 more" in text
        assert "a, b" in text
        assert page.problems == []
