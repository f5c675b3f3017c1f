"""The command line answers at once, and is documented."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from scheduler.cli.app import cli
from scheduler.cli.commands import groups
from store import open_store
from tests.examples import submit

ROOT = Path(__file__).parents[2]
HEAVY = ("tensorflow", "keras", "pandas", "matplotlib", "numpy", "sqlalchemy", "celery", "scipy", "rich", "pydantic")
COMMANDS = {name: command for group in groups() for name, command in group.commands.items()}
NEW_COMMAND = """
import click


@click.command()
def greet() -> None:
    '''Greet the user.'''
    click.echo("hello")
"""


def run(code, *args):
    """Run a program in a process of its own and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_help_imports_nothing_heavy():
    """`scheduler --help` answers in well under half a second."""
    code = """
import sys
from scheduler.cli.app import cli
cli.main(["--help"], standalone_mode=False)
print([name for name in sys.argv[1:] if name in sys.modules])
"""
    assert run(code, *HEAVY).splitlines()[-1] == "[]"


def test_counting_jobs_loads_little(tmp_path):
    """`scheduler status` and `list` read no array and no configuration, so they load neither NumPy nor pydantic."""
    store = f"sqlite:///{tmp_path}/results.db"
    with open_store(store, create=True) as made:
        submit(made)
    code = """
import sys
from scheduler.cli.app import cli
for words in (["status", "1"], ["status", "1", "--format", "json"], ["list"]):
    cli.main([*words, "--store", sys.argv[1]], standalone_mode=False)
print([name for name in sys.argv[2:] if name in sys.modules])
"""
    needless = [name for name in HEAVY if name not in ("sqlalchemy", "rich")] + ["psycopg", "alembic"]
    assert run(code, store, *needless).splitlines()[-1] == "[]"


def test_each_heading_is_there_once():
    """Modules that share one are listed together, as in `Use a model`."""
    headings = [group.heading for group in groups()]
    assert len(headings) == len(set(headings))
    (use,) = [group for group in groups() if group.heading == "Use a model"]
    assert list(use.commands) == ["forecast", "export", "predict", "score"]


def test_commands_that_do_not_train_import_no_tensorflow():
    """Only a worker waits for TensorFlow."""
    code = """
import pkgutil, sys
import scheduler.cli
from importlib import import_module
for package in ("cli", "report", "lifecycle", "progress", "replication"):
    root = import_module(f"scheduler.{package}")
    for one in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        if not one.name.endswith("tasks"):
            import_module(one.name)
print("tensorflow" in sys.modules, "keras" in sys.modules)
"""
    assert run(code).strip() == "False False"


def test_a_new_command_is_one_new_file(tmp_path):
    """A module in the package of commands is found, listed and run."""
    (tmp_path / "greeting.py").write_text(NEW_COMMAND)
    code = """
import sys
import scheduler.cli.commands
scheduler.cli.commands.__path__.append(sys.argv[1])
from scheduler.cli.app import cli
cli.main(["--help"], standalone_mode=False)
cli.main(["greet"], standalone_mode=False)
"""
    said = run(code, str(tmp_path))
    assert "Other commands:\n  greet" in said
    assert "Greet the user." in said
    assert said.endswith("hello\n")


def test_every_command_is_in_the_readme():
    """A command that nobody can find does not exist."""
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in COMMANDS if f"`scheduler {name}" not in readme]
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name):
    """Each says in one sentence what it is for."""
    command = COMMANDS[name]
    assert command.help
    assert command.help.splitlines()[0].endswith(".")
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_the_help_lists_every_command_once():
    """Under the heading of its group."""
    context = click.Context(cli, info_name="scheduler")
    listed = [line.split()[0] for line in cli.get_help(context).splitlines() if line.startswith("  ")]
    assert [name for name in listed if name in COMMANDS] == list(COMMANDS)
