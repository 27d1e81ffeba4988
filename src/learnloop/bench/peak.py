"""What one core of this machine can compute at most, measured with our own compiler and flags."""

from __future__ import annotations

import ctypes
import tempfile
import time
from pathlib import Path
from typing import Any

from ..compile import cache, find_toolchain, native_target

SOURCE = Path(__file__).with_name("fma_peak.h")
TRIES = 40


def fma_peak(seconds: float = 0.004) -> float:
    """float32 operations per second of one core: the best of some tries.

    Args:
        seconds: how long each try takes.

    Raises:
        CompileError, CacheError: without a working compiler, or a place for what it makes.
    """
    target = native_target()
    with tempfile.TemporaryDirectory(prefix="peak-", dir=cache.folder()) as work:
        source, built = Path(work, "peak.c"), Path(work, "peak.so")
        source.write_text(f"#define LL_PEAK_LANES {target.lanes('float32')}\n{SOURCE.read_text()}")
        find_toolchain().build_shared(source, built, target)
        library = ctypes.CDLL(str(built))
        library.peak_run.argtypes, library.peak_run.restype = [ctypes.c_long], ctypes.c_float
        library.peak_operations.restype = ctypes.c_long
        return _best(library, seconds)


def _best(library: Any, seconds: float) -> float:
    rounds, took = 1000, 0.0
    while took < seconds:
        rounds *= 2
        took = _clock(library, rounds)
    fastest = min(_clock(library, rounds) for _ in range(TRIES))
    return float(library.peak_operations() * rounds / fastest)


def _clock(library: Any, rounds: int) -> float:
    begin = time.perf_counter()
    library.peak_run(rounds)
    return time.perf_counter() - begin
