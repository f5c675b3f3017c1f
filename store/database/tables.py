"""The tables as statements use them: only columns and keys.

`migrations/versions` makes them, with the views, the checks and the indexes; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

from store.database.arrays import FloatArray
from store.database.dialects import JsonText, UtcTime
from store.forecast_scores import PLAIN, SCORES

metadata = MetaData()
Id = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself for INTEGER only

series = Table(
    "series",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("columns", JsonText, nullable=False),
    Column("times", JsonText, nullable=False),
    #: row after row
    Column("observations", FloatArray("float64"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

experiments = Table(
    "experiments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    #: the name as submitted
    Column("base_name", Text, nullable=False),
    #: of its configurations and jobs: the same name and digest is the same experiment
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("grid_text", Text, nullable=False),
    Column("grid_file", Text, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("queue", Text, nullable=False),
    Column("pack", Integer),
    Column("max_attempts", Integer, nullable=False),
    Column("git_commit", Text),
    #: what repeats are judged by: one of `SCORES`
    Column("score", Text, nullable=False, server_default="rmse"),
    Column("keeps_weights", Boolean, nullable=False, server_default="FALSE"),
    #: a list of numbers of repeats: where the scores are looked at; NULL where they are looked at once
    Column("looks", JsonText),
    #: what was understood of the files that its series came from: a list of sentences
    Column("series_notes", JsonText, nullable=False, server_default="[]"),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("summarised_at", UtcTime),
)

configurations = Table(
    "configurations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("experiment_id", Id, ForeignKey("experiments.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("axes", JsonText, nullable=False),
    Column("params", JsonText, nullable=False),
    Column("series_hash", Text, ForeignKey("series.content_hash"), nullable=False),
    #: the series and the rows of it that are forecast, in words: only what is of the same splits is compared
    Column("split", Text, nullable=False),
    #: with several splits: the label of the configuration of which this is one of them, and which, from 1
    Column("point", Text, nullable=False, server_default=""),
    Column("place", Integer, nullable=False, server_default="1"),
    #: all its splits, in words
    Column("all_splits", Text, nullable=False, server_default=""),
    UniqueConstraint("experiment_id", "position"),
    UniqueConstraint("experiment_id", "label"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    #: 0, and one more for each `--fresh`
    Column("generation", Integer, nullable=False),
    #: the first configuration that asked for it; others may share it
    Column("configuration_id", Id, ForeignKey("configurations.id"), nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("program", Text, nullable=False),
    #: the version of the numerics in its key: no other trains it
    Column("numerics", Integer, nullable=False),
    Column("queue", Text, nullable=False),
    Column("state", Text, nullable=False),
    #: claims that were neither handed back nor failed with others; losses are those of which the worker was lost
    Column("attempts", Integer, nullable=False),
    Column("losses", Integer, nullable=False, server_default="0"),
    Column("max_attempts", Integer, nullable=False),
    Column("keeps_weights", Boolean, nullable=False, server_default="FALSE"),
    Column("max_pack", Integer, nullable=False),
    #: most jobs of its next pack: `max_pack`, halved when a pack fails
    Column("pack_limit", Integer, nullable=False),
    Column("pack_size", Integer),  # jobs that were claimed together with it
    #: the claim that holds it; results of any other claim are refused
    Column("owner", Text),
    Column("lease_until", UtcTime),
    #: the share of its pack that is trained, from 0 to 1, as of the last renewal of the lease
    Column("progress", Double),
    Column("sent_at", UtcTime),
    Column("sent_first", Boolean, nullable=False, server_default="FALSE"),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    #: of the last failed attempt
    Column("worker", Text),
    Column("error", Text),
    Column("traceback", Text),
    UniqueConstraint("key", "generation"),
)

experiment_jobs = Table(
    "experiment_jobs",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    Column("repeat", Integer, primary_key=True),
    #: the configuration's, for an index of who has a job
    Column("experiment_id", Id, nullable=False),
    Column("job_id", Id, ForeignKey("jobs.id"), nullable=False),
)

scores = Table(
    "scores",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("train_rmse", Double),
    Column("test_rmse", Double),
    *(Column(f"test_{name}", Double) for name in PLAIN[1:]),
    Column("diverged", Boolean, nullable=False),
    Column("seconds", Double, nullable=False),
    #: further scores by name
    Column("scores", JsonText, nullable=False),
    Column("worker", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("numerics", Integer, nullable=False),
    Column("python", Text, nullable=False),
    Column("tensorflow", Text, nullable=False),
    Column("keras", Text, nullable=False),
    Column("numpy", Text, nullable=False),
    Column("git_commit", Text),
)

trajectories = Table(
    "trajectories",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("epochs", Integer, nullable=False),
    Column("every", Integer, nullable=False),
    Column("train_rmse", FloatArray("float32"), nullable=False),
    Column("test_rmse", FloatArray("float32"), nullable=False),
    Column("validation_rmse", FloatArray("float32")),
    #: a power of two that turns the curves into the units of the series: 1 where 32-bit numbers hold these
    Column("factor", Double, nullable=False),
)

forecast_arrays = Table(
    "forecast_arrays",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("steps", Integer, nullable=False),
    Column("horizon", Integer, nullable=False),
    Column("targets", Integer, nullable=False),
    #: step after step, in each horizon after horizon, in each target after target
    Column("observed", FloatArray("float64"), nullable=False),
    Column("forecast", FloatArray("float64"), nullable=False),
)

#: of each target and step of the horizon, both from 1
step_score_rows = Table(
    "step_score_rows",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("target", Integer, primary_key=True),
    Column("step", Integer, primary_key=True),
    *(Column(name, Double) for name in PLAIN),
)

#: of each target over all steps, where there are several targets
target_score_rows = Table(
    "target_score_rows",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("target", Integer, primary_key=True),
    *(Column(name, Double) for name in PLAIN),
)

#: of each target of a configuration, from 1: the errors of the naive forecast that MASE and RMSSE divide by
scale_rows = Table(
    "scale_rows",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    Column("target", Integer, primary_key=True),
    Column("mase_of", Text, nullable=False),
    Column("mae", Double),
    Column("rmse", Double),
)

#: the forecasts of a configuration's repeats, combined to one
ensemble_rows = Table(
    "ensemble_rows",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    #: median, mean or trimmed mean
    Column("combination", Text, primary_key=True),
    Column("repeats", Integer, nullable=False),
    *(Column(name, Double) for name in SCORES),
    #: the interval of the score that the experiment is judged by; NULL where there is none
    Column("low", Double),
    Column("high", Double),
)

#: the median's scores of each target and step of the horizon, where there are several
ensemble_step_rows = Table(
    "ensemble_step_rows",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    Column("target", Integer, primary_key=True),
    Column("step", Integer, primary_key=True),
    *(Column(name, Double) for name in SCORES),
)


#: the highest ids of tables from which rows were deleted: no id is used twice
used_ids = Table(
    "used_ids",
    metadata,
    Column("table_name", Text, primary_key=True),
    Column("highest", BigInteger, nullable=False),
)

#: 1, 2, 3, ...: SQLite's views count the points of a curve with it; Postgres has no need of it
numbers = Table("numbers", metadata, Column("n", Id, primary_key=True))

summary_rows = Table(
    "summary_rows",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    Column("count", Integer, nullable=False),
    *(Column(name, Double) for name in ("mean", "std", "min", "p25", "p50", "p75", "max")),
    Column("diverged", Integer, nullable=False),
)


def _frame(name: str, *columns: Column[Any]) -> Table:
    """Return the table of a frame that is stored for each experiment."""
    return Table(
        name,
        metadata,
        Column("experiment_id", Id, ForeignKey("experiments.id"), primary_key=True),
        *columns,
        Column("position", Integer, nullable=False),  # of the row in its frame
        #: further columns of the frame
        Column("details", JsonText, nullable=False),
    )


comparison_rows = _frame(
    "comparison_rows",
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("over", Text, primary_key=True, server_default="these splits"),  # or beyond
    *(Column(name, Double) for name in ("difference", "low", "high", "p", "p_adjusted", "effect", "probability")),
    Column("test", Text),
    #: NULL in rows of older versions, until they are computed again
    Column("outcome", Text),
    #: the outcome in words
    Column("verdict", Text, nullable=False),
    #: the better one; NULL if neither is shown to be better
    Column("winner", Text),
    #: the interval that holds for all pairs at once
    Column("low_all", Double),
    Column("high_all", Double),
)

baseline_rows = _frame(
    "baseline_rows",
    #: the identity of its split: series, columns and test rows
    Column("split", Text, primary_key=True),
    #: the same in words, as the experiment's configurations have it
    Column("split_name", Text, nullable=False),
    #: the column that is forecast; empty if unknown
    Column("target", Text, primary_key=True),
    Column("baseline", Text, primary_key=True),
    *(Column(name, Double) for name in SCORES),
    #: the naive forecast over whose error MASE and RMSSE are
    Column("mase_of", Text),
)
