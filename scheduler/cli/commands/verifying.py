"""The command that checks what is stored."""

from __future__ import annotations

import sys

import click

from scheduler.cli.options import EXPERIMENT, STORE

HEADING = "Read the results"
POSITION = 32


@click.command()
@EXPERIMENT
@STORE
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="How many repeats are trained again at most; 0 trains none.",
)
def verify(experiment: str, store: str | None, sample: int) -> None:
    """Check an experiment's results, and train a sample of its repeats again.

    Every repeat has one result, scores are those of the stored forecasts, and summaries, comparisons, ensembles and
    baselines are what the results and the series give. The sample is drawn anew each time; a repeat that is trained
    again has the same bits. Nothing is changed. The exit code is 1 if something is wrong.
    """
    from scheduler.cli.output import err, opened, plain
    from scheduler.lifecycle.verifying.verify import verify as check
    from scheduler.text import many

    with opened(store) as results:
        found = check(
            results, results.experiments.get(experiment), sample=sample, say=lambda text: err.print(plain(text))
        )
    for mark, lines in (("ok     ", found.held), ("not checked  ", found.left), ("WRONG  ", found.faults)):
        for line in lines:
            click.echo(f"{mark}{line}")
    wrong = f"{many(len(found.faults), 'thing')} {'is' if len(found.faults) == 1 else 'are'} wrong"
    click.echo(f"{experiment}: {wrong if found.faults else 'all that was checked holds'}.")
    if found.faults:
        sys.exit(1)
