"""What is left of a training in WebAssembly: read from the memory of the engine that ran it, through the manifest."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from compile.samples import plain
from installed import need
from learnloop.compile.emission import WASM_MODULES, Recipe, write_wasm_files
from learnloop.rules import Dense

Array = np.ndarray[Any, np.dtype[Any]]
SCRIPT = Path(__file__).with_name("in_node.mjs")


def left_in_node(recipe: Recipe, emulated: bool) -> dict[str, Array]:
    """Losses, updates done, parameters and state: by the fused module where Node takes it, or by the emulated one."""
    name = "network-emulated.wasm" if emulated or not node_fuses() else "network.wasm"
    with TemporaryDirectory() as folder:
        write_wasm_files(recipe, Path(folder), modules={name: WASM_MODULES[name]})
        at = _run(Path(folder), name)
        manifest = json.loads(Path(folder, "manifest.json").read_text())
        return _left(recipe, manifest, at, Path(folder, "memory.bin").read_bytes())


@cache
def node_fuses() -> bool:
    """Whether Node takes the fused module when it has the choice."""
    with TemporaryDirectory() as folder:
        write_wasm_files(plain(1, Dense(1)).recipe(), Path(folder))
        return bool(_run(Path(folder))["fused"])


def _run(folder: Path, *names: str) -> dict[str, int]:
    command = [need("node"), "--experimental-wasm-relaxed-simd", str(SCRIPT), str(folder), *names]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _left(recipe: Recipe, manifest: dict[str, Any], at: dict[str, int], memory: bytes) -> dict[str, Array]:
    losses = np.frombuffer(memory, recipe.dtype, recipe.updates, at["losses"])
    found: dict[str, Array] = {"losses": losses, "update": np.array(at["update"])}
    for name in recipe.program.fixed:
        tensor = manifest["layout"]["tensors"][name]
        kind = np.dtype(tensor["dtype"])
        strides = [s * kind.itemsize for s in tensor["strides"]]
        found[name] = np.ndarray(tensor["dims"], kind, memory, at["arena"] + tensor["offset"], strides)
    return found
