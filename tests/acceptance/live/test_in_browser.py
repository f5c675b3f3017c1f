"""The live page in a real browser: it follows a study from its first repeat to its last."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from scheduler.grid.grid import Grid
from scheduler.lifecycle.submission import record
from store import Store, open_store
from tests import chromium, examples, standin
from tests.acceptance.live.server import served
from tests.acceptance.shown_page import CONTRASTS
from tests.chromium import Page
from worker.lane import Lane

pytestmark = pytest.mark.browser

GRID = """
name: study
series: shampoo
test: 12
training: {epochs: 5}
repeats: 4
grid:
  model.units: [1, 2]
"""
#: controls without a name, and tables and scrolling regions without a caption
UNNAMED = """[...document.querySelectorAll('button, input, select, progress, [role], table')].filter(e => {
  if (['presentation', 'status', 'search'].includes(e.role)) return false;
  const label = e.ariaLabel || e.title || e.textContent.trim() || e.closest('label')?.textContent.trim();
  const by = document.getElementById(e.getAttribute('aria-labelledby'));
  return !label && !by?.textContent.trim();
}).map(e => e.outerHTML.slice(0, 100))"""


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """A store with a study of two configurations that nobody has begun to train."""
    with open_store(sqlite_url) as opened:
        record(opened, Grid.parse(GRID, file="study.yaml"))
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """A browser."""
    with chromium.opened() as opened:
        yield opened


def train_next(store: Store) -> None:
    """Train the next pack with the stand-in."""
    jobs = store.jobs.claim_next(owner="host:1:claim", lease=60.0, workers=1)
    series = store.series.get(jobs[0].series_hash)
    results = standin.train([Lane.of(job) for job in jobs], series, progress=lambda *_: None)
    store.results.save(results, owner="host:1:claim", provenance=examples.PROVENANCE)
    store.experiments.close_if_done()


def wait_for(page: Page, condition: str, seconds: float = 60.0) -> None:
    """Wait until JavaScript says that something is so."""
    until = time.monotonic() + seconds
    while not page.run(f"Boolean({condition})"):
        assert time.monotonic() < until, (condition, page.problems, page.run("document.body.innerText")[:3000])
        page.run("new Promise(done => setTimeout(done, 100))")


def test_the_page_follows_a_study_from_nothing_to_done(store: Store, browser: Page) -> None:
    """Its counts, its report and its title change by themselves, and the console stays empty."""
    with served(store.url) as address:
        browser.visit(f"{address}/")
        assert browser.run("document.querySelector('#experiments-table .state').textContent") == "waiting"
        browser.click("#experiments-table a")
        wait_for(browser, "document.querySelector('#part-waiting')?.textContent.includes('no worker has taken')")
        train_next(store)
        wait_for(browser, "document.title.startsWith('50% · study')")
        wait_for(browser, "document.querySelector('#summary-table')?.textContent.includes('lowest mean')")
        assert "no ranking" in browser.run("document.querySelector('#part-looks').textContent")
        assert browser.run("document.querySelector('#comparisons')") is None
        browser.click("#summary-table thead th:nth-child(3) button")
        browser.run("document.activeElement.blur()")
        train_next(store)
        wait_for(browser, "document.title === 'study · done'")
        wait_for(browser, "document.querySelector('#comparisons')")
        sorted_by = "document.querySelector('#summary-table th[aria-sort]').textContent"
        assert browser.run("document.querySelectorAll('#boxes svg .box').length") == 2
        assert browser.run("document.querySelectorAll('nav li').length") > 8
        assert browser.run("document.querySelector('#spoken').textContent").startswith("study: done")
        assert browser.run(sorted_by) == "mean"
        assert browser.run(UNNAMED) == []
        for scheme, width in (("light", 1200), ("dark", 390)):
            browser.show_as(width=width, scheme=scheme)
            assert browser.run("document.documentElement.scrollWidth") == width
            assert browser.run(CONTRASTS)[0] >= 4.5, (scheme, browser.run(CONTRASTS))
        browser.visit("about:blank")
    assert browser.problems == []
    assert all(one.startswith(("http://127.0.0.1", "about:", "data:")) for one in browser.requests)


def test_what_is_pressed_is_not_replaced(store: Store, browser: Page) -> None:
    """Else a click on a link of a list that changes at that moment would do nothing."""
    with served(store.url) as address:
        browser.visit(f"{address}/")
        x, y = browser.run(
            "(() => { const b = document.querySelector('#experiments-table a').getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        mouse = {"x": x, "y": y, "button": "left", "clickCount": 1}
        browser.call("Input.dispatchMouseEvent", type="mousePressed", **mouse)
        browser.run("live.parts.set('experiments', part('experiments').outerHTML.replaceAll('study', 'other')); show()")
        assert browser.run("document.querySelector('#experiments-table a').textContent") == "study"
        browser.call("Input.dispatchMouseEvent", type="mouseReleased", **mouse)
        wait_for(browser, "location.pathname === '/experiments/study'")
        browser.visit("about:blank")


def test_rows_of_workers_stay_low_on_a_telephone(sqlite_url: str, browser: Page) -> None:
    """Their last column has the names of several configurations, and scrolls sideways."""
    grid = GRID.replace("  model.units: [1, 2]", "  training.batch_size: [1, 2, 3, 4]\n  prepare.lags: [2, 3]")
    with open_store(sqlite_url) as opened:
        record(opened, Grid.parse(grid.replace("test: 12", "test: 12\npack: 8"), file="study.yaml"))
        while opened.jobs.claim_next(owner="host:1:claim", lease=60.0, workers=1):
            pass
    browser.show_as(width=390)
    with served(sqlite_url) as address:
        browser.visit(f"{address}/experiments/study")
        heights = browser.run("[...document.querySelectorAll('#workers-table tbody tr')].map(row => row.offsetHeight)")
        browser.visit("about:blank")
    assert heights
    assert max(heights) < 90, heights
