"""A process that computes baselines for another one: `python -m scheduler.statistics.baselines`.

On standard input it reads pickled arguments of `compute_baselines`, and for each it writes the pickled table on
standard output. It ends with its input; Ctrl-C is the other process's to answer. It makes way for the workers, since
the results of a training that runs beside it are wanted first.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys

#: added to the niceness: a tenth of a worker's share
NICE = 10


def main() -> None:
    """Compute what is asked for until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    from scheduler.statistics.baselines.table import compute_baselines

    while True:
        try:
            asked = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(compute_baselines(**asked), answers)
        answers.flush()


if __name__ == "__main__":
    main()
