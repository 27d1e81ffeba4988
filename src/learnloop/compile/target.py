"""Targets are data: what the compiler is told, and how wide a register tile may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A kind of machine.

    Attributes:
        name: what users call it.
        triple: zig's target, or "" for the machine at hand.
        cpu: zig's CPU.
        march: the same for gcc and clang.
        bytes: in a vector register; 0 for plain scalar C99.
        height: rows of a register tile.
        vectors: registers side by side in a tile.
        flags: more flags.
    """

    name: str
    triple: str
    cpu: str
    march: str
    bytes: int
    height: int
    vectors: int
    flags: tuple[str, ...] = ()

    def lanes(self, dtype: str) -> int:
        """Numbers of a type in a register."""
        return max(1, self.bytes // (8 if dtype == "float64" else 4))


AVX512 = Target("avx512", "", "x86_64_v4", "x86-64-v4", 64, 8, 2, ("-mprefer-vector-width=512",))
AVX2 = Target("avx2", "", "x86_64_v3", "x86-64-v3", 32, 4, 2)
AARCH64 = Target("aarch64", "", "generic", "armv8-a", 16, 8, 2)
BASELINE = Target("baseline", "", "x86_64", "x86-64", 16, 4, 2)
"""Any x86-64: fused multiply-add is emulated, exactly and slowly."""
AARCH64_LINUX = Target("aarch64-linux", "aarch64-linux-musl", "generic", "", 16, 8, 2)
WASM = Target("wasm", "wasm32-freestanding", "generic+simd128+relaxed_simd", "", 16, 4, 2)
WASM_EMULATED = Target("wasm-emulated", "wasm32-freestanding", "generic+simd128", "", 16, 4, 2, ("-DLL_EMULATE_FMA",))
"""For hosts without relaxed SIMD, or whose madd does not fuse."""
STANDALONE = Target("standalone", "", "", "", 0, 1, 1, ("-DLL_PORTABLE",))
"""Plain scalar C99 for any compiler and any machine with IEEE 754 arithmetic."""
