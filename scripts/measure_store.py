"""What recording costs: the table of docs/store.md. python scripts/measure_store.py [FOLDER]"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from learnloop.store import Claim, Data, Store

STATE, LOSSES = os.urandom(200_000), os.urandom(48 << 20)


def measure(what: str, times: int, job: Callable[[], object]) -> None:
    """Print the median, the least and the most of a job's time, and its processor time."""
    taken, before = [], time.process_time()
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(1e3 * (time.perf_counter() - start))
    processor = 1e3 * (time.process_time() - before) / times
    print(f"{what:60} {median(taken):7.1f} ms ({min(taken):.1f} to {max(taken):.1f}), processor {processor:.1f} ms")


class Recorder:
    """Appends to one run, wherever it is."""

    def __init__(self, store: Store, claim: Claim) -> None:
        self.store, self.id, self.done = store, claim.id, 0

    def append(self, losses: bytes, state: bool = False) -> None:
        """Append losses of four bytes, and a state with what goes with it."""
        self.done += len(losses) // 4
        self.store.append(
            self.id, done=self.done, losses=losses, latest=(self.done, STATE) if state else None,
            digests=[(self.done, "0" * 64)] if state else (), history=[(self.done, {"loss": 0.5})] if state else (),
        )  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        store = Store(Path(folder, "runs.sqlite"))
        data = Data("digest", {"X": os.urandom(1 << 20)})
        with store.create("run", {}, planned=10**9, itemsize=4, data=data, source="int x;\n" * 30_000) as claim:
            run = Recorder(store, claim)
            measure("append of 10 losses", 100, lambda: run.append(bytes(40)))
            measure(
                "append of 1000 losses, a state of 200 kB, a digest, an epoch",
                50,
                lambda: run.append(bytes(4000), True),
            )
            measure("append of 48 MiB of losses", 8, lambda: run.append(LOSSES))
            measure("1000 losses from the middle", 50, lambda: store.losses(run.id, 5_000_000, 5_001_000))
            measure("one entry", 50, lambda: store.entry(run.id))
        size = store.path.stat().st_size
        measure(f"delete {size / 1e6:.0f} MB", 1, lambda: store.delete(run.id))


if __name__ == "__main__":
    main()
