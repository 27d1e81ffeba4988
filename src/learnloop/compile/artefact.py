"""A compiled program that can be called."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import CacheError
from ..program import Program
from .cache import library
from .layout import Layout
from .pipeline import Source, generate
from .target import Target
from .toolchain import Toolchain, find_toolchain, native_target

REACHED, HALTED, NOT_FINITE = 0, 1, 2
YIELD = ctypes.CFUNCTYPE(None)


class Call(ctypes.Structure):
    """``struct call`` of runtime/call.h, field by field."""

    _fields_ = [
        ("arena", ctypes.c_void_p),
        ("capacity", ctypes.c_int64),
        ("X", ctypes.c_void_p),
        ("Y", ctypes.c_void_p),
        ("labels", ctypes.c_void_p),
        ("weights", ctypes.c_void_p),
        ("rows", ctypes.c_void_p),
        ("order", ctypes.c_void_p),
        ("count", ctypes.c_int64),
        ("batch", ctypes.c_int64),
        ("seed", ctypes.c_uint64),
        ("update", ctypes.c_int64),
        ("stop", ctypes.c_int64),
        ("losses", ctypes.c_void_p),
        ("epoch", ctypes.c_int64),
        ("batch_first", ctypes.c_int64),
        ("batch_rows", ctypes.c_int64),
        ("status", ctypes.c_int64),
        ("halt", ctypes.c_void_p),
        ("yield_", ctypes.c_void_p),
        ("barrier", ctypes.c_void_p),
        ("spans", ctypes.c_void_p),
        ("span_count", ctypes.c_int64),
        ("trace", ctypes.c_void_p),
    ]


@dataclass(frozen=True)
class Artefact:
    """A loaded library with the layout of its memory.

    Attributes:
        source: the C and the plan that it was made from.
        target: what it was compiled for.
        toolchain: what compiled it.
        library: the loaded library.
    """

    source: Source
    target: Target
    toolchain: Toolchain
    library: ctypes.CDLL

    @property
    def layout(self) -> Layout:
        """Where tensors live."""
        return self.source.layout


def compile_program(
    program: Program,
    dtype: str = "float32",
    form: str = "fast",
    target: Target | None = None,
    toolchain: Toolchain | None = None,
) -> Artefact:
    """Compile a program, or take it from the cache.

    Args:
        program: what to compile.
        dtype: "float32" or "float64".
        form: "fast" or "glass".
        target: None for the machine at hand.
        toolchain: None for the zig wheel.

    Raises:
        CompileError: without a working compiler.
        CacheError: without a safe folder for compiled programs.
    """
    target = target or native_target()
    toolchain = toolchain or find_toolchain()
    source = generate(program, target, dtype, form)
    return Artefact(source, target, toolchain, _load(library(source.text, target, toolchain)))


@lru_cache(maxsize=64)
def _load(path: Path) -> ctypes.CDLL:
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as error:
        raise CacheError(
            f"the compiled program {path} cannot be loaded: {error}. "
            "Fix: set LEARNLOOP_CACHE to a folder from which programs may run."
        ) from error
    loaded.ll_train.argtypes = [ctypes.POINTER(Call), ctypes.c_int, ctypes.c_int]
    loaded.ll_train.restype = ctypes.c_int64
    for name in ("ll_initialise", "ll_predict", "ll_evaluate", "ll_shuffle"):
        getattr(loaded, name).argtypes = [ctypes.POINTER(Call)]
        getattr(loaded, name).restype = None
    return loaded
