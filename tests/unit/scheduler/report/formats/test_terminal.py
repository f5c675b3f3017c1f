"""Tables in a terminal: every number and every name is there whole, however narrow it is."""

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from rich.console import Console

from scheduler.cli import listing
from scheduler.report.formats import summary, table_format, terminal, verdicts
from scheduler.report.formats.terminal import Rows, draw
from scheduler.statistics.comparison import compare
from store import ConfigurationStatus, ExperimentState, ExperimentStatus, JobState
from tests.reports import made_report

SHORT = tuple(f"units={units}" for units in range(1, 9))
LONG = tuple(f"units={u}, lags={n}, difference={d}" for u in (1, 4) for n in (1, 12) for d in (1, 12))
WIDTHS = (60, 80, 100, 120)


def drawn(show, *given, width):
    """Print in a terminal of this width, and return the lines."""
    stream = io.StringIO()
    show(*given, Console(file=stream, width=width, force_terminal=True, color_system=None))
    assert "…" not in stream.getvalue()
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert all(len(line) <= width for line in lines)
    return lines


def compared(labels, repeats=6):
    """Return a made-up report with its verdicts."""
    data = made_report(labels, repeats=repeats)
    found = compare(data.results)
    return made_report(labels, repeats=repeats, ranking=found.ranking, comparisons=found.pairs, answer=found.answer)


def table(lines, head):
    """Return the lines of the table whose first line starts so, as words."""
    (first,) = [place for place, line in enumerate(lines) if line.split()[: len(head)] == head]
    rows = lines[first:]
    return [line.split() for line in (rows[: rows.index("")] if "" in rows else rows)]


class TestReport:
    """The `describe()` table."""

    def test_it_is_wide_where_that_fits(self):
        """A column a configuration, all six decimals."""
        rows = table(drawn(table_format.show, made_report(SHORT), width=120), ["test", "RMSE"])
        assert [row[0] for row in rows[1:]] == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]
        assert rows[0][2:] == list(SHORT)
        assert all(len(cell.split(".")[1]) == 6 for row in rows[2:] for cell in row[1:])

    def test_a_configuration_has_a_row_where_columns_are_too_narrow(self):
        """With labels of 30 characters, also of five configurations."""
        rows = table(drawn(table_format.show, made_report(LONG[:5]), width=120), ["configuration"])
        assert [" ".join(row[:3]) for row in rows[1:]] == list(LONG[:5])
        assert all(len(row) == 3 + 8 for row in rows[1:])

    @pytest.mark.parametrize("labels", [SHORT[:3], SHORT, LONG, [*SHORT, "units=9"]])
    @pytest.mark.parametrize("width", WIDTHS)
    def test_numbers_are_whole(self, labels, width):
        """Each mean is found as a word, with three digits or more."""
        data = made_report(labels)
        words = " ".join(drawn(table_format.show, data, width=width)).split()
        for mean in data.summaries["mean"]:
            assert any(spelt in words for spelt in (f"{mean:.6f}", f"{mean:.3f}", f"{mean:.2f}", f"{mean:.1f}"))

    @pytest.mark.parametrize("width", WIDTHS)
    def test_labels_are_whole(self, width):
        """They take two lines before anything is left out, and are broken at spaces only."""
        found = []
        for row in table(drawn(table_format.show, made_report(LONG), width=width), ["configuration"])[1:]:
            parts = [word for word in row if "=" in word]
            if len(parts) < len(row):
                found.append(parts)
            else:
                found[-1] += parts
        assert [" ".join(parts) for parts in found[: len(LONG)]] == list(LONG)

    def test_quartiles_go_last_and_that_is_said(self):
        """With the command that shows them."""
        lines = drawn(table_format.show, made_report(LONG), width=60)
        assert table(lines, ["configuration"])[0] == ["configuration", "count", "mean", "std", "min", "max"]
        said = " ".join(" ".join(lines).split())
        assert "fit the width: 25%, 50%, 75%. `scheduler report tune-units --format csv` has them." in said

    def test_small_spreads_keep_their_digits(self):
        """Decimals that tell configurations apart are not dropped."""
        data = made_report(SHORT)
        data = made_report(SHORT, summaries=data.summaries.assign(std=0.00321, mean=np.arange(8.0) / 1000))
        words = " ".join(drawn(table_format.show, data, width=80)).split()
        assert {"0.003210", "0.00321"} & set(words)

    def test_labels_that_print_alike_are_two_rows(self):
        """Control characters are replaced, and columns need different heads."""
        rows = table(drawn(table_format.show, made_report(("a\x1b", "a\x07")), width=120), ["configuration"])
        assert len(rows) == 3

    def test_a_ranking_of_labels_with_commas_has_a_line_each(self):
        """So that one sees where a label ends."""
        data = compared(LONG)
        lines = summary.ranking_lines(data)
        assert lines[1] == "ranking (those that share a letter cannot be distinguished):"
        best = data.ranking.iloc[0]
        assert lines[2].split(maxsplit=2) == ["1.", best["group"], best["configuration"]]
        assert (
            "ranking (those that share a letter cannot be distinguished): units="
            in summary.ranking_lines(compared(SHORT))[1]
        )


class TestCompare:
    """The ranking and the pairs."""

    @pytest.mark.parametrize("labels", [SHORT, LONG])
    @pytest.mark.parametrize("width", [80, 100, 120])
    def test_a_pair_has_one_line(self, labels, width):
        """However long the labels are."""
        rows = table(drawn(verdicts.show, compared(labels), width=width), ["a", "b"])
        pairs = [row for row in rows if row[0].startswith(("#", "units=")) and row[0] != "#1,"]
        assert len(pairs) == 28
        assert all({"undecided,", "better", "difference"} & set(row) for row in pairs)

    def test_long_labels_are_numbered_by_rank(self):
        """The ranking has the labels."""
        data = compared(LONG)
        lines = drawn(verdicts.show, data, width=80)
        ranked = [line.split()[0] for line in lines if any(label in line.split("  ") for label in LONG)]
        assert ranked[:8] == [str(rank) for rank in range(1, 9)]
        assert "#1, #2, ... number the configurations by rank." in lines
        ranks = dict(zip(data.ranking["configuration"], data.ranking["rank"], strict=True))
        first = verdicts.in_order(data).iloc[0]
        assert table(lines, ["a", "b"])[1][:2] == [f"#{ranks[first['a']]}", f"#{ranks[first['b']]}"]

    def test_a_number_that_the_ranking_does_not_show_is_named(self):
        """Two rows are shown, and the best is compared with the third."""
        data = compared(LONG)

        def show(data, console):
            verdicts.show(data, console, most=2)

        said = " ".join(drawn(show, data, width=80))
        assert f"#3 is {data.ranking['configuration'][2]}." in said

    def test_what_is_left_out_is_said(self):
        """With the format that has it."""
        said = drawn(verdicts.show, compared(LONG), width=80)
        assert any(line.startswith("Columns omitted to fit the width: test") for line in said)
        assert not any("Columns omitted" in line for line in drawn(verdicts.show, compared(LONG), width=250))

    def test_verdicts_are_said_in_full_where_there_is_room(self):
        """And in short where not, which is explained."""
        data = compared(SHORT)
        assert any("more repeats would settle it" in line for line in drawn(verdicts.show, data, width=200))
        lines = drawn(verdicts.show, data, width=80)
        assert any("undecided, ~" in line and line.startswith("units=") for line in lines)
        assert "undecided, ~N more: about N more repeats of each would settle it." in lines


def status(name, number=1):
    """Return a made-up state of an experiment."""
    counts = dict.fromkeys(JobState, 0) | {JobState.DONE: 48}
    return ExperimentStatus(
        id=number,
        name=name,
        state=ExperimentState.DONE,
        counts=counts,
        diverged=0,
        configurations=(ConfigurationStatus(label="base", counts=counts, diverged=0),),
        created=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        started=None,
        finished=None,
        trained=0.0,
    )


class TestList:
    """`scheduler list`."""

    @pytest.mark.parametrize("width", [60, 80, 120])
    def test_names_and_ids_are_whole(self, width):
        """A remark names what is omitted instead."""
        statuses = [status("quickstart", 1), status("tune-batch-size-and-units", 2)]
        lines = drawn(listing.show_list, statuses, width=width)
        for one in statuses:
            assert any(line.split()[:2] == [str(one.id), one.name] for line in lines)
        assert any("Columns omitted" in line for line in lines) == (width == 60)

    def test_a_name_too_long_for_a_line_goes_on_in_the_next(self):
        """The numbers stay beside its beginning."""
        name = "tune-batch-size-and-units-of-stacked-networks-again"
        _, first, second, *_ = drawn(listing.show_list, [status(name)], width=60)
        assert first.split()[1] + second.strip() == name
        assert first.split()[-3:] == ["48", "48", "0"]

    def test_there_is_everything_where_it_fits(self):
        """The time, too."""
        assert drawn(listing.show_list, [status("quick")], width=120) == [
            "id   experiment   state   configurations   repeats   done   failed   created (UTC)",
            "1    quick        done    1                48        48     0        2026-01-02 03:04",
        ]


@pytest.mark.parametrize("width", WIDTHS)
def test_long_tables_are_drawn_as_short_ones_are(width, monkeypatch):
    """Without Rich, which takes seconds for 10,000 rows, and with the same letters at the same places."""
    forms = [
        (table_format.show, made_report([*SHORT, "two\N{FULLWIDTH LATIN SMALL LETTER A}"])),
        (verdicts.show, compared(LONG)),
    ]
    short = [drawn(*form, width=width) for form in forms]
    monkeypatch.setattr(terminal, "MOST_STYLED", 2)
    assert [drawn(*form, width=width) for form in forms] == short


def test_a_terminal_too_narrow_for_any_form_gets_the_last_one():
    """Nothing is cut even there."""
    form = Rows(heads={"name": "left", "number": "right"}, rows=[["a name of words", "123456789012"]], wraps="name")
    lines = drawn(lambda console: draw([form], console), width=12)
    assert "".join(line.split()[-1] for line in lines if line[-1:].isdigit()) == "123456789012"
