"""Measures how long going to an update takes: random ones of a long recorded run, each verified by a digest.

python scripts/measure_travel.py [UPDATES] [VISITS]
"""

from __future__ import annotations

import sys
import tempfile
import time

import numpy as np

import learnloop as ll
from learnloop.compile import compile_program
from learnloop.train.memory import weights_digest
from learnloop.train.session import engine_of


def main(updates: int, visits: int) -> None:
    """Record a run of the digits, forget everything, and visit it."""
    X, y = ll.datasets.load("digits").standardised()
    store = ll.Store(tempfile.mkdtemp() + "/runs.sqlite")
    ll.train(
        ll.mlp(64, 32, 10), X, y, optimizer=ll.SGD(0.01), epochs=-(-updates // 57), record=store, progress=False
    )  # fmt: skip
    wanted = sorted({int(k) for k in np.random.default_rng(0).integers(0, updates, visits)})
    known = digests(store.load(), wanted)
    run = store.load()
    begin = time.perf_counter()
    run.at(update=0)
    print(f"the first visit, which compiles the glass form: {time.perf_counter() - begin:.2f} s")
    times = []
    for update in np.random.default_rng(1).permutation(wanted).tolist():
        begin = time.perf_counter()
        moment = run.at(update=update)
        times.append(1000 * (time.perf_counter() - begin))
        weights = {p.name: moment.tensor(p.tensor) for p in run.program.parameters}
        if weights_digest(weights) != known[update] or moment.loss != run.losses[update]:
            raise SystemExit(f"update {update} is not what it was")
    print(
        f"{run.updates} updates, {len(times)} random visits, every digest the recomputed one: "
        f"median {np.median(times):.1f} ms, 95th percentile {np.percentile(times, 95):.1f} ms, worst {max(times):.1f} ms"
    )


def digests(run: ll.Run, wanted: list[int]) -> dict[int, str]:
    """SHA-256 of the weights before some updates, from one walk through the run."""
    engine, found = engine_of(run.task, compile_program(run.program), 1), {}
    for update in wanted:
        engine.walk(update)
        found[update] = weights_digest(engine.memory.weights())
    engine.close()
    return found


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else 1_000_000, given[1] if len(given) > 1 else 1000)
