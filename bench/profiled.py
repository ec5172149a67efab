"""`parley serve` that looks at itself: SIGUSR1 begins to take samples of what runs, SIGUSR2 writes them to a file.

One sample for each millisecond of processor time, so that waiting counts nothing and small functions cost no more than
they do. For `bench/profiling.py`, which gives the file.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from api.cli.main import main

SECONDS = 0.001

Stack = tuple[tuple[str, str], ...]
"""File and function, the innermost first."""


def run(file: Path) -> None:
    samples: Counter[Stack] = Counter()

    def sample(_: int, frame: FrameType | None) -> None:
        samples[stack(frame)] += 1

    def begin(_: int, __: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)

    def end(_: int, __: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(f"{file}.new").write_text(json.dumps(list(samples.items())))
        Path(f"{file}.new").rename(file)

    signal.signal(signal.SIGPROF, sample)
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    sys.argv = ["parley", "serve"]
    main()


def stack(frame: FrameType | None) -> Stack:
    # A function that only begins was called while the signal was on its way: the time was its caller's.
    if frame and frame.f_back and frame.f_lineno == frame.f_code.co_firstlineno:
        frame = frame.f_back
    found = []
    while frame:
        found.append((frame.f_code.co_filename, frame.f_code.co_qualname))
        frame = frame.f_back
    return tuple(found)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
