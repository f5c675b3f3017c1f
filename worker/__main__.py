"""`worker` and `python -m worker`: Ctrl-C is answered before anything that takes time is imported."""

from __future__ import annotations

import os
import signal


def main() -> None:
    """Run the command `worker`."""
    end_at_interrupt()
    from worker.command import main as command

    command()


def end_at_interrupt() -> None:
    """Let Ctrl-C end the process at once until the worker has handlers of its own: it holds nothing before.

    An exception would leave whatever is being imported with a traceback. A process that was started to ignore Ctrl-C
    ignores it still.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))


if __name__ == "__main__":
    main()
