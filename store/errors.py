"""Everything that may go wrong, and what to do about it.

PipelineError                 one clear line for the user, exit code 1
├── UsageError                wrong usage: exit code 2
│   ├── GridError             a grid file with mistakes (all of them, each with its line)
│   └── SeriesError           a CSV file with mistakes (all of them, each with its line)
├── StoreError                the database
│   ├── StoreUnreachable      no database there, or it cannot be opened or written
│   ├── StoreVersionError     a store of another version of this project, or not a store at all
│   └── NotFound              no such experiment, series, configuration
├── BrokerUnreachable         Redis is not there
└── TrainingError             a pack could not be trained

A message has the value that was given, the place, what is allowed and the next step.
"""

from __future__ import annotations

from collections.abc import Sequence


class PipelineError(Exception):
    """Something went wrong that the user can act on; its text is the whole message."""

    exit_code = 1


class UsageError(PipelineError):
    """The command, the grid or the series is wrong; nothing was done."""

    exit_code = 2


class Mistakes(UsageError):
    """Several mistakes found at once, one a line."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class GridError(Mistakes):
    """A grid file has mistakes; each says file, line, what was given and what is allowed."""


class SeriesError(Mistakes):
    """A series cannot be used; each mistake says file, line and what is wrong."""


class StoreError(PipelineError):
    """The results store refused."""


class StoreUnreachable(StoreError):
    """The database cannot be reached, opened or written."""


class StoreVersionError(StoreError):
    """The database was made by another version, or is not a results store."""


class NotFound(StoreError):
    """There is no such experiment, configuration or series in this store."""


class BrokerUnreachable(PipelineError):
    """Redis cannot be reached."""


class TrainingError(PipelineError):
    """A pack could not be trained, and why."""
