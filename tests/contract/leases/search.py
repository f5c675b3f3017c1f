"""The search: every step from every state up to a depth, by the model and by the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations

from store import Store
from tests.contract.leases.model import (
    MAX_ATTEMPTS,
    MAX_LOSSES,
    OPEN,
    WORKERS,
    Job,
    State,
    Step,
    start,
    steps,
    take,
)
from tests.contract.leases.real import RealStore


class Broken(AssertionError):
    """The store and the model differ, or an invariant does not hold; the message has the steps that lead there."""


@dataclass(slots=True)
class Explored:
    """What a search has seen."""

    depth: int = 0
    states: int = 1
    transitions: int = 0
    #: how many orders of steps of just this length that covers
    orders: int = 1
    by_step: Counter[str] = field(default_factory=Counter)
    #: whether no new state was left, so that every longer order is covered, too
    complete: bool = False


class Search:
    """A breadth-first search through the states of some jobs of one experiment."""

    def __init__(self, store: Store, *, jobs: int = 2, pack: int = 2, restarts: bool = False) -> None:
        self._real = RealStore(store, jobs=jobs, pack=pack, restarts=restarts)
        self._pack, self._restarts = pack, restarts
        first = start(jobs, pack)
        #: each state that was reached, and the one before it
        self._seen: dict[State, State | None] = {first: None}
        #: where each step leads from each state that was searched
        self._edges: dict[State, Counter[State]] = {}
        self._frontier = [first]
        #: by how many orders of steps each state is reached at the present depth
        self._orders = Counter([first])
        self.explored = Explored()

    def run(self, depth: int, look: Callable[[Explored], None] = lambda _: None) -> Explored:
        """Search to a depth, and return what was seen; `look` is called after each depth.

        Raises:
            Broken: the store does not do what the model does, or an invariant does not hold.
        """
        while self.explored.depth < depth and not self.explored.complete:
            self._deeper()
            look(self.explored)
        return self.explored

    def close(self) -> None:
        """Close what the search has opened."""
        self._real.close()

    def _deeper(self) -> None:
        following: list[State] = []
        for state in self._frontier:
            self._edges[state] = Counter(self._taken(state, step) for step in steps(state, restarts=self._restarts))
            for after in self._edges[state]:
                if after not in self._seen:
                    self._seen[after] = state
                    following.append(after)
        self._frontier = following
        self._orders = self._one_longer()
        self.explored.depth += 1
        self.explored.states = len(self._seen)
        self.explored.orders = self._orders.total()
        self.explored.complete = not following

    def _one_longer(self) -> Counter[State]:
        longer: Counter[State] = Counter()
        for state, orders in self._orders.items():
            for after, ways in self._edges[state].items():
                longer[after] += orders * ways
        return longer

    def _taken(self, state: State, step: Step) -> State:
        """Take a step in both worlds, and return the state after it, the workers in their canonical order."""
        expected, answer = take(state, step, self._pack)
        self._real.set(state)
        found = self._real.take(step, state)
        there = self._real.read(expected.workers)
        self.explored.transitions += 1
        self.explored.by_step[step.name] += 1
        if (found, there) != (answer, expected):
            raise Broken(self._story(state, step, f"the model: {answer} {expected}\nthe store: {found} {there}"))
        for problem in (*broken(expected), *broken_step(state, expected), *self._stuck(expected)):
            raise Broken(self._story(state, step, problem))
        return canonical(expected)

    def _stuck(self, state: State) -> Iterator[str]:
        """Yield what stays open although every worker dies, every lease runs out and one worker does its duty."""
        after = settled(state, self._pack)
        if after.experiment != "cancelled" and any(job.state in OPEN for job in after.jobs):
            yield f"stuck: {after}"

    def _story(self, state: State, step: Step, problem: str) -> str:
        """Return the states that lead to a problem, the step that shows it, and what it is."""
        told: list[State] = []
        at: State | None = state
        while at is not None:
            told.insert(0, at)
            at = self._seen[at]
        return "\n".join([*map(str, told), str(step), problem])


def settled(state: State, pack: int) -> State:
    """Return what becomes of a state when all workers are lost and a single new one trains whatever waits."""
    state, _ = take(state, Step("settle"), pack)
    for number in range(WORKERS):
        state, _ = take(state, Step("lapse", number), pack)
    state = replace(state, workers=tuple(replace(one, dead=True) for one in state.workers))
    state, _ = take(state, Step("expire"), pack)
    state, _ = take(state, Step("replace", 0), pack)
    for _ in state.jobs:
        state, _ = take(state, Step("claim_next", 0), pack)
        state, _ = take(state, Step("save", 0), pack)
    return state


def broken(state: State) -> Iterator[str]:
    """Yield the invariants that do not hold of a state."""
    for job in state.jobs:
        if (job.state == "done") != (job.results == 1) or job.results > 1:
            yield f"not one result for a job that is done, and none for another: {job}"
        if (job.state == "running") != (job.owner >= 0):
            yield f"running without an owner, or owned and not running: {job}"
        if job.state == "queued" and (job.attempts - job.losses >= MAX_ATTEMPTS or job.losses >= MAX_LOSSES):
            yield f"waiting with its attempts used up: {job}"
        if job.older and (job.owner < 0 or not state.fresh):
            yield f"a claim of before the start of the server, and there is none: {job}"
        if not 0 <= job.losses <= job.attempts or job.pack_limit < 1:
            yield f"attempts, losses or the limit of packs miscounted: {job}"
    if state.experiment == "done" and any(job.state in OPEN for job in state.jobs):
        yield "the experiment is done and its jobs are not"


def broken_step(before: State, after: State) -> Iterator[str]:
    """Yield what a step must never do."""
    for was, now in zip(before.jobs, after.jobs, strict=True):
        if was.state == "done" and now != was:
            yield f"a job that was done has changed: {was} {now}"
        if was.results < now.results and was.owner < 0:
            yield f"a result was saved without a claim: {was}"


def canonical(state: State) -> State:
    """Return the state with its workers in a fixed order: which is which does not matter."""
    return min((_renamed(state, order) for order in permutations(range(WORKERS))), key=_sorting)


def _renamed(state: State, order: tuple[int, ...]) -> State:
    place = {worker: place for place, worker in enumerate(order)} | {-1: -1}
    jobs = tuple(replace(job, owner=place[job.owner]) for job in state.jobs)
    return replace(state, jobs=jobs, workers=tuple(state.workers[worker] for worker in order))


def _sorting(state: State) -> tuple[tuple[Job, ...], list[tuple[bool, list[int]]]]:
    return state.jobs, [(worker.dead, sorted(worker.claim)) for worker in state.workers]
