"""The whole C file: headers, one struct of pointers and the nests of each function, then the loop around them."""

from __future__ import annotations

from collections.abc import Mapping

from ...language import ROWS
from ...program import Program
from ..layout import Buffer, Layout
from ..plan import Nest, Phase, Routine
from .nests import print_nest
from .pen import Lines
from .scope import SHORT, identifier

_TEMPLATE = """#define LL_BITS {bits}
#define LL_LANES {lanes}
#include "vec.h"
#include "functions.h"
#include "random.h"
#undef LL_BITS
#undef LL_LANES
"""
_ABOUT = {
    "initialise": "values before the first update",
    "train": "one update",
    "predict": "prediction",
    "evaluate": "prediction, and how wrong it is",
}
_BANNER = """/* {title}
 *
{about}
 */
"""


def print_unit(program: Program, routines: Mapping[str, Routine], layout: Layout, dtype: str) -> str:
    """The C source of a program.

    Args:
        program: what it computes.
        routines: the planned functions.
        layout: where tensors live.
        dtype: "float32" or "float64".

    Returns:
        The text, without anything that a user named.
    """
    real = SHORT[dtype]
    used = list(layout.buffers.values())
    parts = [_header(program, routines, real), _struct(used), _locate(used, layout)]
    names: dict[Nest, str] = {}
    for routine in routines.values():
        buffers = _visible(routine, layout.buffers, dtype)
        parts.append(f"/* ---- {_ABOUT[routine.name]} ---- */")
        for nest in routine.nests:
            if nest not in names:
                names[nest] = _unique(f"{routine.name}_{nest.statements[0].out}", names)
                parts.append(print_nest(names[nest], nest, routine.tensors, buffers, real))
        parts.append(_run(routine, names))
    parts.append('#include "driver.h"')
    return "\n\n".join(parts) + "\n"


def _unique(name: str, names: Mapping[Nest, str]) -> str:
    return f"{name}_" if name in names.values() else name


def _header(program: Program, routines: Mapping[str, Routine], real: str) -> str:
    shapes = [f"{p.tensor} {' x '.join(map(str, p.dims))}" for p in program.parameters]
    about = "\n".join(f" * {line}" for line in [
        f"{program.inputs} inputs, {program.outputs} outputs; parameters: {', '.join(shapes)}.",
        "Each function computes the statements in the comment above it; the order of every sum is part of them.",
        "Axes: n rows of the batch, i inputs of a layer, j its units.",
    ])  # fmt: skip
    text = _BANNER.format(title="A neural network and its whole learning loop, written by learnloop.", about=about)
    text += f'#include "base.h"\n\ntypedef {real} real;\n\n#include "call.h"\n#include "random.h"\n\n'
    own = {n.lanes for r in routines.values() for n in r.nests} | {1}
    bits = real[1:]
    text += "\n".join(_TEMPLATE.format(bits=bits, lanes=lanes) for lanes in sorted(own))
    if real == "f32":  # clocks and schedules
        text += "\n" + _TEMPLATE.format(bits=64, lanes=1)
    return text + "\nLL_INLINE void ll_meet(struct call *c, int threads);\nLL_INLINE int ll_finite(real x);"


def _visible(routine: Routine, own: Mapping[str, Buffer], dtype: str) -> dict[str, Buffer]:
    """The buffers by tensor; a committed value is found in its state's memory."""
    found = dict(own)
    for value, state in routine.places.items():
        found[value] = own[state]
    for name, tensor in routine.tensors.items():
        if name not in found:  # lives in registers only; its type is still asked for
            kind = tensor.dtype if tensor.dtype != "real" else dtype
            found[name] = Buffer(name, tensor.dims, kind, tuple(0 for _ in tensor.dims), "fixed", 0)
    return found


def _struct(used: list[Buffer]) -> str:
    out = Lines()
    out.add("/* Where everything is. */")
    with out.block("struct tensors", "};"):
        for buffer in used:
            const_ = "const " if buffer.place == "data" else ""
            dims = ", ".join(map(str, buffer.dims))
            out.add(f"{const_}{SHORT[buffer.dtype]} *{identifier(buffer.name)}; /* ({dims}) */")
        out.add("index_t rows; /* of the batch at hand */", "u64 seed;")
    return "\n".join(out.lines)


def _locate(used: list[Buffer], layout: Layout) -> str:
    out = Lines()
    with out.block("LL_APART void locate(struct tensors *t, const struct call *c)"):
        out.add(f"unsigned char *const rows = c->arena + {layout.fixed_bytes};")
        for buffer in used:
            name = identifier(buffer.name)
            if buffer.place == "data":
                out.add(f"t->{name} = c->{buffer.name};")
            elif buffer.place == "rows":
                out.add(f"t->{name} = (void *)(rows + {buffer.offset} * c->capacity);")
            else:
                out.add(f"t->{name} = (void *)(c->arena + {buffer.offset});")
        out.add("t->rows = 0;", "t->seed = c->seed;")
    return "\n".join(out.lines)


def _run(routine: Routine, names: Mapping[Nest, str]) -> str:
    """All phases in order; threads meet between them."""
    out = Lines()
    kind = "int" if routine.name == "train" else "void"
    name = "train_update" if routine.name == "train" else f"{routine.name}_all"
    waits = "loss" in routine.outputs
    if routine.name == "train":
        out.add("/* One update; 0 if the loss is no number: then nothing was updated. */")
    with out.block(f"static {kind} {name}(const struct tensors *t, struct call *c, int rank, int threads)"):
        out.add("index_t begin, end;")
        for k, phase in enumerate(routine.phases):
            if k:
                out.add("ll_meet(c, threads);")
            if waits and any("loss" in n.outputs for p in routine.phases[:k] for n in p.nests):
                out.add("if (!ll_finite(t->loss[0])) return 0;")
                waits = False
            _phase(out, phase, names)
        if routine.name == "train":
            if waits:
                out.add("ll_meet(c, threads);", "if (!ll_finite(t->loss[0])) return 0;")
            out.add("return 1;")
        elif len(routine.phases) < 2:
            out.add("(void)c;")
    return "\n".join(out.lines)


def _phase(out: Lines, phase: Phase, names: Mapping[Nest, str]) -> None:
    share = None
    for nest in phase.nests:
        call = names[nest]
        if nest.split is None:
            out.add(f"if (rank == 0) {call}(t);")
            continue
        size, grain = nest.sizes[nest.split], _grain(nest)
        count = "t->rows" if size == ROWS else str(size)
        if share != (count, grain):
            share = (count, grain)
            out.add(f"ll_share({count}, {grain}, rank, threads, &begin, &end);")
        out.add(f"{call}(t, begin, end);")


def _grain(nest: Nest) -> int:
    """Threads take whole registers, and rows in steps of 16: no two of them share a vector."""
    if nest.over_rows or nest.blocked:
        return 16
    if nest.split == nest.vector:
        return max(16, nest.lanes)
    return nest.height if nest.split == nest.tile else 1
