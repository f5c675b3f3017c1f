"""A made-up experiment in training."""

from __future__ import annotations

from datetime import UTC, datetime

from store import ExperimentState, ExperimentStatus, JobState


def status(done: int = 0, running: int = 0, trained: float = 0.0) -> ExperimentStatus:
    """Return an experiment of 100 repeats."""
    counts = dict.fromkeys(JobState, 0) | {JobState.DONE: done, JobState.RUNNING: running}
    counts[JobState.QUEUED] = 100 - done - running
    return ExperimentStatus(
        id=1,
        name="e",
        state=ExperimentState.RUNNING,
        counts=counts,
        diverged=0,
        configurations=(),
        created=datetime(2026, 1, 1, tzinfo=UTC),
        started=None,
        finished=None,
        trained=trained,
    )
