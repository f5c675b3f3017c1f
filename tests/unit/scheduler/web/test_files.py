"""What can be downloaded of an experiment."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from scheduler.web.files import FILES
from tests.unit.scheduler.web.site import site, trained


@pytest.fixture(scope="module")
def client(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a store with two finished studies, and between them one that lacks a repeat."""
    path = tmp_path_factory.mktemp("files") / "results.db"
    shutil.copyfile(_sqlite_template, path)
    url = f"sqlite:///{path}"
    trained(url).close()
    trained(url, left=1, name="partial", seed=8).close()
    trained(url, name="other", seed=9).close()
    with trained(url, name="windows", seed=10, more="windows: {count: 2}") as store, site(store) as opened:
        yield opened


def test_every_file_is_made(client: TestClient) -> None:
    """Under the name of its experiment, as what it is."""
    for name, file in FILES.items():
        answer = client.get(f"/experiments/trained/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith(file.media)
        assert answer.headers["content-disposition"] == f'attachment; filename="trained-{name}"'
        assert answer.content
    assert client.get("/experiments/trained/nothing.csv").status_code == 404


def test_a_table_is_the_same_in_each_format(client: TestClient) -> None:
    frames = [
        pd.read_csv(io.BytesIO(client.get("/experiments/trained/repeats.csv").content), float_precision="round_trip"),
        pd.read_parquet(io.BytesIO(client.get("/experiments/trained/repeats.parquet").content)),
        pd.DataFrame(json.loads(client.get("/experiments/trained/repeats.json").content)),
    ]
    for frame in frames:
        assert list(frame["seed"]) == list(frames[0]["seed"])
        assert list(frame["test_rmse"]) == pytest.approx(list(frames[0]["test_rmse"]))


def test_while_repeats_are_to_come_nothing_is_compared(client: TestClient) -> None:
    """Every look is a chance to be wrong: one is planned, at the end."""
    answer = client.get("/experiments/partial/comparisons.csv")
    assert answer.status_code == 400
    assert "one look is planned, when all are in" in answer.text
    report = client.get("/experiments/partial/report.json").json()
    assert report["answer"] is None
    assert report["partial"]
    assert all(split["against_baselines"] == [] for split in report["splits"])


def test_two_experiments_are_side_by_side_and_compared_when_both_are_done(client: TestClient) -> None:
    page = client.get("/compare", params={"a": "trained", "b": "3"}).text
    assert 'data-report="/live/compare/1/3"' in page
    both = client.get("/live/compare/1/3").text
    assert both.count('class="facts-line"') == 3
    assert 'id="comparisons"' in both
    early = client.get("/live/compare/1/2").text
    assert "Compared when all repeats are in" in early
    assert 'id="comparisons"' not in early
    assert "two experiments are needed" in client.get("/compare", params={"a": "trained"}).text.lower()


def test_planned_looks_allow_a_ranking_before_all_repeats_are_in(client: TestClient) -> None:
    """At the look that every configuration has reached, and with no baseline."""
    store = client.app.state.hub.reader.store  # type: ignore[attr-defined]
    store.experiments.plan_looks(2, [3, 4])
    assert client.get("/experiments/partial/comparisons.csv").text.startswith("a,b,")
    report = client.get("/experiments/partial/report.json").json()
    assert "1 of 2 planned looks" in " ".join(report["notes"])
    assert all(split["against_baselines"] == [] for split in report["splits"])


def test_configurations_on_several_splits_have_their_own_labels(client: TestClient) -> None:
    """Summaries are over all splits, and a repeat has a row for each, as in the views."""
    summaries = pd.read_csv(io.StringIO(client.get("/experiments/windows/summaries.csv").text))
    assert list(summaries["configuration"]) == ["units=1", "units=2"]
    repeats = pd.read_csv(io.StringIO(client.get("/experiments/windows/repeats.csv").text))
    assert repeats.groupby("configuration")["split"].nunique().to_dict() == {"units=1": 2, "units=2": 2}
