"""Whether a network fits into the memory of the machine: told before anything is learnt."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

from ..errors import DescriptionError
from .choices import Plan

GIB = 1 << 30
_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""What a container may use, where it is one."""


def needed(plan: Plan) -> int:
    """Bytes of weights, gradients and what the optimizer keeps for each weight, and of one copy of the weights."""
    numbers = sum(math.prod(parameter.dims) for parameter in plan.network.parameters())
    kept = 2 if plan.options["optimizer"] != "sgd" else int(bool(plan.options["momentum"]))
    return numbers * (3 + kept) * (8 if plan.options["dtype"] == "float64" else 4)


def memory() -> int | None:
    """Bytes that this process may use; None where nobody tells."""
    found = []
    with suppress(ValueError, OSError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(ValueError, OSError):
        found.append(int(_LIMIT.read_text()))  # the word max, where there is no limit
    return min((size for size in found if size > 0), default=None)


def check_room(plan: Plan) -> None:
    """Refuse a network that cannot be held.

    Raises:
        DescriptionError: if it needs more memory than there is.
    """
    size, there = needed(plan), memory()
    if there is not None and size > there:
        raise DescriptionError(
            f"the network needs {_gib(size)}, and this machine has {_gib(there)}. "
            "Fix: fewer units (--hidden)."
        )


def _gib(size: int) -> str:
    return f"{size / GIB:,.1f} GiB".replace(",", " ")
