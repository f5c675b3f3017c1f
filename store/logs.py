"""Logs: lines for people on stderr or, with LOG_FORMAT=json, one JSON object a line for programs that collect them."""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime

from store.errors import UsageError

VARIABLE = "LOG_FORMAT"
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
#: what every record has, and is not repeated in the objects
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes a record as one line: time, level, logger, message, what was given as `extra`, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL and not name.startswith("_")}
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(line, default=str, ensure_ascii=False)


def as_json() -> bool:
    """Return whether LOG_FORMAT asks for JSON.

    Raises:
        UsageError: it says neither `text` nor `json`.
    """
    asked = os.environ.get(VARIABLE) or "text"
    if asked not in {"text", "json"}:
        raise UsageError(f"{VARIABLE} is {asked!r}, and must be text or json.")
    return asked == "json"


def log_to_stderr(level: str = "INFO") -> None:
    """Log to stderr, as LOG_FORMAT says.

    Raises:
        UsageError: it says neither `text` nor `json`.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json() else logging.Formatter(PLAIN))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
