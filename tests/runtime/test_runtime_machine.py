"""What is close to the machine: emulated instructions, barrier, memory functions, sanitizers."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from runtime_builds import (
    EXACT,
    INCLUDE,
    OPERATIONS,
    PROGRAMS,
    REFERENCE,
    STRICT,
    Builds,
    bits_of,
    build_library,
    compile_output,
    cpu_flags,
    missing,
    sample,
)


@pytest.mark.parametrize("check", ["check_fma_f32", "check_fma_f64", "check_sqrt_f32", "check_sqrt_f64"])
def test_emulation_equals_hardware(tmp_path: Path, check: str, full: bool) -> None:
    x86 = platform.machine() in ("x86_64", "AMD64")
    if x86 and "fma" not in cpu_flags():
        pytest.skip("this processor does not fuse")
    library = build_library("fma_check.c", tmp_path / "fma.so", *(["-mcpu=x86_64_v3"] if x86 else []))
    function = getattr(library, check)
    function.restype = ctypes.c_int64
    count = 200_000_000 if full else 4_000_000
    assert function(ctypes.c_uint64(len(check)), ctypes.c_int64(count)) == 0


def test_the_comparison_with_hardware_can_fail(tmp_path: Path) -> None:
    """A product and sum rounded one after the other must be told from a fused one by the same operands."""
    x86 = platform.machine() in ("x86_64", "AMD64")
    if x86 and "fma" not in cpu_flags():
        pytest.skip("this processor does not fuse")
    wrong = [
        "-D__builtin_fmaf(a,b,c)=((a)*(b)+(c))",
        "-D__builtin_fma(a,b,c)=((a)*(b)+(c))",
        "-Wno-builtin-macro-redefined",
    ]
    library = build_library("fma_check.c", tmp_path / "fma.so", *(["-mcpu=x86_64_v3"] if x86 else []), *wrong)
    for check in (library.check_fma_f32, library.check_fma_f64):
        check.restype = ctypes.c_int64
        assert check(ctypes.c_uint64(1), ctypes.c_int64(100_000)) > 5_000


@pytest.mark.parametrize("yields", [True, False], ids=["yield", "no yield"])
def test_barrier_with_more_threads_than_cores(tmp_path: Path, yields: bool) -> None:
    library = build_library("barrier_check.c", tmp_path / "barrier.so")
    yield_function = None
    if yields:
        yield_function = ctypes.cast(ctypes.CDLL(None).sched_yield, ctypes.c_void_p)
    threads, rounds = 3 * (os.cpu_count() or 2) + 1, 3000 if yields else 4
    size = library.size_of_barrier()
    memory = np.zeros(size + 64, np.uint8)
    barrier = ctypes.c_void_p(memory.ctypes.data + -memory.ctypes.data % 64)
    slots = np.zeros(16 * threads, np.int32)
    wrong = [-1] * threads

    def work(rank: int) -> None:
        place = ctypes.c_void_p(slots.ctypes.data)
        wrong[rank] = library.take_part(barrier, rank, threads, rounds, place, yield_function)

    team = [threading.Thread(target=work, args=(rank,), daemon=True) for rank in range(threads)]
    for t in team:
        t.start()
    for t in team:
        t.join(timeout=60)
    assert wrong == [0] * threads  # -1: still waiting


def test_one_thread_does_not_wait(tmp_path: Path) -> None:
    library = build_library("barrier_check.c", tmp_path / "barrier.so")
    memory = np.zeros(library.size_of_barrier() + 64, np.uint8)
    slots = np.zeros(16, np.int32)
    barrier = ctypes.c_void_p(memory.ctypes.data + -memory.ctypes.data % 64)
    assert library.take_part(barrier, 0, 1, 1000, ctypes.c_void_p(slots.ctypes.data), None) == 0
    assert slots[0] == 1000


@pytest.mark.parametrize("flags", [[], ["-std=c99", "-DLL_PORTABLE"]], ids=["vector", "portable"])
@pytest.mark.parametrize("compiler", ["zig", "gcc"])
def test_memory_functions(tmp_path: Path, compiler: str, flags: list[str]) -> None:
    if compiler == "zig":
        library = build_library("memory_check.c", tmp_path / "memory.so", *flags)
    else:
        gcc = shutil.which("gcc")
        if gcc is None:
            missing("gcc")
        source, to = PROGRAMS / "memory_check.c", tmp_path / "memory.so"
        bare = ["-ffreestanding", "-nostdlib", "-shared", "-fPIC"]
        said = compile_output([gcc, *STRICT, *EXACT, *INCLUDE, *bare, *flags, str(source), "-o", str(to)])
        assert not said, said
        library = ctypes.CDLL(str(to))
    rng = np.random.default_rng(4)
    original = rng.integers(0, 256, 300, np.uint8)
    for size in [0, 1, 15, 16, 17, 31, 32, 33, 100]:
        for source, to in [(0, 150), (3, 160), (7, 8), (7, 23), (40, 39), (40, 20), (40, 40), (5, 100)]:
            expected = original.copy()
            expected[to : to + size] = original[source : source + size]
            apart = abs(to - source) >= size
            for function in [library.move, *([library.copy] if apart else [])]:
                x = original.copy()
                base = x.ctypes.data
                function(ctypes.c_void_p(base + to), ctypes.c_void_p(base + source), ctypes.c_size_t(size))
                assert np.array_equal(x, expected), (size, source, to)
        x, expected = original.copy(), original.copy()
        expected[9 : 9 + size] = 0xA7
        library.fill(ctypes.c_void_p(x.ctypes.data + 9), 0x1A7, ctypes.c_size_t(size))
        assert np.array_equal(x, expected)


@pytest.mark.parametrize("portable", [True, False], ids=["portable", "vector"])
def test_sanitizers(tmp_path: Path, builds: Builds, portable: bool) -> None:
    gcc = shutil.which("gcc")
    if gcc is None:
        missing("gcc")
    program = tmp_path / "sanitized"
    flags = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", '-DRUN_MAIN="main_hosted.h"']
    flags += ["-ffp-contract=off", "-fno-math-errno", "-DFEW_TYPES"]
    if portable:
        flags += ["-DLL_PORTABLE", "-std=c99"]
    else:
        flags.append("-Wno-psabi")  # vectors never cross from one object file to another
        flags += ["-march=x86-64-v3"] if {"avx2", "fma"} <= cpu_flags() else []  # emulated ones take this compiler long
    said = compile_output([gcc, *STRICT, *INCLUDE, *flags, str(PROGRAMS / "run.c"), "-o", str(program)])
    assert not said, said
    for bits, widths in ((32, (1, 4)), (64, (1, 2))):
        operands = sample(bits, 512, 6)
        jobs = [(o, lanes) for o in OPERATIONS for lanes in widths[: 1 if portable else 2]]
        data = b"".join(
            np.array([OPERATIONS.index(o), bits, lanes, operands.shape[1], 3], "<i8").tobytes() + operands.tobytes()
            for o, lanes in jobs
        )
        done = subprocess.run([str(program)], input=data, capture_output=True, timeout=120)
        assert done.returncode == 0 and not done.stderr, done.stderr.decode()
        results = np.frombuffer(done.stdout, operands.dtype).reshape(len(jobs), -1)
        expected = builds.apply(REFERENCE, [(o, 1) for o, _ in jobs], operands)
        for job, result, wanted in zip(jobs, results, expected, strict=True):
            assert np.array_equal(bits_of(result), bits_of(wanted)), job
