"""What it was measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..compile import find_toolchain, native_target


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "processor": processor(), "cores": cores(), "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(), "target": native_target().name, "compiler": find_toolchain().version,
        "versions": {name: found for name in ("numpy", "torch", "jax") if (found := _version(name))},
    }  # fmt: skip


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def processor() -> str:
    """What the processor is called."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
