"""Programs written out for other compilers and other machines."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..program import Program
from .artefact import Call
from .layout import Layout
from .pipeline import Source, generate
from .printer.amalgamate import amalgamate
from .target import WASM, WASM_EMULATED, Target
from .toolchain import RUNTIME, Toolchain, find_toolchain
from .writing import replace

Array = np.ndarray[Any, np.dtype[Any]]
TEMPLATES = Path(__file__).parent / "templates"
WASM_MODULES = {"network.wasm": WASM, "network-emulated.wasm": WASM_EMULATED}


@dataclass(frozen=True)
class Recipe:
    """What a run was made of.

    Attributes:
        program: the program.
        dtype: "float32" or "float64".
        arrays: inputs, targets, weights of the rows.
        rows: the rows to learn from.
        batch: rows of an update.
        updates: how many updates.
        seed: keys everything random.
        options: numbers given at run time.
        digest: of the weights that come out.
    """

    program: Program
    dtype: str
    arrays: list[Array]
    rows: Array
    batch: int
    updates: int
    seed: int
    options: Mapping[str, float]
    digest: str

    @property
    def capacity(self) -> int:
        """Rows that the arena has room for."""
        return (self.batch // 16 + 2) * 16

    def data(self) -> bytes:
        """All arrays, one after the other, little-endian."""
        arrays = [*self.arrays, self.rows]
        return b"".join(np.ascontiguousarray(a, a.dtype.newbyteorder("<")).tobytes() for a in arrays)

    def parameters(self, layout: Layout) -> list[tuple[int, int, int, int]]:
        """(offset, rows, columns, stride) of every parameter."""
        found = []
        for parameter in self.program.parameters:
            buffer = layout.buffers[parameter.tensor]
            rows, columns = (1, *parameter.dims)[-2:]
            found.append((buffer.offset, rows, columns, buffer.strides[0] if len(parameter.dims) > 1 else 0))
        return found

    def numbers(self, layout: Layout) -> list[tuple[int, float]]:
        """(offset, value) of every option."""
        return [(layout.buffers[name].offset, float(value)) for name, value in self.options.items()]


def write_c_files(source: str, folder: Path) -> list[Path]:
    """A C source and the headers it includes."""
    paths = [folder / "network.c"]
    replace(paths[0], source)
    for header in sorted(RUNTIME.glob("*.h")):
        paths.append(folder / header.name)
        replace(paths[-1], header.read_text())
    return paths


def write_executable_sources(recipe: Recipe, target: Target, folder: Path, form: str = "fast") -> list[Path]:
    """network.c in one piece, main.c around it, data.bin."""
    source = generate(recipe.program, target, recipe.dtype, form)
    before = "#define LL_PORTABLE\n\n" if "-DLL_PORTABLE" in target.flags else ""
    network, main, data = (folder / name for name in ("network.c", "main.c", "data.bin"))
    whole = amalgamate(source.text, RUNTIME, before)
    replace(network, whole)
    replace(main, amalgamate(_main(recipe, source.layout), RUNTIME).replace(whole, ""))
    replace(data, recipe.data())
    return [network, main, data]


def _main(recipe: Recipe, layout: Layout) -> str:
    sizes = {
        "DATA_ROWS": len(recipe.arrays[0]), "INPUTS": recipe.program.inputs, "OUTPUTS": recipe.program.outputs,
        "LABELS": int(recipe.program.labels), "ROWS": len(recipe.rows), "BATCH": recipe.batch, "UPDATES": recipe.updates,
        "CAPACITY": recipe.capacity, "ARENA_BYTES": layout.size(recipe.capacity),
    }  # fmt: skip
    lines = [
        "/* Learns from data.bin and prints the SHA-256 of the weights; it should print",
        f" * {recipe.digest}",
        " * Compile with contraction off: cc -O2 -ffp-contract=off main.c -o main */",
        '#include "network.c"', "",
        *(f"#define {name} {value}" for name, value in sizes.items()),
        f"#define SEED {recipe.seed}u" if recipe.seed < 2**32 else f"#define SEED {recipe.seed}ull", "",
        "static const struct { i64 offset; int rows, columns, stride; } parameters[] = {",
        *(f"    {{{o}, {r}, {c}, {s}}}," for o, r, c, s in recipe.parameters(layout)), "};",
        "static const struct { i64 offset; double value; } options[] = {",
        *(f"    {{{offset}, {value!r}}}," for offset, value in recipe.numbers(layout)), "};", "",
        '#include "example_main.h"', "",
    ]  # fmt: skip
    return "\n".join(lines)


def compile_wasm(source: Source, output: Path, target: Target, toolchain: Toolchain | None = None) -> None:
    """Compile a source to a WebAssembly module that exports its functions and memory.

    Raises:
        CompileError: if the compiler refuses it.
    """
    with tempfile.TemporaryDirectory(
        prefix="learnloop-emit-"
    ) as work:  # the compiler leaves notes beside what it makes
        text, built = Path(work, output.with_suffix(".c").name), Path(work, output.name)
        text.write_text(source.text)
        (toolchain or find_toolchain("zig")).build_wasm(text, built, target)
        replace(output, built.read_bytes())


def write_wasm_files(
    recipe: Recipe, folder: Path, form: str = "fast", modules: Mapping[str, Target] = WASM_MODULES
) -> list[Path]:
    """Two modules, the manifest, the data, and two modules of JavaScript: one runs the network, one trains with it."""
    paths = []
    for name, target in modules.items():
        source = generate(recipe.program, target, recipe.dtype, form)
        compile_wasm(source, folder / name, target)
        paths.append(folder / name)
    manifest = folder / "manifest.json"
    replace(manifest, json.dumps(_manifest(recipe, source.layout), indent=1))
    data = folder / "data.bin"
    replace(data, recipe.data())
    scripts = [folder / "network.mjs", folder / "train.mjs"]
    for script in scripts:
        replace(script, (TEMPLATES / script.name).read_text())
    return [*paths, manifest, data, *scripts]


def _manifest(recipe: Recipe, layout: Layout) -> dict[str, Any]:
    return {
        "layout": layout.to_dict(), "call": call_offsets(), "dtype": recipe.dtype,
        "inputs": recipe.program.inputs, "outputs": recipe.program.outputs, "labels": recipe.program.labels,
        "dataRows": len(recipe.arrays[0]), "rows": len(recipe.rows), "batch": recipe.batch, "updates": recipe.updates,
        "seed": str(recipe.seed), "capacity": recipe.capacity, "arenaBytes": layout.size(recipe.capacity),
        "options": recipe.numbers(layout), "parameters": recipe.parameters(layout), "digest": recipe.digest,
    }  # fmt: skip


def call_offsets(pointer: int = 4) -> dict[str, int]:
    """Where the fields of ``struct call`` are on a machine with pointers of so many bytes."""
    import ctypes

    offsets, place = {}, 0
    for name, kind in Call._fields_:  # type: ignore[misc]
        size = pointer if kind is ctypes.c_void_p else 8
        place = -(-place // size) * size
        offsets[name] = place
        place += size
    offsets["size"] = -(-place // 8) * 8
    return offsets
