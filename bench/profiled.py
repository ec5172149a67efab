"""`parley serve` with Python's profiler in it: SIGUSR1 begins to record, SIGUSR2 writes what was recorded to a file.

For `bench/profiling.py`, which gives the file.
"""

from __future__ import annotations

import cProfile
import signal
import sys
from pathlib import Path
from types import FrameType

from api.cli import main


def run(file: Path) -> None:
    recorded = cProfile.Profile()

    def begin(_: int, __: FrameType | None) -> None:
        recorded.enable()

    def end(_: int, __: FrameType | None) -> None:
        recorded.disable()
        recorded.dump_stats(f"{file}.new")
        Path(f"{file}.new").rename(file)

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    sys.argv = ["parley", "serve"]
    main()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
