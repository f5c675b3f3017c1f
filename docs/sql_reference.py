"""`python docs/sql_reference.py > docs/sql.md`: the page of views and tables, from a fresh store and the README."""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

HEAD = """# SQL reference

What a results store has for queries, on SQLite and on Postgres: views for people first, then the tables below them. The
[README](../README.md#sql) has queries to start from. `python docs/sql_reference.py > docs/sql.md` writes this page.

Types are those of SQLite; on Postgres times are `timestamptz`. A score that is not finite is NULL.
"""
TABLES = """## Tables

The views are made of these tables. They may change from version to version, the views keep their columns.
"""
#: types of columns that are expressions, for which SQLite has none; the others are numbers
_EXPRESSIONS = {"worker": "text", "split": "text", "target": "integer", "step": "integer", "horizon": "integer"}
_SCORE = "of this row, in the units of the series"
#: what columns are that the README does not explain one by one
MEANINGS = {
    "experiment": "name of the experiment",
    "configuration": "name of the configuration: its axes with their values",
    "repeat": "number of the repeat, from 0",
    "split": "name of the split",
    "seed": "from which all random numbers of the repeat are drawn",
    "state": "queued, running, done, failed or cancelled",
    "diverged": "whether the training ended in numbers that are not finite; of many, how many did",
    "train_rmse": "RMSE on the training part",
    "test_rmse": "RMSE on the test part",
    "validation_rmse": "RMSE on the validation rows, where there are some",
    "seconds": "time of the pack divided by its repeats",
    "worker": "the process that trained it",
    "attempts": "how often it was begun alone, or with success",
    "error": "why its last attempt failed",
    "finished_at": "when it ended",
    "job": "id in the table `jobs`",
    "test_mae": "mean absolute error on the test part",
    "test_mape": "mean absolute percentage error on the test part",
    "test_smape": "symmetric mean absolute percentage error on the test part",
    "test_mase": "mean absolute scaled error on the test part",
    "test_rmsse": "root mean squared scaled error on the test part",
    "rmse": f"root mean squared error {_SCORE}",
    "mae": f"mean absolute error {_SCORE}",
    "mape": "mean absolute percentage error of this row",
    "smape": "symmetric mean absolute percentage error of this row",
    "mase": "mean absolute scaled error of this row",
    "rmsse": "root mean squared scaled error of this row",
    "count": "finished repeats with a finite score",
    "mean": "mean of the scores",
    "std": "standard deviation of the scores",
    "min": "lowest score",
    "p25": "first quartile of the scores",
    "p50": "median of the scores",
    "p75": "third quartile of the scores",
    "max": "highest score",
    "score": "which score the grid judges by",
    "series": "name of the series",
    "test_from_time": "time of the first observation of the test part",
    "test_to_time": "time of the last observation of the test part",
    "train_from_time": "time of the first observation of the training part",
    "train_to_time": "time of the last observation of the training part",
    "train_from": "first observation of the training part, from 1",
    "train_to": "last observation of the training part",
    "test_from": "first observation of the test part",
    "test_to": "last observation of the test part",
    "a": "a configuration",
    "b": "the configuration that it is compared with",
    "low": "lower end of the 95% interval; in `future`, of the interval of this level",
    "high": "upper end of the interval",
    "low_all": "lower end of the interval that holds for all pairs at once",
    "high_all": "upper end of that interval",
    "p": "p-value of the pair by itself",
    "p_adjusted": "p-value after Holm's correction for all pairs",
    "effect": "difference over the pooled standard deviation",
    "probability": "probability that a repeat of b has a lower score than one of a",
    "test": "the statistical test",
    "baseline": "name of the baseline",
    "target": "the column that is forecast, by name or by number from 1",
    "repeats": "how many repeats it is made of",
    "combination": "median, mean or trimmed mean of their forecasts",
    "step": "place in the forecast, from 1",
    "horizon": "how far ahead, from 1",
    "observed": "what was observed; NULL until it is known",
    "forecast": "what was forecast; in `future`, the experiment that has its repeats",
    "epoch": "number of the epoch, from 1",
    "time": "the moment that is forecast",
    "median": "median of the forecasts of all repeats",
    "level": "level of the interval in percent; NULL without one",
    "parameter": "name of the parameter, as in the grid",
    "value": "its value as text",
    "number": "its value, where it is a number",
}
_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
_COLUMN = re.compile(r"(\w+)(?: (\((?:[^()]|\([^()]*\))*\)))?(?:, |$)")


def views() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the views of the README: the name, what a row is, and what is said of each column."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text[text.index("| view | one row per | columns |") :]
    for name, row, columns in _ROW.findall(table.split("\n\n")[0]):
        each = _COLUMN.findall(columns.partition(", all of these")[0])
        yield name, row, {column: said[1:-1].replace("](docs/", "](") for column, said in each}


def section(database: sqlite3.Connection, name: str) -> list[tuple[str, str]]:
    """Return the columns of a table or view, with their types."""
    rows = database.execute(f"PRAGMA table_info({name})")
    return [(row[1], row[2].lower() or _EXPRESSIONS.get(row[1], "double precision")) for row in rows]


def meaning(column: str, said: str) -> str:
    """Return what a column is: what it is in any view, and what the README says of this one's."""
    known = MEANINGS.get(column, "")
    return f"{known} ({said})" if known and said else known or said


def page(database: sqlite3.Connection) -> str:
    """Return the page."""
    parts = [HEAD]
    for name, row, said in views():
        lines = [f"## {name}", "", f"One row per {row}.", "", "| column | type | meaning |", "|---|---|---|"]
        for column, kind in section(database, name):
            lines.append(f"| `{column}` | {kind} | {meaning(column, said.get(column, ''))} |")
        parts.append("\n".join(lines) + "\n")
    parts.append(TABLES)
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    lines = ["| table | columns |", "|---|---|"]
    for (name,) in database.execute(tables).fetchall():
        lines.append(f"| `{name}` | {', '.join(column for column, _ in section(database, name))} |")
    return "\n".join([*parts, "\n".join(lines)])


def main() -> None:
    """Print the page."""
    from store import open_store

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "results.db")
        open_store(f"sqlite:///{path}", create=True).close()
        database = sqlite3.connect(path)
        try:
            print(page(database))
        finally:
            database.close()


if __name__ == "__main__":
    main()
