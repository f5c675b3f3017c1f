"""The command line: finds the commands, reports usage errors and ends quietly when the reader of stdout leaves.

The commands are in `scheduler.cli.commands`. Each parses, calls and prints: data to stdout, progress to stderr. Heavy
libraries are imported by the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from scheduler.cli.commands import groups


class CommandLine(click.Group):
    """Lists the commands by group and suggests the nearest command for an unknown name."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments, or show the help."""
        with _exit_on_closed_pipe():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _exit_on_closed_pipe():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return [name for group in groups() for name in group.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        return next((group.commands[cmd_name] for group in groups() if cmd_name in group.commands), None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, each group under its heading."""
        longest = max(map(len, self.list_commands(ctx)))
        room = formatter.width - 6 - longest
        for group in groups():
            with formatter.section(group.heading):
                rows = [(f"{name:{longest}}", one.get_short_help_str(room)) for name, one in group.commands.items()]
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or suggest the nearest name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            from store.schema.spelling import nearest

            near = nearest(args[0], self.list_commands(ctx))
            hint = f" Did you mean `{near}`?" if near else f" Commands: {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx) from problem


@contextmanager
def _exit_on_closed_pipe() -> Iterator[None]:
    """Exit with 141 when the reader of stdout, such as `head`, has left; click itself would report a failure."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="repeats", prog_name="scheduler")
def cli() -> None:
    """Run repeated neural-network experiments on time series, and find out which configuration is better.

    \b
    scheduler run grids/quickstart.yaml          train on this machine
    scheduler submit grids/quickstart.yaml       send to the workers of a cluster
    scheduler report quickstart --plots plots    print tables and save plots

    EXPERIMENT is a name or number from `scheduler list`. The store is a SQLite file or a Postgres database, named by
    DATABASE_URL or by --store on any command.
    """  # noqa: D301 - click reads \\b as "keep these lines as they are"
