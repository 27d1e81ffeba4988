"""Compilers: the zig wheel unless another is asked for. Flags are explicit: nothing depends on the host's defaults."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..errors import CompileError, DescriptionError
from .target import AARCH64, AVX2, AVX512, BASELINE, Target

RUNTIME = Path(__file__).parent / "runtime"
EXACT = ("-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-ffreestanding", "-fno-unroll-loops")
"""What every build has: no contraction, no C library, nothing that changes a bit."""
_QUICK = {
    "zig": ("-fno-vectorize", "-fno-slp-vectorize", "-mllvm", "-disable-lsr", "-Xclang", "-O1"),
    "clang": ("-fno-vectorize", "-fno-slp-vectorize"),
    "gcc": (),
}
"""What a compiler may leave undone while somebody waits: it takes a third less time, and programs are as fast.

The C says itself what is a vector, so that none is left to be found. Its inner loops count one index: x86 and AArch64
need no loop strength reduction for that (WebAssembly does, and nobody waits for it). What -O2, which is what zig makes
of -O3, does beyond -O1 is for code with more branches. The last two options are of the clang inside zig; which other
clang there may be, nobody knows.
"""
_SHARED = ("-std=c11", "-fPIC", "-shared", "-nostdlib", "-DLL_FREESTANDING", "-DLL_THREADS")
_WASM = (
    "-std=c11", "-nostdlib", "-DLL_FREESTANDING", "-fvisibility=hidden", "-Wl,--no-entry", "-Wl,--export-dynamic", "-Wl,--export=__heap_base",
    "-Wl,-z,stack-size=1048576",
)  # fmt: skip


@dataclass(frozen=True)
class Toolchain:
    """A C compiler.

    Attributes:
        kind: "zig", "clang" or "gcc".
        path: its executable.
    """

    kind: str
    path: str

    @cached_property
    def identity(self) -> str:
        """Tells one installation of a compiler from another, without running it."""
        status = Path(self.path).stat()
        return f"{self.kind} {status.st_size} {status.st_mtime_ns}"

    @property
    def version(self) -> str:
        """What the compiler says of itself."""
        words = ["version"] if self.kind == "zig" else ["-dumpfullversion", "-dumpversion"]
        done = subprocess.run([self.path, *words], capture_output=True, text=True, check=False)  # noqa: S603
        return f"{self.kind} {done.stdout.strip() or 'of unknown version'}"

    def command(self, target: Target) -> list[str]:
        """The command line up to the files, for code of a target."""
        if self.kind == "zig":
            triple = ["-target", target.triple] if target.triple else []
            cpu = [f"-mcpu={target.cpu}"] if target.cpu else []
            return [self.path, "cc", *triple, *cpu, "-fno-sanitize=all", "-s", *target.flags, *EXACT]
        march = [f"-march={target.march}"] if target.march else []
        quiet = ["-Wno-psabi"] if self.kind == "gcc" else []
        return [self.path, *march, *quiet, *target.flags, *EXACT]

    def shared_command(self, target: Target) -> list[str]:
        """The command line up to the files, for a shared library."""
        return [*self.command(target), *_QUICK[self.kind], *_SHARED]

    def build_shared(self, source: Path, output: Path, target: Target) -> None:
        """Compile a source to a shared library.

        Raises:
            CompileError: if the compiler refuses it.
        """
        self.run([*self.shared_command(target), f"-I{RUNTIME}", str(source), "-o", str(output)], output.parent)

    def wasm_command(self, target: Target) -> list[str]:
        """The command line up to the files, for a WebAssembly module."""
        return [*self.command(target), *_WASM]

    def build_wasm(self, source: Path, output: Path, target: Target) -> None:
        """Compile a source to a WebAssembly module without a library.

        Raises:
            CompileError: if the compiler refuses it.
        """
        self.run([*self.wasm_command(target), f"-I{RUNTIME}", str(source), "-o", str(output)], output.parent)

    def build_executable(self, source: Path, output: Path, target: Target) -> None:
        """Compile a main program with the C library.

        Raises:
            CompileError: if the compiler refuses it.
        """
        flags = [f for f in self.command(target) if f != "-ffreestanding"]
        self.run([*flags, "-std=c11", f"-I{RUNTIME}", str(source), "-o", str(output)], output.parent)

    def run(self, command: list[str], folder: Path) -> None:
        """Run a compiler, with ``folder`` for its own notes; its own words become the error."""
        environment = dict(os.environ)
        if self.kind == "zig":  # it would write below the current folder otherwise
            for kind in ("LOCAL", "GLOBAL"):
                environment.setdefault(f"ZIG_{kind}_CACHE_DIR", str(folder / "zig"))
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
        except OSError as error:
            raise CompileError(f"the compiler {self.path} cannot be run: {error}. Fix: learnloop doctor") from error
        if done.returncode:
            raise CompileError(
                f"the compiler {self.path} failed with status {done.returncode}:\n{done.stderr.strip()[:2000]}\n"
                "Fix: learnloop doctor tells whether the compiler works at all."
            )
        if "-o" in command and not Path(command[command.index("-o") + 1]).exists():
            raise CompileError(
                f"the compiler {self.path} wrote nothing. Fix: learnloop doctor tells whether it is one."
            )


def find_toolchain(name: str | None = None) -> Toolchain:
    """The compiler to use.

    Args:
        name: "zig", or the name or path of a gcc or clang; None for ``LEARNLOOP_CC``, then zig.

    Raises:
        CompileError: if it is not there.
    """
    if not isinstance(name, str | None):
        raise DescriptionError(f"compiler is {name!r}; expected 'zig', or the name or path of a gcc or clang.")
    wanted = name or os.environ.get("LEARNLOOP_CC") or "zig"
    if wanted == "zig":
        found = _zig()
        if found is None:
            raise CompileError(
                "no C compiler: the package ziglang is not installed. "
                "Fix: pip install ziglang, or set LEARNLOOP_CC=gcc to use a system compiler."
            )
        return Toolchain("zig", found)
    path = shutil.which(wanted)
    if path is None:
        raise CompileError(f"no C compiler: {wanted!r} is not on the PATH. Fix: install it, or unset LEARNLOOP_CC.")
    return Toolchain("clang" if "clang" in Path(path).name else "gcc", path)


def _zig() -> str | None:
    spec = importlib.util.find_spec("ziglang")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / ("zig.exe" if sys.platform == "win32" else "zig")
    return str(path) if path.exists() else None


def native_target(name: str | None = None) -> Target:
    """The target of the machine at hand, or the one of a name.

    Args:
        name: "avx512", "avx2", "baseline" or "aarch64"; None for ``LEARNLOOP_TARGET``, then the best the machine has.

    Raises:
        DescriptionError: for a target that this machine cannot run.
    """
    fits = {t.name: t for t in _runnable()}
    wanted = name or os.environ.get("LEARNLOOP_TARGET")
    if wanted is None:
        return next(iter(fits.values()))
    if wanted not in fits:
        raise DescriptionError(f"target is {wanted!r}; this machine runs {', '.join(fits)}.")
    return fits[wanted]


def target_named(name: str) -> Target:
    """A target that need not run here: for printing C.

    Raises:
        DescriptionError: for a name that no target has.
    """
    known = {t.name: t for t in (AVX512, AVX2, BASELINE, AARCH64)}
    if name not in known:
        raise DescriptionError(f"target is {name!r}; expected one of {', '.join(known)}.")
    return known[name]


def _runnable() -> list[Target]:
    machine = platform.machine().lower()
    if machine in ("aarch64", "arm64"):
        return [AARCH64]
    if machine not in ("x86_64", "amd64"):
        raise CompileError(f"learnloop has no native target for {machine!r}; it runs on x86-64 and AArch64.")
    flags = cpu_flags()
    found = []
    if {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"} <= flags:
        found.append(AVX512)
    if {"avx2", "fma", "bmi2"} <= flags:
        found.append(AVX2)
    return [*found, BASELINE]


def cpu_flags() -> set[str]:
    """Instruction sets of this processor, in Linux's names; empty where nobody tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    except OSError:
        return set()
    return set()
