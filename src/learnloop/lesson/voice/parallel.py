"""Several utterances at a time, their results in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """What ``work`` makes of each item, in their order; once one fails, none is begun any more.

    >>> list(in_order(abs, [-1, 2, -3], 2))
    [1, 2, 3]
    """
    with ThreadPoolExecutor(workers) as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            for future in begun:
                yield future.result()
        finally:
            for future in begun:
                future.cancel()
