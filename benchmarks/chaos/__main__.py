"""Faults while studies train, and whether anything was lost: `python -m benchmarks chaos [--seed N] [--faults 1000]`.

Studies are trained by Celery and by `scheduler run`, on Postgres and on SQLite, by a stand-in and by the engine, one
after the other until so many faults have happened. The oracle wants every repeat done once, with the bits of its seed,
the right summaries, and nothing stuck, with the default `max_attempts`. The table has the time from a fault until
a further repeat was done, and until all that were in training at that moment had ended: both include the outage itself
and whatever the next faults do.
`--setting WORD` trains only in the settings whose name has it, `--list` names settings and faults, `--keep` keeps the
logs. Exits with 1 if the oracle finds anything. The seed decides which faults come in which order; when exactly they
meet the workers is up to the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.chaos.faults import FAULTS, Fault
from benchmarks.chaos.oracle import Verdict, judge
from benchmarks.chaos.scene import SETTINGS, Scene, Servers, Setting

#: faults that meet one study at most
PER_STUDY = 20
#: seconds after the last fault and the last end of a repeat after which a study is stuck: TensorFlow takes a minute to
#: load where many processes share a core
PATIENCE = 300.0


@dataclass(slots=True)
class Happened:
    """A fault that happened, and what it may have held up."""

    name: str
    since: float
    #: the repeats that were in training, and how many had ended
    in_training: set[int]
    ended: int
    #: whether a further repeat has ended since
    onward: bool = False


@dataclass(slots=True)
class Campaign:
    """What has happened so far."""

    dice: random.Random
    faults: int
    folder: Path
    servers: Servers
    happened: int = 0
    #: seconds from each fault until a further repeat was done, and until those in training had ended
    onward: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    recovery: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    verdicts: list[Verdict] = field(default_factory=list)

    def study(self, setting: Setting) -> None:
        """Train one study while faults happen, and judge it."""
        number = len(self.verdicts) + 1
        scene = Scene.open(setting, self.servers, self.folder / f"study_{number}", self.dice)
        began, before = time.monotonic(), self.happened
        try:
            stuck = not self._trained(scene)
            if stuck:
                scene.end()  # what is judged must not change meanwhile
            self._mend(scene)
            verdict = judge(scene)
        finally:
            scene.close()
        if stuck and not verdict.stuck:
            verdict.words.append("all repeats have ended, and whoever waits for them was not told")
        self.verdicts.append(verdict)
        print(
            f"{number:3d}  {setting.name:30s}  {self.happened - before:3d} faults  {scene.total} repeats  "
            f"{time.monotonic() - began:5.0f} s  lost {verdict.lost}, doubled {verdict.doubled}, other bits "
            f"{verdict.other_bits}, stuck {verdict.stuck}{''.join(f'; {word}' for word in verdict.words)}",
            flush=True,
        )

    def _trained(self, scene: Scene) -> bool:
        """Let faults happen until the study is done; return False if it gets stuck."""
        here, next_fault = 0, 0.0
        open_: list[Happened] = []
        seen, changed = set[int](), time.monotonic()
        fitting = [fault for fault in FAULTS if fault.fits(scene.setting)]
        while not scene.done:
            scene.keep()
            ended = scene.ended()
            if ended is not None and ended != seen:
                seen, changed = ended, time.monotonic()
            open_ = [one for one in open_ if not self._recovered(one, seen)]
            if time.monotonic() - changed > PATIENCE:
                return False
            more = here < PER_STUDY and self.happened < self.faults and 0 < len(seen) < scene.total
            if more and time.monotonic() > next_fault:
                fault = self._next(fitting)
                happened = Happened(fault.name, time.monotonic(), scene.running(), len(seen))
                if fault.harm(scene, self.dice):
                    here, self.happened = here + 1, self.happened + 1
                    self.counts[fault.name] += 1
                    open_.append(happened)
                    changed = time.monotonic()
                next_fault = time.monotonic() + self.dice.uniform(0.2, 4)
            time.sleep(0.1)
        seen = scene.ended() or seen
        for one in open_:
            self._recovered(one, seen)
        return True

    def _next(self, fitting: list[Fault]) -> Fault:
        """Draw a fault, the rarest so far more often."""
        weights = [1 / (1 + self.counts[fault.name]) for fault in fitting]
        return self.dice.choices(fitting, weights)[0]

    def _recovered(self, one: Happened, ended: set[int]) -> bool:
        """Note what a fault has held up for how long; return whether nothing is left to wait for."""
        seconds = time.monotonic() - one.since
        if not one.onward and len(ended) > one.ended:
            one.onward = True
            self.onward[one.name].append(seconds)
        if one.in_training and one.in_training <= ended:
            self.recovery[one.name].append(seconds)
            one.in_training = set()
        return one.onward and not one.in_training

    def _mend(self, scene: Scene) -> None:
        """Do what is still to be done later, and wait until the servers answer."""
        for _, action in scene.later:
            action()
        scene.later = []
        self.servers.postgres.start()
        self.servers.valkey.start()

    def table(self) -> str:
        """Return the faults that happened, and how long it took to recover, as Markdown."""
        head = "| fault | times | next repeat done after: median | longest | those in training done: median | longest |"
        lines = [head, "|---|---:|---:|---:|---:|---:|"]
        for fault in FAULTS:
            if count := self.counts[fault.name]:
                times = [*_times(self.onward[fault.name]), *_times(self.recovery[fault.name])]
                lines.append(f"| {fault.name} | {count} | {' | '.join(times)} |")
        return "\n".join(lines)

    def sum(self, seed: int, seconds: float) -> str:
        """Return what was found, in a line."""
        found = {
            "lost": [one.lost for one in self.verdicts],
            "doubled": [one.doubled for one in self.verdicts],
            "other bits": [one.other_bits for one in self.verdicts],
            "stuck": [one.stuck for one in self.verdicts],
        }
        return (
            f"{self.happened} faults in {len(self.verdicts)} studies, seed {seed}, {seconds / 60:.0f} minutes, "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores: "
            f"{', '.join(f'{name} {sum(counts)}' for name, counts in found.items())}"
        )


def _times(seconds: list[float]) -> list[str]:
    """Return the median and the longest in words."""
    return [f"{statistics.median(seconds):.1f} s", f"{max(seconds):.1f} s"] if seconds else ["-", "-"]


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=100, help="how many in all [default: 100]")
    parser.add_argument("--setting", default="", help="train only in settings whose name has this word")
    parser.add_argument("--list", action="store_true", help="name the settings and the faults, and end")
    parser.add_argument("--keep", action="store_true", help="keep the logs of all processes, and say where")
    parser.add_argument("--small", action="store_true", help="10 faults, one small study by Celery")
    parser.add_argument("--full", action="store_true", help="1,000 faults")
    asked = parser.parse_args()
    asked.faults = 10 if asked.small else 1000 if asked.full else asked.faults
    return asked


def main() -> None:
    """Let the faults happen, and print what the oracle says."""
    asked = options()
    settings = [one for one in SETTINGS if asked.setting.lower() in one.name.lower()]
    if asked.small:
        settings = [replace(SETTINGS[0], repeats=40, pack=1)]
    if asked.list or not settings:
        print("\n".join([*(one.name for one in SETTINGS), "", *(one.name for one in FAULTS)]))
        sys.exit(0 if asked.list else 2)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    folder, servers, began = Path(tempfile.mkdtemp(prefix="chaos", dir="/tmp")), Servers.start(), time.monotonic()
    campaign = Campaign(random.Random(asked.seed), asked.faults, folder, servers)
    try:
        while campaign.happened < asked.faults:
            campaign.study(settings[len(campaign.verdicts) % len(settings)])
    finally:  # what was found is said, too, when somebody ends it
        print(f"\n{campaign.table()}\n\n{campaign.sum(asked.seed, time.monotonic() - began)}", flush=True)
        servers.close()
        if asked.keep:
            print(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(not all(verdict.good for verdict in campaign.verdicts))


if __name__ == "__main__":
    main()
