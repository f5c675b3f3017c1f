"""A lane: the place of one job in a pack, as the delivery fills it and the engine trains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from store import Job, Series
from store.preparation.panels import Member, Together
from store.schema.configuration import Configuration

__all__ = ["Lane", "Together", "Trainable"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """What the engine needs to know of one repeat."""

    job_id: int
    configuration: Configuration
    #: decides the initial weights and the dropout masks
    seed: int
    #: whether the result is to have the weights of the model
    keeps_weights: bool = False

    @classmethod
    def of(cls, job: Job) -> Lane:
        """Read the lane of a claimed job."""
        return cls(
            job_id=job.id,
            configuration=_configuration(job.params),
            seed=job.seed,
            keeps_weights=bool(job.keeps_weights),
        )

    @property
    def series_rows(self) -> str:
        """What decides the rows of its series, as that of a panel has it."""
        return Member.of(self.configuration, trained=True, forecast=True).rows


#: what the lanes of a pack are trained on: one series, the series of each, or those of all of them together
Trainable = Series | Sequence[Series] | Together


@lru_cache(maxsize=256)
def _configuration(params: str) -> Configuration:
    """Read a configuration, which is frozen: the repeats of one share it."""
    return Configuration.model_validate_json(params)
