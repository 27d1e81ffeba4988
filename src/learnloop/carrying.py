"""From a task to a run."""

from __future__ import annotations

from typing import Any

from .compile import Artefact, compile_program, find_toolchain, native_target
from .errors import Diverged
from .run import Run
from .train.progress import Silent
from .train.session import Reached, Session, Watcher
from .train.task import Task


def carry_out(
    task: Task, shown: Silent, *, watcher: Watcher | None = None, reached: Reached | None = None,
    artefact: Artefact | None = None, notes: dict[str, Any] | None = None,
) -> Run:  # fmt: skip
    """Train as a task says.

    Args:
        task: what to do.
        shown: who tells people.
        watcher: who keeps a record.
        reached: where to go on; None for the beginning.
        artefact: its program, compiled; None to do that now.
        notes: what the run is to know besides.

    Raises:
        Diverged: if the loss stops being a finite number.
    """
    artefact = artefact or compile_program(
        task.program, task.options.dtype, "fast", native_target(), find_toolchain()
    )
    session = Session(task, artefact, shown, watcher or Watcher(), reached)
    run = Run(task, session.run(), notes).with_engine(artefact, session.engine.memory)
    if run.outcome.divergence is not None:
        raise diverged(run)
    return run


def diverged(run: Run) -> Diverged:
    """The error of a run that diverged."""
    found = run.outcome.divergence
    assert found is not None
    place = "in the loss itself" if found.layer == "loss" else f'in layer "{found.layer}" ({found.tensor})'
    return Diverged(
        f"the loss is not a finite number at update {found.update} (epoch {found.update // run.updates_per_epoch}); "
        f"the first value that is none is {place}. Learning rate: {run.optimizer.schedule.text()}. Fix: a smaller "
        "learning rate, clip_norm=1.0, or inputs of moderate size. The error's .run holds everything up to the last "
        "finite loss.",
        update=found.update, layer=found.layer, run=run,
    )  # fmt: skip
