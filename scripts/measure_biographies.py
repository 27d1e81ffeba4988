"""What a biography costs against the glass replay of the same updates, and how many have their tick.

python scripts/measure_biographies.py [--updates 2000] [--repeats 15]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

import learnloop as ll
from learnloop.rules import Optimizer
from learnloop.runs import Traveller, biographies, biography

OPTIMIZERS: tuple[Optimizer, ...] = (
    ll.SGD(0.03),
    ll.SGD(0.03, momentum=0.9),
    ll.SGD(0.03, momentum=0.9, nesterov=True, weight_decay=0.001, clip_norm=1.0),
    ll.AdamW(0.003),
)


def workloads() -> list[tuple[str, ll.Network, np.ndarray, np.ndarray]]:
    """A playground's spiral, iris, digits."""
    spirals = ll.datasets.load("spirals").standardised()
    iris, digits = (ll.datasets.load(name).standardised() for name in ("iris", "digits"))
    return [
        ("spirals 2-8-8-1", ll.mlp(2, 8, 8, 1, activation="tanh"), *spirals),
        ("iris 4-8-3", ll.mlp(4, 8, 3, activation="tanh"), *iris),
        ("digits 64-32-10", ll.mlp(64, 32, 10), *digits),
    ]


def clock(action: Callable[[], object]) -> float:
    """Milliseconds."""
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1e3


def measure(traveller: Traveller, updates: int, repeats: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the bare replay and of a biography, in turn."""
    walker, start = traveller._glass, traveller._before(0)

    def replay() -> None:
        walker.stand(0, start)
        walker.walk(updates)

    def life() -> None:
        biography(traveller, "dense_1.weight", 1, 7, stop=updates)

    replay(), life()
    pairs = [(clock(replay), clock(life)) for _ in range(repeats)]
    return [bare for bare, _ in pairs], [full for _, full in pairs]


def main() -> None:
    """A line for each workload and optimizer."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    print(f"{options.updates} updates; medians and spread of {options.repeats} repeats in turn")
    for name, network, X, y in workloads():
        epochs = -(-options.updates * 32 // len(X)) + 1
        for optimizer in OPTIMIZERS:
            run = ll.train(network, X, y, optimizer=optimizer, epochs=epochs, progress=False)
            traveller = Traveller(run)
            bare, life = measure(traveller, options.updates, options.repeats)
            ratios = [b / a for a, b in zip(bare, life, strict=True)]
            begin = time.perf_counter()
            layer = biographies(traveller, "dense_1", stop=options.updates)
            seconds = time.perf_counter() - begin
            ticks = sum(int(p.ticks.sum()) for p in layer.parameters.values())
            print(
                f"{name:<16} {type(optimizer).__name__:<6} replay {statistics.median(bare):6.1f} ms  "
                f"biography {statistics.median(life):6.1f} ms  ratio {statistics.median(ratios):.2f} "
                f"({min(ratios):.2f}..{max(ratios):.2f})  layer {seconds:.1f} s, ticks {ticks}/{len(layer)}"
            )


if __name__ == "__main__":
    main()
