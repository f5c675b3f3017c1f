"""The report page as a browser shows it, and what its text contrasts with."""

from __future__ import annotations

from pathlib import Path

from scheduler.report import page
from scheduler.report.report_data import ReportData
from tests.chromium import Page
from tests.reports import made_comparisons, made_report

#: the least contrast of a visible text with what lies behind it (WCAG 2.2), and the text
CONTRASTS = """(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.getClientRects().length || e.closest('script, .unseen, #tip')) continue;
    const style = getComputedStyle(e), ink = parse(e instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(e))].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), e.textContent.trim().slice(0, 40)]);
  }
  return found.sort((x, y) => x[0] - y[0])[0];
})()"""


class Show:
    """Writes a report and opens it."""

    def __init__(self, browser: Page, path: Path) -> None:
        self.browser, self.path = browser, path

    def __call__(self, report: ReportData | None = None, *, width: int = 1200, scheme: str = "light") -> Page:
        """Open a report, by default one with everything, as a browser that was never here."""
        self.browser.problems.clear()
        self.browser.requests.clear()
        self.browser.show_as(width=width, scheme=scheme)
        self.browser.open(page.write(report or made_report(comparisons=made_comparisons(), diverged=1), self.path))
        return self.browser
