"""Holds the runs of all servers; computes medians, the ratios of two servers, and the interval of a median."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import comb

from bench.documents import OURS
from bench.load import Run

OUTSIDE = 0.05
"""The greatest chance that an interval misses the median: 1 less the usual 95 %."""


@dataclass
class Measured:
    """All runs, by workload, connections and server; one for each round, in the order of the rounds."""

    runs: defaultdict[tuple[str, int, str], list[Run]] = field(default_factory=lambda: defaultdict(list))
    peaks: dict[str, int] = field(default_factory=dict)

    def median(self, workload: str, connections: int, server: str, measure: str) -> float:
        values: list[float] = [getattr(run, measure) for run in self.runs[workload, connections, server]]
        return statistics.median(values)

    def ratios(self, workload: str, connections: int, peer: str, measure: str = "rate") -> list[float]:
        """Divide a measure of ours by a peer's, round by round."""
        ours, theirs = (self.runs.get((workload, connections, each), []) for each in (OURS, peer))
        pairs = [(getattr(mine, measure), getattr(other, measure)) for mine, other in zip(ours, theirs, strict=False)]
        return [mine / other for mine, other in pairs if other]


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Compute the exact 95 % interval of the median by order statistics, which is the sign test inverted.

    It assumes nothing about the distribution. Fewer than six values give none.
    """
    count, ordered = len(values), sorted(values)
    tails = accumulate(comb(count, number) for number in range(count))
    rank = sum(2 * tail <= OUTSIDE * 2**count for tail in tails)
    return (ordered[rank - 1], ordered[count - rank]) if rank else None
