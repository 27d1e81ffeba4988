"""A small recorded training as a program of its own: python -m record.training STORE EXPORT.

It says what was promised as soon as it was: "at UPDATE" after each transaction, "run DIGEST" at the end of the
training, "saved" after an export.
"""

from __future__ import annotations

import math
import sys

import learnloop as ll
from learnloop import recording
from learnloop.errors import RecordError, StoreError


def train(record: object = False) -> ll.Run:
    """The run that all this is about: some thousand updates, a validation set, dropout, a schedule."""
    X, y = ll.datasets.load("iris").standardised()
    network = ll.Network(4, [ll.Dense(8, "tanh"), ll.Dropout(0.2), ll.Dense(3)])
    return ll.train(
        network, X, y, optimizer=ll.Adam(ll.Cosine(0.01)), epochs=400, batch_size=16, seed=3, validation=0.2,
        progress=False, record=record, name="iris",
    )  # fmt: skip


class Steady(recording.Recorder):
    """Records at fixed updates, whatever the clock says, and tells."""

    def look(self, engine):
        self._next = 0 if engine.update % 800 == 0 else math.inf
        super().look(engine)
        self._settle()

    def _write(self, done, *given):
        seconds = super()._write(done, *given)
        print("at", done, flush=True)
        return seconds


def main(store: str, export: str) -> int:
    recording.Recorder = Steady
    try:
        run = train(store)
    except RecordError as error:
        print("run", error.run.digest, flush=True)
        print(f"error: {error}", file=sys.stderr)
        return 1
    except StoreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("run", run.digest, flush=True)
    try:
        run.save(export)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("saved", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
