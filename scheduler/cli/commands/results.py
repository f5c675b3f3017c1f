"""Commands that show results: report, compare, serve, replicate."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli.options import EXPERIMENT, FILE, OTHER, OUTPUT, PLOTS, STORE, choose_format
from scheduler.report.formats.registry import COMPARISONS, REPORTS

HEADING = "Read the results"
POSITION = 30


@click.command()
@EXPERIMENT
@STORE
@choose_format(*REPORTS, help="Output format; parquet has one row per repeat.")
@OUTPUT
@PLOTS
@click.option("--html", "page", type=FILE, metavar="FILE", help="Write the report as one HTML page.")
@click.option("--splits", is_flag=True, help="Show every split, where there are several.")
def report(
    experiment: str,
    store: str | None,
    form: str,
    output: Path | None,
    plots: Path | None,
    page: Path | None,
    splits: bool,
) -> None:
    """Print the summary of an experiment, and save plots.

    The report of an unfinished experiment covers the results so far and is marked as partial.
    """
    from scheduler.cli.baselines import complete_baselines
    from scheduler.cli.output import opened, show_report
    from scheduler.cli.outputs import refuse_read
    from scheduler.files import check_directory

    with opened(store) as results:
        found = results.experiments.get(experiment)
        check_directory(plots)
        check_directory(page and page.parent, "--html")
        check_directory(output and output.parent, "--output")
        refuse_read(results, {"--html": page, "--output": output}, found)
        complete_baselines(results, found)
        show_report(results, found, plots, form=form, output=output, page=page, splits=splits)


@click.command()
@EXPERIMENT
@OTHER
@STORE
@choose_format(*COMPARISONS, help="Output format; csv has the pairs, json everything.")
@click.option("--all", "every", is_flag=True, help="Show all configurations and pairs, however many there are.")
def compare(experiment: str, other: str | None, store: str | None, form: str, every: bool) -> None:
    """Show which configuration is better, and how certain that is.

    With OTHER, the configurations of both experiments are compared, if they forecast the same rows of the same series.

    Prints the answer in one line, the ranking, every pair (difference, interval, p, effect, verdict and the reason),
    and one training beside all repeats together.
    """
    from scheduler.cli.output import opened, show_verdicts

    with opened(store) as results:
        second = results.experiments.get(other) if other else None
        show_verdicts(results, results.experiments.get(experiment), second, form=form, every=every)


@click.command()
@STORE
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; others need SERVE_TOKEN.")
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="A name by which browsers may ask, beside localhost.",
)
def serve(store: str | None, port: int, host: str, allowed: tuple[str, ...]) -> None:
    """Show experiments in a browser, updated while they train.

    The pages only read. Others can read them with --host 0.0.0.0 and a token in SERVE_TOKEN or SERVE_TOKEN_FILE.
    """
    from scheduler.web.server import serve as serve_pages
    from store import Settings
    from store.logs import log_to_stderr

    log_to_stderr()
    serve_pages(Settings.from_env(store=store), host=host, port=port, allowed=allowed)


@click.command()
@STORE
@OUTPUT
def replicate(store: str | None, output: Path | None) -> None:
    """Compare the store's results with the published numbers.

    Writes Markdown: tables side by side, differences, and whether each published finding is reproduced.
    """
    from scheduler.cli.output import opened, write_out
    from scheduler.cli.outputs import refuse_read
    from scheduler.files import check_directory
    from scheduler.replication.page import replication

    check_directory(output and output.parent, "--output")
    with opened(store) as results:
        refuse_read(results, {"--output": output})
        page = replication(results)
    write_out(page, output)
