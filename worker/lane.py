"""A lane: the place of one job in a pack, as the delivery fills it and the engine trains it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from store import Job
from store.schema.configuration import Configuration


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


@lru_cache(maxsize=256)
def _configuration(params: str) -> Configuration:
    """Read a configuration, which is frozen: the repeats of one share it."""
    return Configuration.model_validate_json(params)
