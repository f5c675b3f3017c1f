"""What a worker measures of its packs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from store import UsageError
from worker.delivery.measures import Measures, Outcome, chosen, use
from worker.delivery.metrics import Counted, parse


@pytest.fixture
def registry() -> Iterator[CollectorRegistry]:
    """A registry that the packs of this process are measured in."""
    made = CollectorRegistry()
    use(Counted(made))
    yield made
    use(Measures())


def test_packs_are_counted_by_how_they_end(registry: CollectorRegistry) -> None:
    """Only those that are saved say how long they took; one that raises has failed."""
    with chosen().pack(8) as measured:
        assert registry.get_sample_value("repeats_worker_packs_training") == 1
        measured.outcome, measured.saved, measured.lost = Outcome.SAVED, 6, 2
        measured.train_seconds, measured.save_seconds = 3.0, 0.1
    with pytest.raises(ValueError, match="away"), chosen().pack(2):
        raise ValueError("away")
    found = {
        name: registry.get_sample_value(f"repeats_worker_{name}")
        for name in ("packs_training", "repeats_total", "leases_lost_total", "train_seconds_sum", "lanes_sum")
    }
    assert found == {
        "packs_training": 0,
        "repeats_total": 6,
        "leases_lost_total": 2,
        "train_seconds_sum": 3,
        "lanes_sum": 10,
    }
    assert b'repeats_worker_packs_total{outcome="failed"} 1.0' in generate_latest(registry)
    assert b'repeats_worker_packs_total{outcome="handed back"} 0.0' in generate_latest(registry)


def test_without_metrics_nothing_is_measured() -> None:
    with chosen().pack(8) as measured:
        measured.outcome = Outcome.SAVED
    assert type(chosen()) is Measures


@pytest.mark.parametrize(
    ("text", "address"),
    [("9100", ("127.0.0.1", 9100)), ("0.0.0.0:9100", ("0.0.0.0", 9100)), ("[::1]:80", ("::1", 80))],
)
def test_an_address_is_a_port_or_a_host_and_a_port(text: str, address: tuple[str, int]) -> None:
    assert parse(text) == address


@pytest.mark.parametrize("text", ["", "0", "65536", "host", "host:", "-1", "9²", "http://host:9100/x"])
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"must be a port \(9100\), or HOST:PORT"):
        parse(text)
