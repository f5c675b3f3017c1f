"""Settings: read once, and refused with the value and the next step."""

import pytest

from store import BrokerUnreachable, UsageError
from store.delivery.queue import make_app
from store.settings import Settings, secret, without_password


def test_without_any_word_the_store_is_a_file_here_and_there_is_no_broker():
    """A laptop needs no set-up."""
    settings = Settings.from_env({})
    assert settings.database_url == "sqlite:///results.db"
    assert settings.broker_url is None


def test_the_command_line_wins_over_the_environment():
    """`--store` and `--broker` are said later than the environment."""
    env = {"DATABASE_URL": "postgresql://db/x", "BROKER_URL": "redis://a"}
    settings = Settings.from_env(env, store="sqlite:///b.db", broker="redis://b")
    assert (settings.database_url, settings.broker_url) == ("sqlite:///b.db", "redis://b")


@pytest.mark.parametrize("text", ["soon", "0", "-3", "nan", "inf", "3601"])
def test_a_lease_that_is_no_time_is_refused(text):
    """A lease of nothing would let two workers train the same pack."""
    with pytest.raises(
        UsageError, match=r"LEASE_SECONDS is '.*', and must be a number of seconds from 1 to 3,600. Try 20"
    ):
        Settings.from_env({"LEASE_SECONDS": text})


def test_a_missing_broker_says_how_to_start_one_and_that_run_needs_none():
    """The user of `submit` may only have wanted `run`."""
    with pytest.raises(BrokerUnreachable, match=r"BROKER_URL is not set.*docker compose up.*scheduler run"):
        make_app(None)


def test_a_broker_that_is_not_redis_is_refused():
    """Other transports of Celery lose jobs."""
    with pytest.raises(UsageError, match=r"BROKER_URL is 'amqp://guest:\*\*\*@rabbit', and must start with redis://"):
        make_app("amqp://guest:guest@rabbit")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:secret@host:1/0", "redis://:***@host:1/0"),
        ("postgresql://me:p@ss@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("postgresql://host/db?password=secret&user=me", "postgresql://host/db?password=***&user=me"),
        ("host=h password=secret dbname=d", "host=h password=*** dbname=d"),
        ("host=h password='my secret' dbname=d", "host=h password=*** dbname=d"),
        ("sqlite:///results.db", "sqlite:///results.db"),
    ],
)
def test_a_shown_url_has_no_password(url, shown):
    """URLs end up in terminals, logs and reports."""
    assert without_password(url) == shown


def test_workers_of_this_machine_log_where_they_are_told_to():
    """Without a word they keep their logs to themselves."""
    assert Settings.from_env({}).worker_logs is None
    assert Settings.from_env({"WORKER_LOGS": "logs"}).worker_logs == "logs"


def test_secrets_are_read_from_files(tmp_path):
    """The file that NAME_FILE names is read whole but for the end of its line; NAME itself wins."""
    (tmp_path / "url").write_text("postgresql://db/x\r\n")
    (tmp_path / "password").write_text(" p@ss/w0rd$1 \n")
    env = {"DATABASE_URL_FILE": str(tmp_path / "url"), "PGPASSWORD_FILE": str(tmp_path / "password")}
    assert Settings.from_env(env).database_url == "postgresql://db/x"
    assert secret("PGPASSWORD", env) == " p@ss/w0rd$1 "
    assert secret("PGPASSWORD", {**env, "PGPASSWORD": "x"}) == "x"
    assert secret("PGPASSWORD", {}) is None


def test_a_secret_that_cannot_be_read(tmp_path):
    """The variable, the file and the reason are named."""
    with pytest.raises(UsageError, match=r"BROKER_URL_FILE names .*/none, which cannot be read: No such file.*.*"):
        Settings.from_env({"BROKER_URL_FILE": str(tmp_path / "none")})
