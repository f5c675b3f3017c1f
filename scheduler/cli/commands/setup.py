"""Commands around the others: watch a cluster, migrate a store, complete commands in a shell."""

from __future__ import annotations

import click

from scheduler.cli.options import BROKER, STORE

HEADING = "Set up and operate"
POSITION = 50


@click.command()
@STORE
@BROKER
@click.option(
    "--interval", default=2.0, show_default=True, type=click.FloatRange(0.1, 60), help="Seconds between two checks."
)
def watch(store: str | None, broker: str | None, interval: float) -> None:
    """Keep a cluster running, until stopped.

    Resends jobs that dead workers or a restarted Redis lost, and writes the summaries of finished experiments.
    """
    from scheduler.cli.watching import watch_store
    from store import Settings

    watch_store(Settings.from_env(store=store, broker=broker), interval=interval)


@click.command()
@STORE
def migrate(store: str | None) -> None:
    """Create a store, or upgrade an older one to this version.

    An upgrade also computes the summaries and comparisons again that an older version wrote differently.
    """
    from scheduler.cli.output import err, out
    from scheduler.lifecycle.aggregate import aggregate_finished
    from store import Settings, open_store

    with open_store(Settings.from_env(store=store).database_url, create=True) as results:
        if updated := aggregate_finished(results):
            err.print(f"summaries and comparisons computed: {len(updated):,} experiment{'s' * (len(updated) != 1)}")
        out.print(f"The store is ready: {results.url}")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), help="The shell that runs the script.")
def completion(shell: str) -> None:
    """Print a script that completes commands, options and experiments in a shell.

    \b
    bash    eval "$(scheduler completion bash)"                in ~/.bashrc
    zsh     eval "$(scheduler completion zsh)"                 in ~/.zshrc
    fish    scheduler completion fish | source                 in ~/.config/fish/config.fish
    """  # noqa: D301 - click reads \\b as "keep these lines as they are"
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click has no completion for {shell}.")
    click.echo(kind(click.get_current_context().find_root().command, {}, "scheduler", "_SCHEDULER_COMPLETE").source())
