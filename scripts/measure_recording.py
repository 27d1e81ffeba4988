"""Measures what recording costs: the same training with and without it, interleaved. Prints medians and ratios.

python scripts/measure_recording.py [SECONDS] [REPEATS] [WORKLOAD ...]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import learnloop as ll
from learnloop.bench.workloads import WORKLOADS
from learnloop.rules import OPTIMIZERS

NAMES = tuple(sys.argv[3:]) or ("playground", "digits", "mnist")


def main(seconds: float, repeats: int) -> None:
    """Train each workload for about so long, as often as asked."""
    for workload in (w for name in NAMES for w in WORKLOADS if w.name == name):
        X, y = workload.data()
        network = ll.mlp(*workload.units, activation=workload.activation)
        optimizer = OPTIMIZERS[workload.optimizer](workload.rate / 100)

        def train(epochs: int, record: object, X=X, y=y, w=workload, network=network, optimizer=optimizer) -> ll.Run:
            return ll.train(
                network, X, y, loss=w.loss, optimizer=optimizer, batch_size=w.batch, epochs=epochs, record=record,
                progress=False,
            )  # fmt: skip

        compare(workload.name, train, seconds, repeats)


def compare(name: str, train: Callable[..., ll.Run], seconds: float, repeats: int) -> None:
    """Pairs of trainings, one of them recorded."""
    first = train(20, False)
    epochs = max(1, round(20 * seconds / max(train(20, False).seconds, 1e-6)))
    train(20, tempfile.mkdtemp() + "/runs.sqlite")
    plain, recorded = [], []
    with tempfile.TemporaryDirectory() as folder:
        for k in range(repeats):
            store = Path(folder) / f"{k}.sqlite"
            plain.append(train(epochs, False).seconds)
            run = train(epochs, str(store))
            recorded.append(run.seconds)
            size = store.stat().st_size / 1e6
            store.unlink()
    ratios = sorted(b / a - 1 for a, b in zip(plain, recorded, strict=True))
    print(
        f"{name}: {epochs * first.updates_per_epoch} updates, {statistics.median(plain):.2f} s alone, "
        f"{statistics.median(recorded):.2f} s recorded: {statistics.median(ratios):+.2%} "
        f"({ratios[0]:+.2%} to {ratios[-1]:+.2%}); the store has {size:.1f} MB",
        flush=True,
    )


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:3]]
    main(given[0] if given else 10.0, int(given[1]) if len(given) > 1 else 3)
