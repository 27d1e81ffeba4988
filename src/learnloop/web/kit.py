"""A compiled program for a page: two WebAssembly modules, where everything lies in their memory, and what it means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..compile.cache import module
from ..compile.emission import call_offsets
from ..compile.pipeline import FORMS, Source, generate
from ..compile.target import WASM, WASM_EMULATED, Target
from ..compile.toolchain import find_toolchain
from ..network import Network
from ..program import ARITHMETIC, Program, build
from ..rules import Loss, Optimizer, to_data
from ..runs.structure import Structure
from .describe import describe_program
from .knobs import places
from .pack import pack


def make_kit(
    network: Network, loss: Loss, optimizer: Optimizer, dtype: str = "float32", *, emulated: bool = False
) -> bytes:
    """A program compiled for a page, as a pack; from the cache where it was made before.

    Args:
        network: what to train.
        loss: what is made small.
        optimizer: how weights change; its numbers are given at run time.
        dtype: "float32" or "float64".
        emulated: for hosts whose relaxed multiply-add is missing, or rounds twice.

    Raises:
        CompileError: without a working compiler.
    """
    program = build(network, loss, optimizer)
    target, toolchain = WASM_EMULATED if emulated else WASM, find_toolchain("zig")
    sources = {form: generate(program, target, dtype, form) for form in FORMS}
    with ThreadPoolExecutor(len(FORMS)) as both:
        modules = dict(
            zip(FORMS, both.map(lambda form: module(sources[form].text, target, toolchain), FORMS), strict=True)
        )
    described = {"network": network.to_dict(), "loss": to_data(loss), "optimizer": to_data(optimizer)}
    described["places"] = places(described, program.options)
    return pack(_header(program, sources, target, dtype) | described, modules)


def _header(program: Program, sources: Mapping[str, Source], target: Target, dtype: str) -> dict[str, Any]:
    return {
        "kind": "kit", "version": 1, "arithmetic": ARITHMETIC, "digest": program.digest, "dtype": dtype,
        "emulated": target is WASM_EMULATED, "inputs": program.inputs, "outputs": program.outputs,
        "labels": program.labels, "call": call_offsets(),
        "layouts": {form: source.layout.to_dict() for form, source in sources.items()},
        "options": dict(program.options), "fixed": list(program.fixed),
        "scores": program.functions["predict"].outputs[0], "predicted": program.functions["predict"].outputs[-1],
        "row_loss": program.functions["evaluate"].outputs[-1], "work": multiply_adds(program), "parameters": [
            {"name": p.name, "tensor": p.tensor, "layer": p.layer, "dims": list(p.dims),
             "gradient": program.gradients[p.tensor]} for p in program.parameters
        ],
        "layers": _layers(Structure(program)), "text": program.text(), "program": describe_program(program),
    }  # fmt: skip


def _layers(structure: Structure) -> list[dict[str, Any]]:
    """Where a page finds what each layer computes; layers without a pre-activation have null for it."""
    found = []
    for name in structure.layers:
        z, activation = structure.pre_activation(name), structure.activation(name)
        own = {label: p.tensor for label, p in structure.parameters_of(name).items()}
        found.append({
            "name": name, "activation": activation, "parameters": own,
            "pre_activation": None if z is None else z.out,
            "delta": None if z is None else structure.gradient_of.get(z.out),
            "width": structure.train.tensors[activation].dims[-1],
        })  # fmt: skip
    return found


def multiply_adds(program: Program) -> int:
    """How many multiply-adds the forward and the backward pass have for each row, nearly: three for each weight."""
    total = 0
    for parameter in program.parameters:
        total += 3 * math.prod(parameter.dims)
    return total
