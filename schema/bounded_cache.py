"""The cache of compiled documents, prepared statements and persisted documents: bounded, and the oldest go first."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(OrderedDict[K, V]):
    """A cache of at most `most` entries, whose sizes add up to at most `largest`. Threads may share it.

    The entry used longest ago is dropped first.
    """

    def __init__(self, most: int, largest: int = sys.maxsize) -> None:
        super().__init__()
        self.most = most
        self.largest = largest
        self.size = 0
        self.sizes: dict[K, int] = {}
        self.changing = Lock()

    def recall(self, key: K) -> V | None:
        """Get the cached value of a key, which is then the one used last. Another thread may drop it at any moment."""
        try:
            self.move_to_end(key)
            return self[key]
        except KeyError:
            return None

    def find(self, key: K, make: Callable[[], V]) -> V:
        """Get the cached value of a key, or make and cache it. Nothing is cached where `make` raises."""
        value = self.recall(key)
        if value is None:
            self.put(key, value := make())
        return value

    def put(self, key: K, value: V, size: int = 0) -> None:
        """Cache a value of a size, or a cached value's new size, and drop old entries while there is too much."""
        with self.changing:
            self[key] = value
            self.size += size - self.sizes.pop(key, 0)
            if size:
                self.sizes[key] = size
            while len(self) > self.most or self.size > self.largest:
                oldest, _ = self.popitem(last=False)
                self.size -= self.sizes.pop(oldest, 0)
