"""The arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from store.settings import MOST_WORKERS

Command = TypeVar("Command", bound=Callable[..., Any])


class NonEmptyPath(click.Path):
    """A path that is not empty: an unset variable of a script would otherwise mean the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert a path and reject the empty text."""
        if value == "":
            self.fail("The path is empty.", param, ctx)
        return super().convert(value, param, ctx)


FOLDER = NonEmptyPath(path_type=Path, file_okay=False)
FILE = NonEmptyPath(path_type=Path, dir_okay=False)
GRIDS = click.argument(
    "grids", nargs=-1, required=True, type=NonEmptyPath(path_type=Path), metavar="GRID...", help="Grid files (YAML)."
)


def _experiment_names(context: click.Context, _parameter: click.Parameter, beginning: str) -> list[str]:
    """Complete the name of an experiment; a store that cannot be read has none to offer."""
    from scheduler.cli.output import opened
    from store.errors import PipelineError

    with suppress(PipelineError), opened(context.params.get("store")) as results:
        return [one.name for one in results.experiments.list() if one.name.startswith(beginning)]
    return []


EXPERIMENT = click.argument(
    "experiment", shell_complete=_experiment_names, help="A number or name from `scheduler list`."
)
OTHER = click.argument("other", required=False, shell_complete=_experiment_names, help="A second experiment.")
STORE = click.option("--store", metavar="URL", help="Results store [default: DATABASE_URL, or sqlite:///results.db].")
BROKER = click.option("--broker", metavar="URL", help="Redis URL [default: BROKER_URL].")
SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Set a field of the grid, such as repeats=5 or training.epochs=50; may be repeated.",
)
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help="Local worker processes [default: the number of cores].",
)
FRESH = click.option("--fresh", is_flag=True, help="Train everything again, even where the store has results.")
STRICT = click.option("--strict", is_flag=True, help="Refuse grids that have warnings (exit code 2).")
PLOTS = click.option("--plots", type=FOLDER, metavar="DIR", help="Save plots in this folder, as PNG and SVG.")
OUTPUT = click.option("--output", type=FILE, metavar="FILE", help="Write to this file instead of stdout.")


def choose_format(*names: str, help: str = "Output format.") -> Callable[[Command], Command]:
    """Return the option --format; the first name is the default."""
    return click.option("--format", "form", type=click.Choice(names), default=names[0], show_default=True, help=help)


def continues(command: Command) -> Command:
    """Add the options of commands that train what an experiment still needs."""
    wait = click.option("--wait", is_flag=True, help="With a broker: wait for the results and report.")
    for option in (wait, WORKERS, BROKER, STORE, EXPERIMENT):
        command = option(command)
    return command


#: options that a command which is named again does not repeat: the store and the broker are named by `command`, what
#: waits is said by who suggests it, and what was begun afresh goes on
NOT_AGAIN = ("store", "broker", "wait", "fresh")


def options_given() -> tuple[str, ...]:
    """Return the options of the running command as they were given, for a message that names it again."""
    context = click.get_current_context(silent=True)
    return () if context is None else tuple(_given(context))


def _given(context: click.Context) -> Iterator[str]:
    for one in context.command.params:
        name = one.name or ""
        typed = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not isinstance(one, click.Option) or name in NOT_AGAIN or not typed:
            continue
        value = context.params[name]
        if one.is_flag:
            yield one.opts[0]
            continue
        for each in value if one.multiple else (value,):
            yield from (one.opts[0], f"{each:g}" if isinstance(each, float) else str(each))
