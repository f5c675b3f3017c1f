"""What happened to each study of a campaign: one line of JSON a study, and the table that sums the lines."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.chaos.faults import FAULTS
from benchmarks.chaos.oracle import Verdict

#: ways to train, and whether they are the engine's
_KINDS = (("stand-in", False), ("real training", True))


@dataclass(slots=True)
class StudyRecord:
    """One study: its faults, how long they held it up, and what the oracle said."""

    setting: str
    seed: int
    number: int
    repeats: int
    real: bool
    #: the faults in their order
    faults: list[str] = field(default_factory=list)
    #: seconds from each fault until a further repeat was done, and until those in training had ended
    onward: dict[str, list[float]] = field(default_factory=dict)
    recovery: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    #: processes that wanted a core when the study ended
    load: float = 0.0
    #: None where the study was ended before it was judged
    verdict: Verdict | None = None

    def line(self) -> str:
        """Return what is printed of the study."""
        head = f"{self.number:3d}  {self.setting:30s}  {len(self.faults):3d} faults  {self.repeats} repeats  "
        return f"{head}{self.seconds:5.0f} s  {_found([self])}{''.join(f'; {word}' for word in self._words())}"

    def _words(self) -> list[str]:
        return self.verdict.words if self.verdict else ["not judged"]

    def append(self, path: Path) -> None:
        """Add the study to a file of records."""
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(self)) + "\n")


def read_records(paths: Iterable[Path]) -> list[StudyRecord]:
    """Read files of records."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [_from_json(json.loads(line)) for line in lines]


def _from_json(values: dict[str, object]) -> StudyRecord:
    verdict = values.pop("verdict")
    record = StudyRecord(**values)  # type: ignore[arg-type]
    record.verdict = Verdict(**verdict) if isinstance(verdict, dict) else None
    return record


def table(records: Sequence[StudyRecord]) -> str:
    """Return the faults of studies that were judged, and how long they held up the work, median and longest."""
    waits_of = ("next repeat", "those in training")
    lines = [
        f"| fault | times | {' | '.join(f'{wait}: {name}' for wait in waits_of for name, _ in _KINDS)} |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    judged = [one for one in records if one.verdict]
    for fault in FAULTS:
        times = sum(one.faults.count(fault.name) for one in judged)
        waits = [
            _times([seconds for one in judged if one.real == real for seconds in chosen(one).get(fault.name, [])])
            for chosen in (lambda one: one.onward, lambda one: one.recovery)
            for _, real in _KINDS
        ]
        if times:
            lines.append(f"| {fault.name} | {times} | {' | '.join(waits)} |")
    return "\n".join(lines)


def _times(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s, {max(seconds):.1f} s" if seconds else ""


def summary(records: Sequence[StudyRecord]) -> str:
    """Return what was found: in all studies that were judged, and what was not judged."""
    judged, ended = [one for one in records if one.verdict], [one for one in records if not one.verdict]
    loads = [one.load for one in records] or [0.0]
    by_kind = ", ".join(f"{_faults(one for one in judged if one.real == real)} by {name}" for name, real in _KINDS)
    seeds = ", ".join(map(str, sorted({one.seed for one in judged})))
    lines = [
        f"{_faults(judged)} faults in {len(judged)} studies that were judged ({by_kind}; seeds {seeds}), "
        f"{sum(one.repeats for one in judged):,} repeats, "
        f"{sum(one.seconds for one in judged) / 60:.0f} minutes, "
        f"load {min(loads):.0f} to {max(loads):.0f} on {os.cpu_count()} cores: {_found(judged)}"
    ]
    found = ((one, _bad(one)) for one in judged)
    lines += [f"{one.setting}, seed {one.seed}, study {one.number}: {'; '.join(bad)}" for one, bad in found if bad]
    if ended:
        lines.append(f"{_faults(ended)} faults in {len(ended)} studies that were ended before they were judged")
    return "\n".join(lines)


def _faults(records: Iterable[StudyRecord]) -> int:
    return sum(len(one.faults) for one in records)


def _found(records: Sequence[StudyRecord]) -> str:
    verdicts = [one.verdict for one in records if one.verdict]
    found = {
        "lost": sum(one.lost for one in verdicts),
        "doubled": sum(one.doubled for one in verdicts),
        "other bits": sum(one.other_bits for one in verdicts),
        "stuck": sum(one.stuck for one in verdicts),
    }
    return ", ".join(f"{name} {count}" for name, count in found.items())


def _bad(record: StudyRecord) -> list[str]:
    if record.verdict is None or record.verdict.good:
        return []
    return [_found([record]), *record.verdict.words]
