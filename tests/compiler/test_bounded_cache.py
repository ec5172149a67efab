"""The cache of compiled documents, prepared statements and persisted documents keeps what was used last."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from schema.bounded_cache import BoundedCache


def test_the_entry_used_longest_ago_goes_first() -> None:
    cache: BoundedCache[int, int] = BoundedCache(3)
    for number in (1, 2, 3, 1, 4):
        assert cache.find(number, lambda number=number: number * 10) == number * 10  # type: ignore[misc]
    assert list(cache.items()) == [(3, 30), (1, 10), (4, 40)]
    assert (cache.recall(2), cache.recall(3)) == (None, 30)
    assert list(cache) == [1, 4, 3]


def test_large_entries_drop_several_and_may_grow() -> None:
    cache: BoundedCache[str, str] = BoundedCache(100, 10)
    for key, size in (("a", 3), ("b", 3), ("c", 4), ("d", 5)):
        cache.put(key, key.upper(), size)
    assert (list(cache), cache.size) == (["c", "d"], 9)
    cache.put("c", "CC", 5)
    assert (list(cache.items()), cache.size) == ([("c", "CC"), ("d", "D")], 10)
    cache.put("d", "DD", 6)
    assert (list(cache), cache.size) == (["d"], 6)
    cache.put("e", "E", 11)
    assert (list(cache), cache.size) == ([], 0)


def test_what_cannot_be_made_is_not_cached() -> None:
    cache: BoundedCache[str, str] = BoundedCache(3)
    with pytest.raises(ZeroDivisionError):
        cache.find("a", lambda: str(1 / 0))
    assert cache.find("a", lambda: "made") == "made"


def test_threads_may_share_it() -> None:
    cache: BoundedCache[int, int] = BoundedCache(50, 1000)

    def use(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(20_000):
            key = chance.randrange(100)
            if cache.recall(key) is None:
                cache.put(key, key, chance.randrange(60))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    assert len(cache) <= 50
    assert cache.size == sum(cache.sizes.values()) <= 1000
    assert cache.sizes.keys() <= cache.keys()
