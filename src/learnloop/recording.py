"""Runs that are recorded while they are in the making."""

from __future__ import annotations

from typing import Any

from .carrying import carry_out
from .run import Run
from .train.progress import Silent, reporter
from .train.task import Task


def record_run(
    task: Task, *, record: Any = False, name: str | None = None, progress: bool | Silent = False,
    notes: dict[str, Any] | None = None,
) -> Run:  # fmt: skip
    return carry_out(task, reporter(progress), notes=notes)
