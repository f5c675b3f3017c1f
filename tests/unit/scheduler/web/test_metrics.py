"""What Prometheus fetches from the live page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from store import StoreUnreachable
from tests.unit.scheduler.web.site import filled, site
from worker.delivery.metrics import Counted

ROOT = Path(__file__).parents[4]


def numbers(text: str) -> dict[tuple[str, str], float]:
    """Return each number by its name and the values of its labels."""
    families = text_string_to_metric_families(text)
    return {(one.name, "/".join(one.labels.values())): one.value for family in families for one in family.samples}


def test_jobs_packs_leases_and_ages_are_counted(sqlite_url: str) -> None:
    with filled(sqlite_url) as store, site(store) as client:
        answer = client.get("/metrics")
        found = numbers(answer.text)
        assert answer.headers["content-type"].startswith("text/plain")
    assert found["repeats_jobs", "default/queued"] == 5
    assert found["repeats_jobs", "default/running"] == 1
    assert found["repeats_job_attempts", "default/failed"] == 1
    assert found["repeats_packs_running", "default"] == 1
    assert found["repeats_experiments", "running"] == 2
    assert found["repeats_store_up", ""] == 1
    assert 0 <= found["repeats_oldest_waiting_seconds", "default"] < 60
    assert found["repeats_finished_per_second", ""] == pytest.approx(1 / 60)
    assert found["process_resident_memory_bytes", ""] > 0


def test_a_store_that_is_away_is_a_number_and_the_rest_is_left_out(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnreachable("away")

    with filled(sqlite_url) as store, site(store) as client:
        monkeypatch.setattr(store.activity, "gauges", away)
        found = numbers(client.get("/metrics").text)
    assert found["repeats_store_up", ""] == 0
    assert not any(name == "repeats_jobs" for name, _ in found)


def test_the_dashboard_and_the_docs_name_metrics_that_there_are(sqlite_url: str) -> None:
    """And the docs name each of them."""
    registry = CollectorRegistry()
    Counted(registry)
    with filled(sqlite_url) as store, site(store) as client:
        text = client.get("/metrics").text + generate_latest(registry).decode()
    families = {family.name for family in text_string_to_metric_families(text)}
    there = {name for name in families if name.startswith("repeats_") and not name.endswith("_created")}
    there |= {"repeats_leases_expired"}  # none has run out here
    for file in ("deploy/grafana/repeats.json", "docs/operations.md"):
        named = set(re.findall(r"repeats_[a-z_]+", (ROOT / file).read_text()))
        assert {re.sub("_(total|bucket)$", "", name) for name in named} - there == set(), file
    docs = (ROOT / "docs/operations.md").read_text()
    assert {name for name in there if name not in docs} == set()
