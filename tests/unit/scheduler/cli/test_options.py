"""Options that messages name again."""

from __future__ import annotations

from click import Command
from click.testing import CliRunner

from scheduler.cli.commands.forecasting import forecast
from scheduler.cli.options import options_given


def test_a_command_is_named_again_with_its_options() -> None:
    """As they were typed; the store, the broker, what waits and what begins afresh are for others to name."""
    found: list[tuple[str, ...]] = []
    command = Command("forecast", params=forecast.params, callback=lambda **_: found.append(options_given()))
    typed = ["sales", "--steps=3", "--level", "80", "--level", "97.5", "--repeats-too", "--future", "known ahead.csv"]
    done = CliRunner().invoke(
        command, [*typed, "--store", "sqlite:///x.db", "--broker", "redis://x", "--wait", "--fresh"]
    )
    assert done.exit_code == 0, done.output
    assert found == [
        ("--steps", "3", "--level", "80", "--level", "97.5", "--future", "known ahead.csv", "--repeats-too"),
    ]
    assert options_given() == ()
