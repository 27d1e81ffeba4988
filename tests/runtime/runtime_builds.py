"""Builds the programs of programs/ for every target, and runs them: as a library, under an emulator, in Node."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
RUNTIME = HERE.parents[1] / "src" / "learnloop" / "compile" / "runtime"

STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]
EXACT = ["-O3", "-ffp-contract=off", "-fno-math-errno"]
INCLUDE = ["-I", str(RUNTIME), "-I", str(PROGRAMS)]
BARE = ["-ffreestanding", "-DLL_FREESTANDING", "-nostdlib"]
LIBRARY = [*BARE, "-shared", "-fPIC"]
WASM = [*BARE, "-target", "wasm32-freestanding", "-fvisibility=hidden"]
WASM += ["-Wl,--no-entry", "-Wl,--export-dynamic", "-Wl,--export=__heap_base"]
C99 = ["-std=c99", "-DLL_PORTABLE"]
V4, V3 = ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"], ["avx2", "fma", "bmi2"]

# The order of run_type.h.
FUNCTIONS = ("exp", "log", "log1p", "expm1", "tanh", "erf", "sigmoid", "softplus", "sin", "cos")
OPERATIONS = (*FUNCTIONS, "sqrt", "neg", "fma", "gt", "ge", "eq", "min", "max", "uniform", "iota", "arithmetic",
              "uniform_once")  # fmt: skip


def missing(what: str) -> Any:
    """Skips a test for want of a tool; where everything should be installed, fails it."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


@cache
def zig() -> list[str]:
    spec = importlib.util.find_spec("ziglang")
    if spec is None or spec.origin is None:
        return []
    return [str(Path(spec.origin).parent / "zig"), "cc"]


@cache
def cpu_flags() -> frozenset[str]:
    info = Path("/proc/cpuinfo")
    words = info.read_text().split() if info.exists() else []
    return frozenset(words)


@dataclass(frozen=True)
class Target:
    """One way to build the runtime.

    Attributes:
        compiler: zig or gcc.
        flags: what is added to STRICT, EXACT and INCLUDE.
        runner: how the result is run: library, or the command that serves jobs.
        needs: the processor's features, as /proc/cpuinfo calls them.
        few: builds the narrow types only.
        x86: runs on x86-64 only.
    """

    name: str
    compiler: str
    flags: list[str] = field(hash=False)
    runner: str = "library"
    needs: tuple[str, ...] = ()
    few: bool = False
    x86: bool = True

    @property
    def portable(self) -> bool:
        return "-DLL_PORTABLE" in self.flags

    @property
    def lanes(self) -> dict[int, tuple[int, ...]]:
        if self.portable:
            return {32: (1,), 64: (1,)}
        return {32: (1, 4), 64: (1, 2)} if self.few else {32: (1, 2, 4, 8, 16), 64: (1, 2, 4, 8, 16)}


def _x86(name: str, cpu: str, extra: list[str], **more: Any) -> list[Target]:
    """The same target by both compilers. gcc notes an ABI that nobody uses when a vector is wider than the target's."""
    march = cpu.replace("_", "-")
    return [
        Target(f"zig {name}", "zig", [*LIBRARY, "-target", "x86_64-linux", f"-mcpu={cpu}", *extra], **more),
        Target(f"gcc {name}", "gcc", [*LIBRARY, "-Wno-psabi", f"-march={march}", *extra], **more),
    ]


TARGETS = [
    Target("zig portable", "zig", [*LIBRARY, *C99], x86=False),
    Target("gcc portable", "gcc", [*LIBRARY, *C99], x86=False),
    *_x86("AVX-512", "x86_64_v4", ["-mprefer-vector-width=512"], needs=(*V4, *V3)),
    *_x86("AVX2", "x86_64_v3", [], needs=tuple(V3)),
    *_x86("SSE2", "x86_64", [], few=True),
    Target(
        "zig AVX2, fma emulated",
        "zig",
        [*LIBRARY, "-target", "x86_64-linux", "-mcpu=x86_64_v3", "-DLL_EMULATE_FMA"],
        needs=tuple(V3),
        few=True,
    ),
    Target(
        "AArch64",
        "zig",
        [*BARE, "-target", "aarch64-linux", "-static", '-DRUN_MAIN="main_aarch64.h"'],
        runner="qemu-aarch64",
        x86=False,
    ),
    Target("wasm relaxed", "zig", [*WASM, "-mcpu=generic+simd128+relaxed_simd"], runner="node", x86=False),
    Target("wasm", "zig", [*WASM, "-mcpu=generic+simd128"], runner="node", few=True, x86=False),
]
REFERENCE = TARGETS[0]


class Builds:
    """Compiles each target once, two at a time, in the background."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pool = ThreadPoolExecutor(2)
        self.jobs = {t.name: self.pool.submit(self.compile, t) for t in TARGETS if compiler_of(t)}

    def compile(self, target: Target) -> tuple[Path, str]:
        to = self.folder / target.name.replace(" ", "_").replace(",", "")
        flags = [*target.flags, *(["-DFEW_TYPES"] if target.few else [])]
        command = [*compiler_of(target), *STRICT, *EXACT, *INCLUDE, *flags, str(PROGRAMS / "run.c"), "-o", str(to)]
        return to, compile_output(command)

    def path(self, target: Target) -> Path:
        """The built file; fails with what the compiler said, a warning being enough."""
        if target.name not in self.jobs:
            missing(target.compiler)
        path, said = self.jobs[target.name].result()
        assert not said, said
        return path

    def load(self, target: Target) -> ctypes.CDLL:
        if target.x86 and platform.machine() not in ("x86_64", "AMD64"):
            pytest.skip("an x86-64 library on another machine")
        absent = set(target.needs) - cpu_flags()
        if absent:
            pytest.skip(f"this processor lacks {', '.join(sorted(absent))}")
        return ctypes.CDLL(str(self.path(target)))

    def apply(self, target: Target, jobs: list[tuple[str, int]], operands: np.ndarray, hostile: bool = False) -> list:
        """The results of operations, each for a number of lanes, on three rows of operands.

        Args:
            jobs: (operation, lanes).
            operands: shape (3, count), float32 or float64; count a multiple of 16.
            hostile: call from a changed floating-point environment.
        """
        bits, count = operands.itemsize * 8, operands.shape[1]
        codes = [(OPERATIONS.index(operation) + 100 * hostile, lanes) for operation, lanes in jobs]
        if target.runner == "library":
            library, results = self.load(target), []
            for code, lanes in codes:
                y = np.empty(count, operands.dtype)
                pointers = (ctypes.c_void_p(operands.ctypes.data), ctypes.c_void_p(y.ctypes.data))
                assert library.run(code, bits, lanes, ctypes.c_ssize_t(count), *pointers)
                results.append(y)
            return results
        data = b"".join(
            np.array([code, bits, lanes, count, 3], "<i8").tobytes() + operands.tobytes() for code, lanes in codes
        )
        out = subprocess.run([*self.server(target)], input=data, capture_output=True, timeout=300)
        assert out.returncode == 0, out.stderr.decode()
        return list(np.frombuffer(out.stdout, operands.dtype).reshape(len(jobs), count))

    def server(self, target: Target) -> list[str]:
        program = shutil.which(target.runner)
        if program is None:
            missing(target.runner)
        if target.runner == "node":
            return [program, "--experimental-wasm-relaxed-simd", str(PROGRAMS / "run_wasm.mjs"), str(self.path(target))]
        return [program, str(self.path(target))]


def compiler_of(target: Target) -> list[str]:
    if target.compiler == "zig":
        return zig()
    gcc = shutil.which("gcc")
    return [gcc] if gcc else []


def compile_output(command: list[str]) -> str:
    """Compiles; returns everything the compiler said, or a word about its failure if it said nothing."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    return done.stderr + done.stdout + ("" if done.returncode == 0 else f"\nfailed: {' '.join(command)}")


def build_library(program: str, to: Path, *flags: str) -> ctypes.CDLL:
    """A small program of its own as a library for this machine."""
    if not zig():
        missing("zig")
    said = compile_output([*zig(), *STRICT, *EXACT, *INCLUDE, *LIBRARY, *flags, str(PROGRAMS / program), "-o", str(to)])
    assert not said, said
    return ctypes.CDLL(str(to))


def bits_of(x: np.ndarray) -> np.ndarray:
    """The bits, with every NaN the same: its sign and payload differ between processors."""
    u = x.view(np.uint32 if x.itemsize == 4 else np.uint64).copy()
    u[np.isnan(x)] = np.iinfo(u.dtype).max
    return u


def sample(bits: int, count: int, seed: int) -> np.ndarray:
    """Three rows of operands: all triples of special numbers, then random bits and moderate numbers mixed."""
    dtype = np.float32 if bits == 32 else np.float64
    info = np.finfo(dtype)
    tiny, largest = info.smallest_subnormal, info.max
    near_one = [1, -1, 1 + info.eps, -1 + info.epsneg, 0.5]
    small = [0, -0.0, tiny, -tiny, info.tiny, -info.tiny]
    special = np.array([*near_one, *small, largest, -largest, np.inf, -np.inf, np.nan], dtype)
    triples = np.stack(np.meshgrid(special, special, special)).reshape(3, -1)
    rng = np.random.default_rng(seed)
    raw = rng.integers(0, 2**bits, (3, count), np.uint64).astype(f"u{bits // 8}").view(dtype)
    moderate = (rng.normal(size=(3, count)) * np.exp(2 * rng.normal(size=(3, count)))).astype(dtype)
    return np.ascontiguousarray(np.hstack([triples, np.where(rng.random((3, count)) < 0.4, raw, moderate)]))
