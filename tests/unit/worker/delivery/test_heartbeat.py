"""The heartbeat of a worker: it stops when the event loop hangs, and goes on while there is no Redis."""

from worker.delivery import heartbeat
from worker.delivery.heartbeat import Pulse


def test_a_loop_that_turns_or_waits_for_redis_is_alive(monkeypatch):
    """Without a connection no turn is expected."""
    pulse = Pulse()
    pulse.connected = True
    assert pulse.is_alive()
    monkeypatch.setattr(heartbeat, "HANGS", -1.0)
    assert not pulse.is_alive()
    pulse.connected = False
    assert pulse.is_alive()


def test_a_file_that_is_old_or_missing(tmp_path, monkeypatch):
    """It is what the health check looks at."""
    monkeypatch.setattr(heartbeat, "HEARTBEAT", tmp_path / "beat")
    assert not heartbeat.is_alive()
    (tmp_path / "beat").touch()
    assert heartbeat.is_alive()
    monkeypatch.setattr(heartbeat, "DEAD", -1.0)
    assert not heartbeat.is_alive()
