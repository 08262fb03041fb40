"""Ends a runner whose Orch is gone: started beside it, waits for standard input to end, then kills the group.

Orch's end of the pipe closes with Orch, however that ends. A byte before it says that the runner has ended.
Run as a script, isolated: `python -I -S guard.py GROUP`.
"""

import os
import signal
import sys


def main() -> None:
    """Waits, and kills the process group that the first argument names."""
    if not os.read(0, 1):
        try:
            os.killpg(int(sys.argv[1]), signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended at the same moment


if __name__ == "__main__":
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    main()
