"""Ctrl-C at random moments of a command's start: `python -m benchmarks starts [--count 2000] [--seed N]`.

Each of `scheduler run`, `submit --wait`, `serve`, `watch`, `status`, `report`, `worker` and `worker --until-empty` is
started again and again and gets SIGINT, sometimes twice, sometimes with its children, once it has used a random amount
of CPU time: the modules that it imports by then differ. It must end with 130, or with 0 where it was done before or
where Ctrl-C is how it is meant to end, without a traceback and without hanging. What meets Python before the command's
first line, in less CPU time than an empty program takes, is counted apart: nobody can answer it. `--processes N` tries
so many at once. Exits with 1 if any other start ends differently.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from store import open_store
from tests.servers import Postgres, Valkey

ROOT = Path(__file__).parents[2]
GRID = """
name: {name}
series: shampoo
test: 12
training: {{epochs: {epochs}}}
repeats: 4
grid:
  model.units: [1, 2]
"""
#: seconds after which a command that was interrupted hangs
PATIENCE = 120
#: seconds that a command may take to get to the moment at which it is interrupted; a server uses no CPU time any more
REACHED = 30
BEFORE, GOOD, BAD = "before the first line", "good", "bad"


@dataclass(frozen=True, slots=True)
class Kind:
    """A command, and until when in its start it is interrupted."""

    words: str
    #: seconds of CPU time on a core of these machines until it has started
    cpu: float
    #: exit codes beside 130
    also: tuple[int, ...] = (0,)


#: {sqlite} is a store with a study in it, {postgres} one that workers and clients of Redis share
KINDS = (
    Kind("scheduler run new.yaml --workers 1 --store sqlite:///{name}.db", 2.5),
    Kind("scheduler submit new.yaml --wait", 2.5, also=()),
    Kind("scheduler serve --port 0 --store {postgres}", 2.5),
    Kind("scheduler watch", 1.5),
    Kind("scheduler status done --store {sqlite}", 0.9),
    Kind("scheduler report done --html page.html --store {sqlite}", 3.0),
    Kind("worker", 2.0),
    Kind("worker --until-empty --store {sqlite}", 6.0),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How one start ended."""

    kind: Kind
    cpu: float
    code: int | str
    judged: str
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where commands are started, and what they find there."""

    folder: Path
    postgres: str
    broker: str
    #: CPU seconds of a program that does nothing
    empty: float

    def env(self, kind: Kind) -> dict[str, str]:
        """Return the environment of a command."""
        clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        clean |= {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "2"}
        shared = "--store" not in kind.words
        return clean | ({"DATABASE_URL": self.postgres, "BROKER_URL": self.broker} if shared else {})


@contextmanager
def place() -> Iterator[Place]:
    """Start the servers, and make a store with a study that is done."""
    postgres, valkey = Postgres(), Valkey()
    with tempfile.TemporaryDirectory(prefix="starts", dir="/tmp") as folder:
        try:
            postgres.start()
            valkey.start()
            url = postgres.create("starts")
            open_store(url, create=True).close()
            made = Path(folder)
            (made / "done.yaml").write_text(GRID.format(name="done", epochs=2), encoding="utf-8")
            done = [*_python("scheduler"), "run", "done.yaml", "--store", f"sqlite:///{made}/done.db"]
            subprocess.run(done, cwd=made, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
            yield Place(made, url, valkey.url, _empty())
        finally:
            postgres.close()
            valkey.close()


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def _empty() -> float:
    """Return the CPU seconds of a program that does nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import runpy, signal"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def interrupted(kind: Kind, where: Place, number: str, dice: random.Random) -> Ended:
    """Start a command once, interrupt it, and judge how it ends."""
    folder = where.folder / number
    folder.mkdir()
    (folder / "new.yaml").write_text(GRID.format(name=f"new-{number}", epochs=2000), encoding="utf-8")
    names = {"sqlite": f"sqlite:///{where.folder}/done.db", "postgres": where.postgres, "name": "new"}
    module, *words = kind.words.format(**names).split()
    moment = dice.uniform(where.empty, kind.cpu) * dice.choice([0.3, 0.3, 1])
    with (folder / "said").open("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [*_python(module), *words],
            cwd=folder,
            env=where.env(kind),
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a call of the system
        )
        used = _reach(process, moment)
        code = _interrupt(process, dice)
        said.seek(0)
        text = said.read()
    return Ended(kind, used, code, _judge(kind, where, used, code, text), text)


def _reach(process: subprocess.Popen[bytes], moment: float) -> float:
    """Wait until a process has used so much CPU time; return how much it has."""
    used, began = 0.0, time.monotonic()
    with suppress(psutil.NoSuchProcess):
        watched = psutil.Process(process.pid)
        while used < moment and process.poll() is None and time.monotonic() - began < REACHED:
            used = sum(watched.cpu_times()[:2])
            time.sleep(0.004)
    return used


def _interrupt(process: subprocess.Popen[bytes], dice: random.Random) -> int | str:
    """Send SIGINT, and return the exit code."""
    send = dice.choice([os.kill, os.killpg])
    for _ in range(dice.choice([1, 1, 1, 2])):
        if process.poll() is None:
            send(process.pid, signal.SIGINT)
            time.sleep(dice.random() * 0.2)
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return "hangs"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _judge(kind: Kind, where: Place, used: float, code: int | str, said: str) -> str:
    whole = not any(word in said for word in ("Traceback", "Exception ignored", "Fatal Python error"))
    if whole and code in {130, *kind.also}:
        return GOOD
    frames = re.findall(rf'File "{ROOT}/(scheduler|worker|store)/(\S+)"', said)
    ours = any(file not in {"__init__.py", "__main__.py"} for _, file in frames)
    early = not ours and used < 2 * where.empty
    return BEFORE if early and code in {-signal.SIGINT, 1} else BAD


def table(ends: list[Ended]) -> str:
    """Return how the starts of each command ended, as Markdown."""
    columns = ("130", "0", "other", BEFORE, BAD)
    lines = [f"| command | starts | {' | '.join(columns)} |", "|---|---:|" + "---:|" * len(columns)]
    for kind in [*KINDS, None]:
        chosen = [one for one in ends if kind in {one.kind, None}]
        counts = Counter(_column(one) for one in chosen)
        command = kind.words.split(" --store")[0] if kind else "all"
        lines.append(f"| {command} | {len(chosen)} | {' | '.join(str(counts[name]) for name in columns)} |")
    return "\n".join(lines)


def _column(end: Ended) -> str:
    if end.judged != GOOD:
        return end.judged
    return str(end.code) if end.code in {0, 130} else "other"


def main() -> None:
    """Start and interrupt commands, and print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="starts in all [default: 200]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="starts at once [default: 2]")
    parser.add_argument("--command", default="", help="start only commands that begin with this word")
    parser.add_argument("--small", action="store_true", help="16 starts")
    parser.add_argument("--full", action="store_true", help="2,000 starts")
    asked = parser.parse_args()
    count = 16 if asked.small else 2000 if asked.full else asked.count
    kinds = [kind for kind in KINDS if kind.words.startswith(asked.command)]
    ends: list[Ended] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    with place() as where, ThreadPoolExecutor(asked.processes) as pool:

        def start(number: int) -> None:
            dice = random.Random(f"{asked.seed} {number}")
            ends.append(one := interrupted(kinds[number % len(kinds)], where, f"{asked.seed}-{number}", dice))
            if one.judged == BAD:
                print(f"{one.kind.words}: {one.code} after {one.cpu:.2f} CPU s\n{one.said[-3000:]}", flush=True)
            if len(ends) % 100 == 0:
                print(f"{len(ends)} starts, {sum(one.judged == BAD for one in ends)} bad", flush=True)

        try:
            list(pool.map(start, range(count)))
        finally:
            pool.shutdown(cancel_futures=True)
            print(
                f"\n{table(ends)}\n\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, seed {asked.seed}",
                flush=True,
            )
    sys.exit(any(one.judged == BAD for one in ends))


if __name__ == "__main__":
    main()
