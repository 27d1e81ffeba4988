"""Small trials: does the compiler compile, does the result run, can a folder be written?"""

from __future__ import annotations

import ctypes
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from ..compile import Toolchain, native_target
from ..errors import CacheError, CompileError

PROGRAM = """\
/* Twelve multiply-adds: enough to tell a working compiler from one that is not. */
long trial(long x) {
    for (int k = 0; k < 12; k++) x = (x * 5 + 1) % 2147483647;
    return x;
}
"""
START = 1


def _answer() -> int:
    x = START
    for _ in range(12):
        x = (x * 5 + 1) % 2147483647
    return x


ANSWER = _answer()
"""What the program should answer."""


def compile_and_run(toolchain: Toolchain) -> tuple[int, float]:
    """Compile a small program from nothing, load it and call it.

    Returns:
        Its answer, and the seconds it all took.

    Raises:
        CompileError: if it cannot be compiled or loaded.
    """
    with tempfile.TemporaryDirectory(prefix="learnloop-doctor-", dir=_place()) as work:
        source, built = Path(work, "trial.c"), Path(work, "trial.so")
        source.write_text(PROGRAM)
        begin = time.perf_counter()
        toolchain.build_shared(source, built, native_target())
        try:
            function = ctypes.CDLL(str(built)).trial
        except (OSError, AttributeError) as error:
            raise CompileError(
                f"a compiled program cannot be loaded: {error}. Fix: set LEARNLOOP_CACHE to a folder from which "
                "programs may run."
            ) from error
        function.argtypes, function.restype = [ctypes.c_long], ctypes.c_long
        return int(function(START)), time.perf_counter() - begin


def _place() -> Path | None:
    """The cache, where programs will be run from; else the system's folder for passing files."""
    from ..compile.cache import folder

    with suppress(CacheError):
        home = folder()
        check_writable(home)
        return home
    return None


def check_writable(path: Path) -> None:
    """Try to write a file.

    Raises:
        CacheError: if that fails.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=path):
            pass
    except OSError as error:
        raise CacheError(
            f"the folder {path} cannot be written: {error.strerror}. Fix: set LEARNLOOP_CACHE to a folder of your own, "
            "for instance LEARNLOOP_CACHE=$HOME/.cache/learnloop."
        ) from error
