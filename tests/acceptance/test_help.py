"""The command line answers at once, and is documented."""

import subprocess
import sys
from pathlib import Path

from scheduler.cli.app import cli

ROOT = Path(__file__).parents[2]
HEAVY = ("tensorflow", "keras", "pandas", "matplotlib", "numpy", "sqlalchemy", "celery", "scipy")


def test_help_imports_nothing_heavy():
    """`scheduler --help` answers in well under half a second."""
    code = "import sys; from scheduler.cli import cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_commands_that_do_not_train_import_no_tensorflow():
    """Only a worker waits for TensorFlow."""
    code = "import sys, scheduler.commands, scheduler.gather, scheduler.report; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_command_is_in_the_readme():
    """A command that nobody can find does not exist."""
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in cli.commands if f"scheduler {name}" not in readme]
    assert missing == []


def test_every_command_and_option_has_help():
    """Each says in one sentence what it is for."""
    for command in cli.commands.values():
        assert command.help
        for parameter in command.params:
            if hasattr(parameter, "help"):
                assert parameter.help, f"{command.name} {parameter.name}"
