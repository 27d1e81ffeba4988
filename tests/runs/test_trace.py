"""Copies that the program takes of itself are what stepping through it shows."""

from __future__ import annotations

import numpy as np
import pytest

import learnloop as ll
from learnloop.runs import Traveller
from learnloop.train.trace import Trace
from runs.visited import BODIES, run_of

ADAM = ll.AdamW(ll.Warmup(3, ll.Cosine(0.05)), clip_norm=0.5)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_tensor_of_every_update(body: str, dtype: str) -> None:
    traveller = Traveller(run_of(ADAM, body, dtype))
    walker = traveller._glass
    names = [n for n in walker.program.functions["train"].tensors if n in walker.artefact.layout.buffers]
    names = [n for n in names if walker.artefact.layout.buffers[n].place != "data"]
    committed = {c.value for c in walker.program.functions["train"].commits}
    trace = Trace(walker.memory, set(names) - committed, 7, traveller.updates)
    walker.stand(0, traveller._before(0))
    walker.record(trace, traveller.updates)
    for moment in traveller.moments():
        for name in sorted(set(names) - committed):
            old = name in walker.program.fixed
            copy = trace.view(name)[moment.update + (not old)]
            expected = np.asarray(moment.tensor(name))
            copy = copy[: len(expected)] if expected.ndim else copy
            assert copy.tobytes() == expected.tobytes(), name


def test_threads_and_pieces() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 40, 3), X, y, batch_size=50, epochs=9, threads=2, progress=False)
    traveller = Traveller(run)
    seen = []
    for form in ("glass", "fast"):  # one thread, two threads
        walker = traveller._engine(form)
        trace = Trace(walker.memory, ["W1", "row"], 50, 20)
        walker.stand(0, traveller._before(0))
        walker.walk(2)
        walker.record(trace, 22)
        walker.walk(27)  # no more copies
        seen.append([trace.view(n).tobytes() for n in ("W1", "row")])
        assert (walker.losses == run.losses).all()
        walker.close()
    assert seen[0] == seen[1]
