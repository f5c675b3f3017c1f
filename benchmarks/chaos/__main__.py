"""Faults while studies train, and whether anything was lost: `python -m benchmarks chaos [--seed N] [--faults 1000]`.

Studies are trained by Celery and by `scheduler run`, on Postgres and on SQLite, by a stand-in and by the engine, one
after the other until so many faults have happened. The oracle wants every repeat done once, with the bits of its seed,
the right summaries, and nothing stuck, with the default `max_attempts`. The table has the time from a fault until
a further repeat was done, and until all that were in training at that moment had ended: both include the outage itself
and whatever the next faults do.
`--results FILE` keeps each study as a line of JSON and goes on after those in it, for campaigns in pieces; `--sum FILE
...` prints the table of several such files. `--setting WORD` trains only in the settings whose name has it, `--list`
names settings and faults, `--keep` keeps the logs. Exits with 1 if the oracle finds anything. The seed decides which
faults come in which order; when exactly they meet the workers is up to the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.chaos.faults import FAULTS, Fault
from benchmarks.chaos.oracle import Verdict, judge
from benchmarks.chaos.record import StudyRecord, read_records, summary, table
from benchmarks.chaos.scene import SETTINGS, Scene, Servers, Setting

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

    seed: int
    faults: int
    folder: Path
    servers: Servers
    #: faults that meet one study at most
    per_study: int = 20
    #: a file that each study is added to
    results: Path | None = None
    records: list[StudyRecord] = field(default_factory=list)

    @property
    def happened(self) -> int:
        """Faults in studies that were judged."""
        return sum(len(one.faults) for one in self.records if one.verdict)

    def study(self, setting: Setting) -> None:
        """Train one study while faults happen, and judge it."""
        number = len(self.records) + 1
        # each study has dice of its own, so that a campaign that goes on later throws the same
        dice = random.Random(f"{self.seed} {number}")
        record = StudyRecord(setting.name, self.seed, number, 4 * setting.repeats, setting.real)
        began = time.monotonic()
        try:
            record.verdict = self._judged(
                Scene.open(setting, self.servers, self.folder / f"study_{number}", dice), record
            )
        finally:
            record.seconds, record.load = time.monotonic() - began, os.getloadavg()[0]
            self.records.append(record)
            if self.results:
                record.append(self.results)
            print(record.line(), flush=True)

    def _judged(self, scene: Scene, record: StudyRecord) -> Verdict:
        try:
            stuck = not Trial(scene, record, min(self.per_study, self.faults - self.happened), self.records).trained()
            if stuck:
                scene.end()  # what is judged must not change meanwhile
            self._mend(scene)
            verdict = judge(scene)
        finally:
            scene.close()
        if stuck and not verdict.stuck:
            verdict.words.append("all repeats have ended, and whoever waits for them was not told")
        return verdict

    def _mend(self, scene: Scene) -> None:
        """Do what is still to be done later, and wait until the servers answer."""
        for _, action in scene.later:
            action()
        scene.later = []
        self.servers.postgres.start()
        self.servers.valkey.start()


class Trial:
    """The faults that happen to one study."""

    def __init__(self, scene: Scene, record: StudyRecord, most: int, before: list[StudyRecord]) -> None:
        """Prepare.

        Args:
            scene: the study.
            record: where what happens is noted.
            most: how many faults may happen.
            before: the studies until now; what was rare in them comes more often.
        """
        self._scene, self._record, self._most = scene, record, most
        self._counts = Counter(name for one in before for name in one.faults)
        self._fitting = [fault for fault in FAULTS if fault.fits(scene.setting)]
        self._open: list[Happened] = []
        self._next_fault = 0.0

    def trained(self) -> bool:
        """Let faults happen until the study is done; return False if it gets stuck."""
        seen, changed = set[int](), time.monotonic()
        while not self._scene.done:
            self._scene.keep()
            ended = self._scene.ended()
            if ended is not None and ended != seen:
                seen, changed = ended, time.monotonic()
            self._note_recovered(seen)
            if time.monotonic() - changed > PATIENCE:
                return False
            if len(self._record.faults) < self._most and 0 < len(seen) < self._scene.total and self._happens(seen):
                changed = time.monotonic()
            time.sleep(0.1)
        self._note_recovered(self._scene.ended() or seen)
        return True

    def _happens(self, ended: set[int]) -> bool:
        """Let a fault happen if it is time for one; return whether it did harm."""
        if time.monotonic() < self._next_fault:
            return False
        fault = self._draw()
        happened = Happened(fault.name, time.monotonic(), self._scene.running(), len(ended))
        harmed = fault.harm(self._scene, self._scene.dice)
        if harmed:
            self._record.faults.append(fault.name)
            self._open.append(happened)
        self._next_fault = time.monotonic() + self._scene.dice.uniform(0.2, 4)
        return harmed

    def _draw(self) -> Fault:
        """Draw a fault, the rarest so far more often."""
        counts = self._counts + Counter(self._record.faults)
        weights = [1 / (1 + counts[fault.name]) for fault in self._fitting]
        return self._scene.dice.choices(self._fitting, weights)[0]

    def _note_recovered(self, ended: set[int]) -> None:
        self._open = [one for one in self._open if not self._recovered(one, ended)]

    def _recovered(self, one: Happened, ended: set[int]) -> bool:
        """Note what a fault has held up for how long; return whether nothing is left to wait for."""
        seconds = round(time.monotonic() - one.since, 2)
        if not one.onward and len(ended) > one.ended:
            one.onward = True
            self._record.onward.setdefault(one.name, []).append(seconds)
        if one.in_training and one.in_training <= ended:
            self._record.recovery.setdefault(one.name, []).append(seconds)
            one.in_training = set()
        return one.onward and not one.in_training


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=100, help="how many in all [default: 100]")
    parser.add_argument("--per-study", type=int, default=20, help="faults that meet one study at most [default: 20]")
    parser.add_argument("--setting", default="", help="train only in settings whose name has this word")
    parser.add_argument("--list", action="store_true", help="name the settings and the faults, and end")
    parser.add_argument("--keep", action="store_true", help="keep the logs of all processes, and say where")
    parser.add_argument("--results", type=Path, help="add each study to this file, and go on after those in it")
    parser.add_argument("--sum", type=Path, nargs="+", metavar="FILE", help="print the table of such files, and end")
    parser.add_argument("--small", action="store_true", help="10 faults, one small study by Celery")
    parser.add_argument("--full", action="store_true", help="1,000 faults")
    asked = parser.parse_args()
    asked.faults = 10 if asked.small else 1000 if asked.full else asked.faults
    return asked


def main() -> None:
    """Let the faults happen, and print what the oracle says."""
    asked = options()
    if asked.sum:
        records = read_records(asked.sum)
        print(f"{table(records)}\n\n{summary(records)}")
        sys.exit(not _good(records))
    settings = [one for one in SETTINGS if asked.setting.lower() in one.name.lower()]
    if asked.small:
        settings = [replace(SETTINGS[0], repeats=40, pack=1)]
    if asked.list or not settings:
        print("\n".join([*(one.name for one in SETTINGS), "", *(one.name for one in FAULTS)]))
        sys.exit(0 if asked.list else 2)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    before = read_records([asked.results]) if asked.results and asked.results.exists() else []
    folder, servers = Path(tempfile.mkdtemp(prefix="chaos", dir="/tmp")), Servers.start()
    campaign = Campaign(asked.seed, asked.faults, folder, servers, asked.per_study, asked.results, before)
    try:
        while campaign.happened < asked.faults:
            campaign.study(settings[len(campaign.records) % len(settings)])
    finally:  # what was found is said, too, when somebody ends it
        print(f"\n{table(campaign.records)}\n\n{summary(campaign.records)}", flush=True)
        servers.close()
        if asked.keep:
            print(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(not _good(campaign.records))


def _good(records: list[StudyRecord]) -> bool:
    return all(one.verdict is None or one.verdict.good for one in records)


if __name__ == "__main__":
    main()
