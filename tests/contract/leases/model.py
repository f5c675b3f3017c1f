"""The reference: what each step of the lease protocol must do, in plain Python without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

WORKERS = 3
MAX_ATTEMPTS = 1
MAX_LOSSES = 3 * MAX_ATTEMPTS

OPEN = {"queued", "running"}


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """What the database says of a job."""

    state: str = "queued"
    #: claims that ended with the job alone, or go on
    attempts: int = 0
    #: those of them in which the worker was lost
    losses: int = 0
    pack_limit: int = 0
    #: 0 where there is none
    pack_size: int = 0
    #: a worker, or -1 for none
    owner: int = -1
    expired: bool = False
    #: claimed before the database's server started, whose first seconds go on: the claim does not run out yet
    older: bool = False
    results: int = 0

    @property
    def swept(self) -> bool:
        """Whether the next sweep takes it from its worker."""
        return self.expired and not self.older


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker believes: the places of the jobs that it claimed; a dead one believes nothing."""

    claim: frozenset[int] = frozenset()
    dead: bool = False

    @property
    def free(self) -> bool:
        """Whether it may claim."""
        return not self.dead and not self.claim


@dataclass(frozen=True, slots=True)
class State:
    """All jobs of one experiment, the experiment's own state, and the workers."""

    jobs: tuple[Job, ...]
    workers: tuple[Worker, ...] = (Worker(),) * WORKERS
    experiment: str = "running"
    #: the first seconds of the database's server
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, the worker who takes it (-1 for anyone), and the jobs of its message."""

    name: str
    worker: int = -1
    jobs: tuple[int, ...] = ()


#: what a step returns to its caller: places of jobs, in order; a number; or whether anything changed
Answer = tuple[int, ...] | int | bool
Outcome = tuple[State, Answer]


def start(jobs: int, pack: int) -> State:
    """Return the state after the submission of an experiment."""
    return State(tuple(Job(pack_limit=pack) for _ in range(jobs)))


def steps(state: State, *, restarts: bool) -> Iterable[Step]:
    """Return the steps that can be taken; `restarts` are those of the database's server."""
    everything = tuple(range(len(state.jobs)))
    messages = [everything, *((one,) for one in everything)]
    for number, worker in enumerate(state.workers):
        if worker.dead:
            yield Step("replace", number)
        elif worker.free:
            yield from (Step("claim", number, message) for message in messages)
            yield Step("claim_next", number)
        else:
            yield from (Step(name, number) for name in ("renew", "release", "fail", "save", "die"))
        if any(job.owner == number and not job.expired for job in state.jobs):
            yield Step("lapse", number)
    yield from (Step(name) for name in ("expire", "cancel", "retry", "resume", "close"))
    if restarts:
        yield Step("settle" if state.fresh else "restart")


def take(state: State, step: Step, pack: int) -> Outcome:
    """Take a step, and return the next state and the answer."""
    if step.name in _OF_A_WORKER:
        return _OF_A_WORKER[step.name](state, step)
    return _OF_ANYONE[step.name](state, pack)


def _with(state: State, jobs: Iterable[Job], **changes: Any) -> State:
    return replace(state, jobs=tuple(jobs), **changes)


def _believes(state: State, number: int, worker: Worker) -> State:
    workers = list(state.workers)
    workers[number] = worker
    return replace(state, workers=tuple(workers))


def _left(job: Job, **changes: Any) -> Job:
    return replace(job, owner=-1, expired=False, older=False, **changes)


def _idle(job: Job, **changes: Any) -> Job:
    return _left(job, pack_size=0, **changes)


def _change(state: State, which: Callable[[int, Job], bool], change: Callable[[Job], Job]) -> tuple[State, list[int]]:
    places = [place for place, job in enumerate(state.jobs) if which(place, job)]
    jobs = [change(job) if place in places else job for place, job in enumerate(state.jobs)]
    return _with(state, jobs), places


def _waiting(state: State, places: Iterable[int]) -> tuple[int, ...]:
    return tuple(place for place in places if state.jobs[place].state == "queued")


def _over(job: Job, *, lost: bool) -> Job:
    """End an attempt: a pack is halved and nobody blamed; a job alone fails when its attempts or losses are used up."""
    if job.pack_size > 1:
        return _idle(job, state="queued", attempts=job.attempts - 1, pack_limit=(job.pack_size + 1) // 2)
    losses = job.losses + lost
    spent = losses >= MAX_LOSSES if lost else job.attempts - job.losses >= MAX_ATTEMPTS
    return _idle(job, state="failed" if spent else "queued", losses=losses)


def _lost(job: Job) -> Job:
    return _over(job, lost=True)


def _grab(state: State, number: int, places: Iterable[int]) -> tuple[State, tuple[int, ...]]:
    """Give waiting jobs to a worker: those with the largest packs first, no more than each of them allows."""
    free = sorted(_waiting(state, places), key=lambda place: (-state.jobs[place].pack_limit, place))
    pack = [place for turn, place in enumerate(free, 1) if turn <= state.jobs[place].pack_limit]

    def claimed(job: Job) -> Job:
        attempts = job.attempts + 1
        return replace(job, state="running", attempts=attempts, pack_size=len(pack), owner=number, expired=False)

    after, taken = _change(state, lambda place, _: place in pack, claimed)
    return _believes(after, number, Worker(frozenset(taken))), tuple(taken)


def _claim(state: State, step: Step) -> Outcome:
    after, taken = _grab(state, step.worker, step.jobs)
    if taken:
        return after, taken
    after, lost = _change(state, lambda place, job: place in step.jobs and job.swept, _lost)
    return _grab(after, step.worker, step.jobs) if lost else (state, ())


def _claim_next(state: State, step: Step) -> Outcome:
    queued = _waiting(state, range(len(state.jobs)))
    if not queued:
        after, lost = _change(state, lambda _, job: job.swept, _lost)
        return _claim_next(after, step) if lost else (state, ())
    limit = state.jobs[queued[0]].pack_limit
    busy = len({job.owner for job in state.jobs} - {-1})
    shares = max(1, WORKERS - busy)
    fitting = [place for place in queued if state.jobs[place].pack_limit >= limit]
    count = min(len(fitting), limit * shares)
    most = 1 if limit == 1 else ceil(count / max(shares, ceil(count / limit)))
    return _grab(state, step.worker, fitting[:most])


def _renew(state: State, step: Step) -> Outcome:
    claim = state.workers[step.worker].claim
    return _change_owned(state, step, lambda job: replace(job, expired=False), claim)


def _change_owned(
    state: State, step: Step, change: Callable[[Job], Job], claim: frozenset[int] = frozenset()
) -> tuple[State, tuple[int, ...]]:
    """Change the jobs of a worker's claim that are still its own; afterwards it believes in `claim`."""
    mine = state.workers[step.worker].claim
    after, places = _change(state, lambda place, job: place in mine and job.owner == step.worker, change)
    return _believes(after, step.worker, Worker(claim)), tuple(places)


def _release(state: State, step: Step) -> Outcome:
    return _change_owned(state, step, lambda job: _idle(job, state="queued", attempts=job.attempts - 1))


def _fail(state: State, step: Step) -> Outcome:
    after, places = _change_owned(state, step, lambda job: _over(job, lost=False))
    return after, _waiting(after, places)


def _save(state: State, step: Step) -> Outcome:
    # The size of the pack is kept for whoever asks.
    return _change_owned(state, step, lambda job: _left(job, state="done", results=job.results + 1))


def _die(state: State, step: Step) -> Outcome:
    return _believes(state, step.worker, Worker(dead=True)), ()


def _replace(state: State, step: Step) -> Outcome:
    after, places = _change(state, lambda _, job: job.owner == step.worker, _lost)
    return _believes(after, step.worker, Worker()), _waiting(after, places)


def _lapse(state: State, step: Step) -> Outcome:
    after, _ = _change(state, lambda _, job: job.owner == step.worker, lambda job: replace(job, expired=True))
    return after, ()


def _expire(state: State, _pack: int) -> Outcome:
    after, places = _change(state, lambda _, job: job.swept, _lost)
    return after, _waiting(after, places)


def _cancel(state: State, _pack: int) -> Outcome:
    after, places = _change(state, lambda _, job: job.state in OPEN, lambda job: _idle(job, state="cancelled"))
    return replace(after, experiment="cancelled"), len(places)


def _queue_again(state: State, ended: str, pack: int) -> tuple[State, list[int]]:
    def again(job: Job) -> Job:
        return _idle(job, state="queued", attempts=0, losses=0, pack_limit=pack)

    return _change(state, lambda _, job: job.state == ended, again)


def _retry(state: State, pack: int) -> Outcome:
    after, places = _queue_again(state, "failed", pack)
    return replace(after, experiment="running") if places else state, tuple(places)


def _resume(state: State, pack: int) -> Outcome:
    if state.experiment == "cancelled":
        after, _ = _queue_again(state, "cancelled", pack)
        return replace(after, experiment="running"), True
    return state, False


def _close(state: State, _pack: int) -> Outcome:
    done = state.experiment == "running" and not any(job.state in OPEN for job in state.jobs)
    return (replace(state, experiment="done"), True) if done else (state, False)


def _restart(state: State, _pack: int) -> Outcome:
    after, _ = _change(state, lambda _, job: job.owner >= 0, lambda job: replace(job, older=True))
    return replace(after, fresh=True), ()


def _settle(state: State, _pack: int) -> Outcome:
    after, _ = _change(state, lambda _, job: job.older, lambda job: replace(job, older=False))
    return replace(after, fresh=False), ()


_OF_A_WORKER: dict[str, Callable[[State, Step], Outcome]] = {
    "claim": _claim,
    "claim_next": _claim_next,
    "renew": _renew,
    "release": _release,
    "fail": _fail,
    "save": _save,
    "die": _die,
    "replace": _replace,
    "lapse": _lapse,
}
_OF_ANYONE: dict[str, Callable[[State, int], Outcome]] = {
    "expire": _expire,
    "cancel": _cancel,
    "retry": _retry,
    "resume": _resume,
    "close": _close,
    "restart": _restart,
    "settle": _settle,
}
