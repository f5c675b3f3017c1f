"""The report page in a real browser: it draws, answers to mouse and keyboard, and complains of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from scheduler.report.report_data import ReportData
from tests import chromium
from tests.acceptance.shown_page import CONTRASTS, Show
from tests.chromium import Page
from tests.reports import HOSTILE, made_comparisons, made_report, made_splits

pytestmark = pytest.mark.browser

MEANS = "[...document.querySelectorAll('#summary-table tbody td:nth-child(3)')].map(cell => Number(cell.dataset.v))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """One browser for all tests of this file."""
    with chromium.opened() as opened:
        yield opened


@pytest.fixture
def show(browser: Page, tmp_path: Path) -> Iterator[Show]:
    """Open reports, and see in the end that the browser complained of none and asked for nothing else."""
    shown = Show(browser, tmp_path / "report.html")
    yield shown
    browser.run("localStorage.clear()")
    assert browser.problems == []
    assert set(browser.requests) <= {shown.path.as_uri()}


class TestControls:
    def test_a_click_on_a_head_sorts_and_a_second_one_turns_the_order(self, show: Show) -> None:
        """The exact numbers are sorted, and the head says how."""
        opened = show()
        for order, word in ((sorted, "ascending"), (lambda found: sorted(found, reverse=True), "descending")):
            opened.click("#summary-table thead th:nth-child(3) button")
            assert opened.run(MEANS) == order(opened.run(MEANS))
            assert opened.run("document.querySelector('#summary-table thead th:nth-child(3)').ariaSort") == word

    def test_the_theme_is_toggled_and_kept(self, show: Show) -> None:
        """The button changes the colours, says what the next click does, and a reload keeps the choice."""
        opened = show()
        shade = "getComputedStyle(document.body).backgroundColor"
        before = opened.run(shade)
        assert opened.run("document.querySelector('#theme').textContent") == "Dark theme"
        opened.click("#theme")
        assert opened.run(shade) != before
        assert opened.run("document.querySelector('#theme').textContent") == "Light theme"
        opened.open(show.path)
        assert opened.run(shade) != before

    def test_configurations_are_chosen(self, show: Show) -> None:
        """A box that is ticked off takes its panel away; `Best 3` and `None` choose many at once."""
        opened = show()
        panels = "document.querySelectorAll('#curves .panel').length"
        assert opened.run(panels) == 3
        opened.click("#curves-controls .choices label:nth-child(2) input")
        assert opened.run(panels) == 2
        opened.click("#curves-controls .picker button:nth-of-type(2)")
        assert opened.run(panels) == 0
        assert "Choose a configuration." in opened.run("document.querySelector('#curves').textContent")

    def test_trajectories_are_laid_together_and_shown_singly(self, show: Show) -> None:
        """One plot with a line a configuration, told apart by dashes as well as by colour; single repeats on demand."""
        opened = show()
        for place, value in ((0, "together"), (2, "single")):
            opened.run(
                f"(() => {{ const s = document.querySelectorAll('#curves-controls select')[{place}];"
                f" s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()"
            )
        dashes = opened.run(
            "[...document.querySelectorAll('#curves .line')].map(e => e.getAttribute('stroke-dasharray'))"
        )
        lines = [dash for dash in dashes if dash is not None]
        assert len(set(lines)) >= 3
        assert opened.run("document.querySelectorAll('#curves .single').length") == 36

    def test_forecasts_of_a_step_and_target(self, show: Show) -> None:
        """With a horizon and several targets, both are chosen."""
        opened = show(made_report(horizon=3, targets=2))
        names = "[...document.querySelectorAll('#forecast-controls label')].map(e => e.textContent)"
        assert opened.run(names)[:2] == ["Steps ahead123", "Targettarget 1target 2"]
        line = "document.querySelector('#forecast path.line').getAttribute('d')"
        before = opened.run(line)
        opened.run(
            "(() => { const s = document.querySelectorAll('#forecast-controls select')[0];"
            " s.value = '2'; s.dispatchEvent(new Event('change')); })()"
        )
        assert opened.run(line) != before

    def test_forecasts_of_several_configurations_and_the_best_baseline(self, show: Show) -> None:
        """Each has a line and is told at the pointer; the baseline can be taken away."""
        opened = show()
        legend = "[...document.querySelectorAll('#forecast .legend li')].map(e => e.textContent)"
        assert opened.run(legend) == ["observed", "forecast, median of 12 repeats", "best baseline, ETS"]
        opened.click("#forecast-controls .picker button:nth-of-type(1)")
        assert opened.run(legend) == ["observed", "units=1", "units=2", "units=3", "best baseline, ETS"]
        opened.run("document.querySelector('#forecast .plot').focus({preventScroll: true})")
        opened.press("ArrowRight")
        assert re.search(
            r"1-09;.*units=1: .*units=2: .*units=3: .*best baseline, ETS: ",
            opened.run("document.querySelector('#spoken').textContent"),
        )
        opened.click("#forecast-controls > label:nth-of-type(2) input")
        assert opened.run(legend) == ["observed", "units=1", "units=2", "units=3"]

    def test_each_table_is_saved_as_csv_with_all_digits(self, show: Show) -> None:
        """Made by the page itself, without a request."""
        report = made_report(comparisons=made_comparisons(), diverged=1)
        opened = show(report)
        tables, buttons = opened.run(
            "[document.querySelectorAll('main table').length, document.querySelectorAll('.more button').length]"
        )
        assert tables == buttons == 5
        opened.run(
            "URL.createObjectURL = (blob) => { window.saved = blob; return '#answer'; };"
            "HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; }"
        )
        opened.click("#summary .more button")
        name, text = opened.run("window.saved.text().then(text => [window.savedAs, text])")
        frame = pd.read_csv(StringIO(text), float_precision="round_trip")
        assert name == "tune-units-summary.csv"
        assert list(frame.columns[:3]) == ["configuration", "count", "mean"]
        assert frame["configuration"].tolist() == ["units=1", "units=2", "units=3"]
        assert frame["mean"].tolist() == report.summaries["mean"].tolist()

    def test_a_cell_of_the_matrix_says_what_is_behind_it(self, show: Show) -> None:
        """The words are read aloud, too: their place is a status."""
        opened = show()
        opened.click("#matrix button")
        said = opened.run("document.querySelector('#detail[role=status]').textContent")
        assert re.search(r"95% interval .* by Welch's t", said)
        assert opened.run("document.querySelectorAll('#matrix [aria-pressed=true]').length") == 1

    def test_pointing_at_a_point_names_the_repeat(self, show: Show) -> None:
        """The tooltip has the repeat, its score and its seed."""
        opened = show()
        place = opened.run(
            "(() => { const e = document.querySelector('#boxes .median');"
            " e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const b = e.getBoundingClientRect(); return [b.x, b.y + 8]; })()"
        )
        opened.hover(*place)
        assert re.search(
            r"units=1repeat \d+: [\d.]+ \(seed 60000000000000000\d\d\)",
            opened.run("document.querySelector('#tip').textContent"),
        )

    def test_numbers_behind_a_picture_are_a_table(self, show: Show) -> None:
        """Each picture has its words, made when they are asked for."""
        opened = show()
        for details, rows in (("#trajectories details", 15), ("#forecasts details", 4)):
            opened.click(f"{details} summary")
            assert opened.run(f"document.querySelectorAll('{details} tbody tr').length") == rows


class TestKeyboard:
    def test_everything_is_reached_by_tab_alone_and_shows_its_focus(self, show: Show) -> None:
        """From the skip link through every control and picture; nothing holds the focus."""
        opened = show()
        reached: list[str] = []
        for _ in range(200):
            opened.press("Tab")
            name, outline = opened.run(
                "(() => { const e = document.activeElement;"
                " return [e.id || e.className || e.tagName, getComputedStyle(e).outlineStyle]; })()"
            )
            if name == "BODY" or (reached and name == "skip"):
                break
            reached.append(name)
            assert outline != "none", name
        assert reached[0] == "skip"
        assert reached[1] == "theme"
        assert sum("plot" in name for name in reached) == 1 + 3 + 1
        assert "grid-text" in reached

    def test_arrow_keys_walk_through_a_picture_and_are_read_aloud(self, show: Show) -> None:
        """Right is the next score, down the next configuration, escape lets go."""
        opened = show()
        opened.run("document.querySelector('#boxes .plot').focus()")
        heard = []
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "End"):
            opened.press(key)
            heard.append(opened.run("document.querySelector('#spoken').textContent"))
        assert len(set(heard)) == 4
        assert [said.split(";")[0] for said in heard] == ["units=1", "units=1", "units=2", "units=2"]
        opened.press("Escape")
        assert opened.run("document.querySelector('#tip').hidden")

    def test_tables_sort_by_enter(self, show: Show) -> None:
        """And it is announced."""
        opened = show()
        opened.run("document.querySelector('#summary-table thead th:nth-child(3) button').focus()")
        opened.press("Enter")
        assert opened.run(MEANS) == sorted(opened.run(MEANS))
        assert opened.run("document.querySelector('#spoken').textContent") == "Sorted by mean, ascending."


class TestLooks:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_text_has_contrast(self, show: Show, scheme: str) -> None:
        """At least 4.5 to 1 in both themes (WCAG 2.2 AA)."""
        opened = show(scheme=scheme)
        contrast, words = opened.run(CONTRASTS)
        assert contrast >= 4.5, words

    @pytest.mark.parametrize("width", [360, 820, 1600])
    def test_the_page_is_never_wider_than_the_window(self, show: Show, width: int) -> None:
        """Wide tables scroll in their own box, on a phone as on a desk."""
        labels = ["units=1", "a rather long label, model.units=12, batch=4", "W" * 90]
        opened = show(made_report(labels, comparisons=made_comparisons(labels)), width=width)
        assert opened.run("document.documentElement.scrollWidth") == width

    def test_pictures_have_names(self, show: Show) -> None:
        """Each drawing says in words what it shows, and each control what it is."""
        opened = show()
        drawings = opened.run(
            "[...document.querySelectorAll('main svg:not([aria-hidden])')]"
            ".map(e => [e.getAttribute('role'), e.getAttribute('aria-label')])"
        )
        assert len(drawings) == 5
        assert all(role == "img" and len(label) > 40 for role, label in drawings)
        unnamed = (
            "[...document.querySelectorAll('button, select, input')].filter(e =>"
            " !(e.textContent.trim() && e.tagName === 'BUTTON') && !e.labels?.length && !e.ariaLabel)"
        )
        assert opened.run(f"{unnamed}.map(e => e.outerHTML)") == []

    def test_it_prints(self, show: Show) -> None:
        """Light, without controls, a few pages."""
        opened = show(scheme="dark")
        assert opened.printed().startswith(b"%PDF")
        opened.show_as(width=700, scheme="dark", media="print")
        assert opened.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert opened.run("getComputedStyle(document.querySelector('#boxes-controls')).display") == "none"


class TestAnyExperiment:
    @pytest.mark.parametrize(
        "report",
        [
            pytest.param(lambda: made_report(["units=1"], repeats=1), id="one configuration, one repeat"),
            pytest.param(lambda: made_report(diverged=12), id="all diverged"),
            pytest.param(lambda: made_report(waiting=7), id="half finished"),
            pytest.param(lambda: made_report(waiting=12, points=0, horizon=0), id="nothing finished"),
            pytest.param(lambda: made_report(points=0, horizon=0, baselines=None), id="scores alone"),
            pytest.param(
                lambda: made_report([f"rate={n}" for n in range(500)], repeats=4, points=30), id="500 configurations"
            ),
            pytest.param(lambda: made_report((), points=0, horizon=0), id="no configuration"),
        ],
    )
    @pytest.mark.parametrize("width", [360, 1200])
    def test_is_drawn_without_complaint(self, show: Show, report: type[ReportData], width: int) -> None:
        """Whatever there is of an experiment, the page opens, and no number is NaN."""
        opened = show(report(), width=width)
        assert not re.search(r"NaN|undefined|Infinity|null", opened.run("document.body.innerText"))
        assert opened.run(
            "[...document.querySelectorAll('svg *')]"
            ".every(e => ![...e.attributes].some(a => /NaN|undefined|Infinity/.test(a.value)))"
        )

    def test_hostile_labels_run_nothing(self, show: Show) -> None:
        """Labels are drawn as text, in tables, pictures, menus and tooltips."""
        labels = [HOSTILE, "units=2"]
        opened = show(made_report(labels, comparisons=made_comparisons(labels), experiment=HOSTILE, answer=HOSTILE))
        opened.run("document.querySelector('#boxes .plot').focus()")
        opened.press("ArrowRight")
        assert HOSTILE in opened.run("document.querySelector('#tip').textContent")
        assert opened.run("document.querySelectorAll('img, b[title]').length") == 0
        assert "broken in" not in opened.run("document.title").replace(HOSTILE, "")


def test_a_machine_without_a_browser_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests fail, they do not skip, and say what to install."""
    monkeypatch.setenv("CHROME", "/nowhere/chrome")
    with pytest.raises(chromium.BrowserError, match="need Chromium or Chrome, and CHROME=/nowhere/chrome is not there"):
        chromium.find()


class TestSplits:
    def test_each_block_draws_its_pictures_and_has_its_own_controls(self, show: Show) -> None:
        """Controls of one block leave the other one as it is."""
        opened = show(made_splits())
        assert opened.run("[...document.querySelectorAll('.split .chart')].every(chart => chart.querySelector('svg'))")
        opened.click("#split-1-curves-controls .picker button:nth-of-type(2)")
        assert opened.run("document.querySelectorAll('[id$=-curves] .panel').length") == 2
        opened.click("#split-2-matrix button")
        told = opened.run("['#split-1-detail', '#split-2-detail'].map(id => document.querySelector(id).textContent)")
        assert ["large" in words for words in told] == [False, True]
