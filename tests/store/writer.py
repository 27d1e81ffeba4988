"""A program that records runs and says, line by line, what the store has promised: python writer.py STORE [ROUNDS]."""

from __future__ import annotations

import sys
from typing import Any

from learnloop.errors import LearnloopError
from learnloop.store import Store
from store.examples import create, data, losses, state

STEP = 3_000
"""Updates of an append: enough that losses and states take several pages."""


def due(number: int) -> dict[str, Any]:
    """What the append with this number records."""
    done = number * STEP
    return {
        "done": done, "losses": losses(done - STEP, done), "digests": [(done, f"{number:064x}")],
        "checkpoints": [(done - 1, state(done - 1, 30_000))] if number % 3 == 0 else [],
        "latest": (done, state(done, 40_000)), "history": [(number, {"loss": number / 7})],
    }  # fmt: skip


def say(*words: object) -> None:
    print(*words, flush=True)


def record(store: Store, rounds: int, name: str = "digits") -> None:
    """A run from its beginning to its end; another one that is deleted."""
    with create(store, name) as claim:
        say("created", claim.id)
        for number in range(1, rounds + 1):
            store.append(claim.id, **due(number))
            say("appended", claim.id, number)
        store.finish(claim.id, "finished", digest="e" * 64, facts={"rounds": rounds})
        say("finished", claim.id)
    with create(store, "brief", data=data(parts={"X": state(1, 50_000)})) as claim:
        say("created", claim.id)
    store.delete(claim.id)
    say("deleted", claim.id)


def main() -> int:
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    try:
        record(Store(sys.argv[1], patience=20), rounds)
    except LearnloopError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
